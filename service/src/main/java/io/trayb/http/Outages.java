package io.trayb.http;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.apache.tomcat.jdbc.pool.PoolExhaustedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Recognises that what failed is not the request but something that it needs, which comes back by itself. */
final class Outages {
    private static final Logger LOGGER = LoggerFactory.getLogger(Outages.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    /**
     * States that pass: the server stops or starts (57P01 to 57P03), has no connection left (53300), no disk (53100), no
     * memory (53200), is a standby (25006), or broke off one of two transactions (40001, 40P01). PostgreSQL, appendix A.
     */
    private static final Set<String> PASSING =
            Set.of("57P01", "57P02", "57P03", "53300", "53100", "53200", "25006", "40001", "40P01");

    private Outages() {}

    static Optional<ProblemException> of(Throwable thrown) {
        return Causes.of(thrown)
                .map(Outages::recognise)
                .flatMap(Optional::stream)
                .findFirst()
                .map(what -> {
                    LOGGER.warn("A request got 503: {} ({})", what, thrown.toString());
                    return ProblemException.unavailable(what + "; nothing was changed, try again", RETRY_AFTER, thrown);
                });
    }

    private static Optional<String> recognise(Throwable cause) {
        if (cause instanceof SQLException sql) {
            return postgres(sql);
        }
        if (cause instanceof JedisConnectionException) {
            return Optional.of("Redis is out of reach");
        }
        return Optional.empty();
    }

    private static Optional<String> postgres(SQLException sql) {
        if (sql instanceof PoolExhaustedException) {
            return Optional.of("All connections to Postgres are in use");
        }
        String state = sql.getSQLState();
        if (sql instanceof SQLTransientConnectionException
                || sql.getCause() instanceof SocketTimeoutException
                || (state != null && state.startsWith("08"))) {
            return Optional.of("Postgres is out of reach");
        }
        return state != null && PASSING.contains(state)
                ? Optional.of("Postgres can't take this at the moment")
                : Optional.empty();
    }
}
