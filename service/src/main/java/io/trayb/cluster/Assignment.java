package io.trayb.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the supervisor tells a process that it starts, as a line of JSON on its standard input: there nobody else reads it, unlike a
 * command line.
 *
 * @param name what it is called, such as {@code api-2}
 * @param roles its roles, as the configuration writes them
 * @param ports the shared ports, in the order of the configuration's application connectors
 * @param databaseUrl the embedded Postgres that all share; null if the configuration names one
 * @param redisUrl the embedded Redis that all share; null if the configuration names one
 * @param directory where it notes which ports it has
 */
public record Assignment(
        String name,
        List<String> roles,
        List<Integer> ports,
        @Nullable String databaseUrl,
        @Nullable String redisUrl,
        String directory) {
    public Assignment {
        roles = List.copyOf(roles);
        ports = List.copyOf(ports);
    }

    /** Without the URLs, which have passwords in them. */
    @Override
    public String toString() {
        return name + " (" + String.join(", ", roles) + ")";
    }
}
