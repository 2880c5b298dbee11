package io.trayb.redis;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is and how to sign in. Immutable; its text form never shows the password.
 *
 * @param hosts the server, or the Sentinels that know where it is
 * @param master the name by which the Sentinels know the primary; null without Sentinels
 * @param tls whether the connection is encrypted
 * @param user null for the default user
 * @param password null when there is none
 * @param database 0 to 15 unless the server is set up otherwise
 */
public record RedisUrl(
        List<HostAndPort> hosts,
        @Nullable String master,
        boolean tls,
        @Nullable String user,
        @Nullable String password,
        int database) {
    private static final Pattern MASTER = Pattern.compile("[A-Za-z0-9._-]+");

    public RedisUrl {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("Redis URL: the host is missing, write redis://host:6379");
        }
        if (master == null && hosts.size() > 1) {
            throw new IllegalArgumentException(
                    "Redis URL: several hosts are for Sentinel only, write redis+sentinel://host1,host2/master");
        }
        if (master != null && !MASTER.matcher(master).matches()) {
            throw new IllegalArgumentException(
                    "Redis URL: the master's name is '" + master + "', allowed are letters, digits, '.', '_' and '-'");
        }
        if (database < 0 || database > 1023) {
            throw new IllegalArgumentException("Redis URL: the database is " + database + ", allowed is 0 to 1023");
        }
    }

    /**
     * Reads {@code redis://user:password@host:6379/0}, {@code rediss://…} with TLS, or {@code
     * redis+sentinel://user:password@host1:26379,host2/master/0}; {@code rediss+sentinel} for TLS.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong; it never repeats the password
     */
    @JsonCreator
    public static RedisUrl parse(String text) {
        return new RedisUrlParser(text).parse();
    }

    /** Whether Sentinels are asked where the primary is. */
    public boolean sentinel() {
        return master != null;
    }

    /** The primary's name; there is one exactly when {@link #sentinel()}. */
    String requireMaster() {
        return Objects.requireNonNull(master, "master");
    }

    /** The URL as people write it, with the password masked. */
    @Override
    public String toString() {
        String credentials = password == null ? "" : Optional.ofNullable(user).orElse("") + ":***@";
        String places = hosts.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
        return (tls ? "rediss" : "redis") + (master == null ? "" : "+sentinel") + "://" + credentials + places + "/"
                + (master == null ? "" : master + "/") + database;
    }
}
