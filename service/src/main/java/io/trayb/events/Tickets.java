package io.trayb.events;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/**
 * Issues tickets and takes them back, once each. They lie in Redis, so that any node takes what another one issued, under a hash:
 * whoever reads Redis can't use them. A Redis that is emptied takes them along, and who held one fetches another.
 *
 * <p>Thread-safe. All calls wait for Redis and throw what Jedis throws when it is out of reach.
 */
final class Tickets {
    /** As the HTTP contract has it: long enough for a page to connect, too short to be worth stealing from a log. */
    static final Duration LIFETIME = Duration.ofSeconds(60);

    private static final String KEY_PREFIX = "{trayb}:ticket:";

    /** 192 bits: nobody guesses one. */
    private static final int RANDOM_BYTES = 24;

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{32}");

    private final UnifiedJedis client;
    private final SecureRandom random;
    private final InstantSource clock;

    Tickets(UnifiedJedis client, SecureRandom random, InstantSource clock) {
        this.client = Objects.requireNonNull(client, "client");
        this.random = Objects.requireNonNull(random, "random");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * A ticket that was issued.
     *
     * @param ticket what the browser sends; a secret
     * @param expiresAt when it is of no use any more, by this process's clock
     */
    record Issued(String ticket, Instant expiresAt) {}

    Issued issue(Ticket ticket) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant expiresAt = clock.instant().plus(LIFETIME);
        // Neither a key's name nor a topic has a line break in it.
        String value = ticket.holder() + "\n" + String.join("\n", ticket.topics());
        client.set(key(text), value, SetParams.setParams().px(LIFETIME.toMillis()));
        return new Issued(text, expiresAt);
    }

    /** What a ticket is good for, if it is; it stays so. */
    Optional<Ticket> look(String text) {
        return hasForm(text) ? read(client.get(key(text))) : Optional.empty();
    }

    /** What a ticket is good for, if it is; it is good for nothing from then on. */
    Optional<Ticket> redeem(String text) {
        return hasForm(text) ? read(client.getDel(key(text))) : Optional.empty();
    }

    private static Optional<Ticket> read(@Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        List<String> lines = List.of(value.split("\n", -1));
        return Optional.of(new Ticket(lines.get(0), Set.copyOf(lines.subList(1, lines.size()))));
    }

    /** Whether a ticket of ours could look like this; nobody is asked about anything else. */
    static boolean hasForm(String text) {
        return FORM.matcher(text).matches();
    }

    private static String key(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
            return KEY_PREFIX + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
