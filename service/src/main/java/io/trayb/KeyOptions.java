package io.trayb;

import io.trayb.keys.ApiKey;
import io.trayb.keys.NewKey;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.RateLimit;
import io.trayb.keys.Scope;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the options of {@code keys create}. Says at once all that is wrong with them. */
final class KeyOptions {
    private final InstantSource clock;

    KeyOptions(InstantSource clock) {
        this.clock = clock;
    }

    /** @throws KeysCommand.Refused naming each option that is wrong, its value and what is allowed */
    NewKey read(String name, String scopes, String queues, @Nullable String expires, @Nullable String rate, String by) {
        List<String> wrong = new ArrayList<>();
        if (!ApiKey.NAME.matcher(name).matches() || name.equals(ApiKey.LOCAL)) {
            wrong.add("--name is '" + name + "', allowed is 1 to 64 of a-z, 0-9 and -, not beginning with - and not "
                    + ApiKey.LOCAL);
        }
        Set<Scope> wanted = EnumSet.noneOf(Scope.class);
        for (String scope : scopes.split(",", -1)) {
            Scope.find(scope.strip())
                    .ifPresentOrElse(
                            wanted::add,
                            () -> wrong.add("--scopes has '" + scope.strip() + "', allowed are " + Scope.ALLOWED
                                    + ", with commas between them"));
        }
        if (!QueuePattern.isValid(queues)) {
            wrong.add("--queues is '" + queues + "', allowed is " + QueuePattern.ALLOWED);
        }
        RateLimit limit = rate == null ? null : RateLimit.parse(rate).orElse(null);
        if (rate != null && limit == null) {
            wrong.add("--rate is '" + rate + "', allowed is " + RateLimit.ALLOWED);
        }
        Instant expiresAt =
                expires == null ? null : Expiry.parse(expires, clock.instant()).orElse(null);
        if (expires != null && expiresAt == null) {
            wrong.add("--expires is '" + expires + "', allowed is " + Expiry.ALLOWED);
        }
        if (!wrong.isEmpty()) {
            throw new KeysCommand.Refused(String.join("; ", wrong));
        }
        return new NewKey(Objects.requireNonNull(name), wanted, new QueuePattern(queues), limit, expiresAt, by);
    }
}
