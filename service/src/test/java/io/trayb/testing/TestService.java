package io.trayb.testing;

import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.trayb.TraybApplication;
import io.trayb.TraybConfiguration;
import io.trayb.database.DatabaseUrl;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The whole service in this JVM, from the shipped config.yml, on ports of its own. */
public final class TestService implements AutoCloseable {
    private final DropwizardTestSupport<TraybConfiguration> running;

    private TestService(DropwizardTestSupport<TraybConfiguration> running) {
        this.running = running;
    }

    /**
     * Starts it.
     *
     * @param variables its environment; needs {@code DATA_DIR}
     * @param overrides keys of the configuration
     */
    public static TestService start(Map<String, String> variables, ConfigOverride... overrides) throws Exception {
        return start("../config.yml", variables, overrides);
    }

    /** The same from another file. */
    public static TestService start(String file, Map<String, String> variables, ConfigOverride... overrides)
            throws Exception {
        Map<String, String> all = new TreeMap<>(Map.of("PORT", "0", "ADMIN_PORT", "0", "LOG_LEVEL", "WARN"));
        all.putAll(variables);
        DropwizardTestSupport<TraybConfiguration> support =
                new DropwizardTestSupport<>(TraybApplication.class, file, overrides) {
                    @Override
                    public Application<TraybConfiguration> newApplication() {
                        return new TraybApplication(all);
                    }
                };
        support.before();
        return new TestService(support);
    }

    /** The variables for engines that run elsewhere. */
    public static Map<String, String> outside(DatabaseUrl database, int redisPort, Path dataDir) {
        String password = database.password() == null ? "" : ":" + database.password();
        return Map.of(
                "DATABASE_URL",
                        "postgresql://" + database.user() + password + "@" + database.hosts() + "/"
                                + database.database(),
                "REDIS_URL", "redis://127.0.0.1:" + redisPort,
                "DATA_DIR", dataDir.toString());
    }

    public int port() {
        return running.getLocalPort();
    }

    public int adminPort() {
        return running.getAdminPort();
    }

    /** What it is made of. */
    public Environment environment() {
        return running.getEnvironment();
    }

    public ServiceClient client() {
        return new ServiceClient(port());
    }

    @Override
    public void close() {
        running.after();
    }
}
