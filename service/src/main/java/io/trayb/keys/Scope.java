package io.trayb.keys;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a key may be used for; each call of the API needs one. */
public enum Scope {
    /** Submits and cancels jobs. */
    SUBMIT,
    /** Reads jobs, queues and schedules, and follows events. */
    READ,
    /** Leases jobs and says what became of them. */
    WORK,
    /** Pauses, limits, retries, replays; schedules; keys. */
    OPERATE;

    /** All of them, for sentences. */
    public static final String ALLOWED =
            Arrays.stream(values()).map(Scope::wireName).collect(Collectors.joining(", "));

    /** As clients write it, such as {@code submit}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scope of that name, if there is one. */
    public static Optional<Scope> find(String wireName) {
        return Arrays.stream(values())
                .filter(scope -> scope.wireName().equals(wireName))
                .findFirst();
    }

    /** An unmodifiable copy in the order of the constants. */
    public static Set<Scope> copyOf(Collection<Scope> scopes) {
        Set<Scope> copy = EnumSet.noneOf(Scope.class);
        copy.addAll(scopes);
        return Collections.unmodifiableSet(copy);
    }

    /** Their names in the order of the constants. */
    public static List<String> wireNames(Collection<Scope> scopes) {
        return copyOf(scopes).stream().map(Scope::wireName).toList();
    }
}
