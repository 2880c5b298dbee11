package io.trayb.hostile;

import org.jspecify.annotations.Nullable;

/**
 * A request in which one thing is wrong.
 *
 * @param what is wrong, for messages
 * @param field that the refusal must name, with its path; null if what is wrong is no field
 */
record BentRequest(
        DescribedRequest request, String what, @Nullable String field) {
    /** Whether a refusal's field is the one that is wrong, or something within it. */
    boolean isNamedBy(String refused) {
        return field == null || refused.startsWith(field);
    }
}
