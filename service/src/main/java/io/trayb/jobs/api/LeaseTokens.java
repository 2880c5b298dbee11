package io.trayb.jobs.api;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fencing tokens on the wire: opaque to clients, the lease id inside. */
final class LeaseTokens {
    static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern OURS = Pattern.compile("lease-[0-9]{1,18}");
    private static final String PREFIX = "lease-";
    /** No lease has this id: a token of another shape is nobody's. */
    private static final long NOBODY = -1;

    private LeaseTokens() {}

    static String of(long leaseId) {
        return PREFIX + leaseId;
    }

    static long leaseId(@Nullable String token) {
        return token != null && OURS.matcher(token).matches()
                ? Long.parseLong(token.substring(PREFIX.length()))
                : NOBODY;
    }
}
