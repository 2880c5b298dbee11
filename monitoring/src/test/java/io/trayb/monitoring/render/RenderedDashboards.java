package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import io.trayb.monitoring.lint.Lint;
import java.util.Map;

/** What {@link Artifacts} does, for dashboards alone and without the fingerprint: a hundredth of the time. */
public final class RenderedDashboards {
    private RenderedDashboards() {}

    /** By the path. */
    public static Map<String, String> of(Catalog catalog) {
        Lint.require(catalog);
        return new DashboardFiles().render(catalog);
    }
}
