package io.trayb.metrics;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the service knows of what watches it ({@code monitoring} in {@code config.yml}).
 *
 * @param prometheusUrl where the rules are loaded; null compares nothing
 */
public record MonitoringConfiguration(@Nullable URI prometheusUrl) {
    public static final MonitoringConfiguration DEFAULT = new MonitoringConfiguration(null);

    public MonitoringConfiguration(@JsonProperty("prometheusUrl") @Nullable URI prometheusUrl) {
        this.prometheusUrl = prometheusUrl;
        if (prometheusUrl != null && (!prometheusUrl.isAbsolute() || prometheusUrl.getHost() == null)) {
            throw new IllegalArgumentException("monitoring.prometheusUrl (PROMETHEUS_URL) is '" + prometheusUrl
                    + "', but must be an address such as http://127.0.0.1:9090");
        }
    }
}
