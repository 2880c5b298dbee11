package io.trayb.http;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.tomcat.jdbc.pool.PoolExhaustedException;
import org.jdbi.v3.core.ConnectionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.InvalidURIException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisValidationException;

/**
 * Recognises that what failed is not the request but something that it needs, which comes back by itself; and whether that
 * something can have done what it was asked for. A client that hears "nothing was done" may simply repeat itself, so it is said
 * only where it is certain.
 */
final class Outages {
    private static final Logger LOGGER = LoggerFactory.getLogger(Outages.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private static final String NOTHING_DONE = "nothing was changed, try again";
    private static final String UNKNOWN =
            "whether this was still done is not known: read what is there now, or repeat it. A"
                    + " submission that carries an Idempotency-Key is never done twice";

    /**
     * Refusals that pass, of a connection (starting: 57P03, none left: 53300) or of a statement, which Postgres then rolled
     * back (no disk: 53100, no memory: 53200, a standby: 25006, broken off for another transaction: 40001, 40P01).
     * PostgreSQL's manual, appendix A.
     */
    private static final Set<String> REFUSED = Set.of("57P03", "53300", "53100", "53200", "25006", "40001", "40P01");

    /** transaction_resolution_unknown, which a commit gets that a synchronous standby may not have. */
    private static final String UNCONFIRMED = "08007";

    /** The connection failed (08), or the server ended it (57P, at its stop or after a crash), be it amid a commit. */
    private static final List<String> LOST = List.of("08", "57P");

    /** What Redis answers to a mistake of ours: a wrong command, a script that fails, a value of another type. */
    private static final List<String> MISTAKES = List.of("ERR ", "WRONGTYPE ");

    /** What begins like a mistake and is none: no connection left, or a refusal of a script's command by Redis 6. */
    private static final Pattern REFUSED_BY_REDIS = Pattern.compile("^ERR max number of clients"
            + "|^ERR Error running script.* -(?:OOM|READONLY|MISCONF|NOREPLICAS|MASTERDOWN) ");

    private Outages() {}

    static Optional<ProblemException> of(Throwable thrown) {
        boolean unconnected = Causes.of(thrown).anyMatch(ConnectionException.class::isInstance);
        return Causes.of(thrown)
                .map(cause -> recognise(cause, unconnected))
                .flatMap(Optional::stream)
                .findFirst()
                .map(sentence -> {
                    LOGGER.warn("A request got 503: {} ({})", sentence, thrown.toString());
                    return ProblemException.unavailable(sentence, RETRY_AFTER, thrown);
                });
    }

    private static Optional<String> recognise(Throwable cause, boolean unconnected) {
        if (cause instanceof SQLException sql) {
            return postgres(sql, unconnected);
        }
        if (cause instanceof JedisException jedis) {
            return redis(jedis);
        }
        return Optional.empty();
    }

    private static Optional<String> redis(JedisException jedis) {
        if (jedis instanceof JedisValidationException
                || jedis instanceof InvalidURIException
                || jedis instanceof JedisNoScriptException) {
            return Optional.empty();
        }
        if (!(jedis instanceof JedisDataException)) {
            // No connection, none free, or one that broke off.
            return Optional.of("Redis is out of reach; try again");
        }
        // Loading, full, a replica, without its own replicas or its disk, locked: all of them pass, or are put right.
        String answer = String.valueOf(jedis.getMessage());
        boolean mistake = MISTAKES.stream().anyMatch(answer::startsWith)
                && !REFUSED_BY_REDIS.matcher(answer).find();
        return mistake ? Optional.empty() : Optional.of("Redis can't take this at the moment; try again");
    }

    private static Optional<String> postgres(SQLException sql, boolean unconnected) {
        String state = sql.getSQLState() == null ? "" : sql.getSQLState();
        if (sql instanceof PoolExhaustedException) {
            return Optional.of("All connections to Postgres are in use; " + NOTHING_DONE);
        }
        if (REFUSED.contains(state)) {
            return Optional.of("Postgres can't take this at the moment; " + NOTHING_DONE);
        }
        if (UNCONFIRMED.equals(state)) {
            return Optional.of("Postgres has done this, but its standby may not have it yet; " + UNKNOWN);
        }
        // What the pool says of a connection that it opened, and that broke before it was lent, has no state.
        boolean lost = (unconnected && state.isEmpty())
                || sql instanceof SQLTransientConnectionException
                || sql.getCause() instanceof SocketTimeoutException
                || LOST.stream().anyMatch(state::startsWith);
        if (!lost) {
            return Optional.empty();
        }
        return Optional.of(
                unconnected
                        ? "Postgres is out of reach; " + NOTHING_DONE
                        : "The connection to Postgres was lost; " + UNKNOWN);
    }
}
