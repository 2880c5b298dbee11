package io.trayb.keys.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.trayb.http.ValidationErrors;
import io.trayb.keys.ApiKey;
import io.trayb.keys.NewKey;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.RateLimit;
import io.trayb.keys.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /api/v1/keys}, as it was sent. */
record KeyRequest(
        @JsonProperty("name") @Nullable String name,
        @JsonProperty("scopes") @Nullable List<@Nullable String> scopes,
        @JsonProperty("queues") @Nullable String queues,
        @JsonProperty("rate") @Nullable String rate,
        @JsonProperty("expiresAt") @Nullable Instant expiresAt) {
    static final int MOST_SCOPES = 20;
    private static final Duration FURTHEST = Duration.ofDays(36_525);

    /**
     * What is asked for.
     *
     * @throws io.trayb.http.ProblemException 400 with everything that is wrong
     */
    NewKey read(String by, Instant now) {
        ValidationErrors errors = new ValidationErrors();
        errors.check(
                name != null && ApiKey.NAME.matcher(name).matches() && !name.equals(ApiKey.LOCAL),
                "name",
                name,
                "must match " + ApiKey.NAME.pattern() + " and not be " + ApiKey.LOCAL);
        Set<Scope> wanted = scopes(errors);
        String pattern = queues == null ? "*" : queues;
        errors.check(QueuePattern.isValid(pattern), "queues", queues, "must be " + QueuePattern.ALLOWED);
        RateLimit limit = rate == null ? null : RateLimit.parse(rate).orElse(null);
        errors.check(rate == null || limit != null, "rate", rate, "must be " + RateLimit.ALLOWED);
        errors.check(
                expiresAt == null || (expiresAt.isAfter(now) && expiresAt.isBefore(now.plus(FURTHEST))),
                "expiresAt",
                expiresAt,
                "must be to come, and at most a hundred years away");
        errors.throwIfAny();
        return new NewKey(String.valueOf(name), wanted, new QueuePattern(pattern), limit, expiresAt, by);
    }

    private Set<Scope> scopes(ValidationErrors errors) {
        Set<Scope> wanted = EnumSet.noneOf(Scope.class);
        if (scopes == null || scopes.isEmpty() || scopes.size() > MOST_SCOPES) {
            errors.add("scopes", scopes, "must be an array of one or more of " + Scope.ALLOWED);
            return wanted;
        }
        for (int i = 0; i < scopes.size(); i++) {
            String name = scopes.get(i);
            Scope scope = name == null ? null : Scope.find(name).orElse(null);
            if (scope == null) {
                errors.add("scopes[" + i + "]", name, "must be one of " + Scope.ALLOWED);
            } else {
                wanted.add(scope);
            }
        }
        return wanted;
    }
}
