package io.trayb;

import java.util.Arrays;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;

/** Where a started server is really reached, port 0 resolved. */
final class BoundAddress {
    static final String APPLICATION = "application";
    static final String ADMIN = "admin";

    private BoundAddress() {}

    /** Such as {@code http://127.0.0.1:8080}, without a slash at its end. */
    static String of(Server server, String name) {
        NetworkConnector connector = connector(server, name);
        String host = connector.getHost();
        boolean bare = host.contains(":") && !host.startsWith("[");
        // Not by the factory's class: Dropwizard wraps each of them.
        boolean encrypted = connector.getProtocols().stream().anyMatch("ssl"::equalsIgnoreCase);
        return (encrypted ? "https://" : "http://") + (bare ? "[" + host + "]" : host) + ":" + connector.getLocalPort();
    }

    static int port(Server server, String name) {
        return connector(server, name).getLocalPort();
    }

    private static NetworkConnector connector(Server server, String name) {
        return Arrays.stream(server.getConnectors())
                .filter(connector -> name.equals(connector.getName()))
                .filter(NetworkConnector.class::isInstance)
                .map(NetworkConnector.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the server has no connector named " + name));
    }
}
