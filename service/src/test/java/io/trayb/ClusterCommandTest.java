package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.jetty.HttpConnectorFactory;
import io.dropwizard.jetty.HttpsConnectorFactory;
import org.junit.jupiter.api.Test;

class ClusterCommandTest {
    @Test
    void an_admin_port_with_tls_is_refused_since_the_supervisor_asks_without() {
        assertThatThrownBy(() -> ClusterCommand.admin(new HttpsConnectorFactory()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the first of server.adminConnectors is of the type https, must be http:");
        HttpConnectorFactory http = new HttpConnectorFactory();
        assertThat(ClusterCommand.admin(http)).isSameAs(http);
    }
}
