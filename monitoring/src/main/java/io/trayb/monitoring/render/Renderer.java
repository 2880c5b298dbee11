package io.trayb.monitoring.render;

import io.trayb.monitoring.Catalog;
import java.util.Map;

/** Makes one kind of generated file. */
@FunctionalInterface
interface Renderer {
    /**
     * The files, by their path below the repository's root, with slashes. Where the fingerprint belongs they hold
     * {@link Catalog#FINGERPRINT}.
     */
    Map<String, String> render(Catalog catalog);
}
