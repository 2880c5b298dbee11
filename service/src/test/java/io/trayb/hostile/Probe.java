package io.trayb.hostile;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request in which one thing is at a limit, or wrong.
 *
 * @param what that is, for messages
 * @param taken whether it is allowed
 * @param field that the refusal must name, with its path; null if what is wrong is no field
 * @param known the fields that there are, if the refusal must say so; else empty
 */
record Probe(
        DescribedRequest request,
        String what,
        boolean taken,
        @Nullable String field,
        Set<String> known) {
    Probe {
        known = Set.copyOf(known);
    }

    static Probe allowed(DescribedRequest request, String what) {
        return new Probe(request, what, true, null, Set.of());
    }

    static Probe wrong(DescribedRequest request, String what, @Nullable String field) {
        return new Probe(request, what, false, field, Set.of());
    }

    /** Whether a refusal's field is the one that is wrong, or something within it. */
    boolean isNamedBy(String refused) {
        return field == null || refused.startsWith(field);
    }
}
