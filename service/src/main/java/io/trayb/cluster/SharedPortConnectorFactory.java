package io.trayb.cluster;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Builds what another factory would build, but on a port that other processes have too. Dropwizard's own has no setting for that.
 */
public final class SharedPortConnectorFactory extends HttpConnectorFactory {
    private final HttpConnectorFactory original;

    private SharedPortConnectorFactory(HttpConnectorFactory original, int port) {
        this.original = original;
        original.setPort(port);
        setPort(port);
        setBindHost(original.getBindHost());
    }

    /** The same connectors, on these ports, in this order. */
    public static List<ConnectorFactory> share(List<ConnectorFactory> connectors, List<Integer> ports) {
        if (connectors.size() != ports.size()) {
            throw new IllegalStateException(
                    "there are " + connectors.size() + " application connectors and " + ports.size()
                            + " shared ports: the configuration file has changed since the supervisor read it; restart all of it");
        }
        List<ConnectorFactory> shared = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            shared.add(new SharedPortConnectorFactory((HttpConnectorFactory) connectors.get(i), ports.get(i)));
        }
        return shared;
    }

    /** The same connectors, each on a free port of its own. */
    public static List<ConnectorFactory> onFreePorts(List<ConnectorFactory> connectors) {
        connectors.stream().map(HttpConnectorFactory.class::cast).forEach(connector -> connector.setPort(0));
        return connectors;
    }

    @Override
    public Connector build(Server server, MetricRegistry metrics, String name, @Nullable ThreadPool threadPool) {
        ServerConnector alone = (ServerConnector) original.build(server, metrics, name, threadPool);
        return new SharedPortConnector(alone);
    }
}
