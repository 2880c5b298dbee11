package io.trayb.keys;

import io.trayb.http.FieldError;
import io.trayb.http.Problem;
import io.trayb.http.ProblemException;
import io.trayb.monitoring.catalog.RefusedRequests.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why somebody isn't let in, as RFC 6750 has it: section 3 for the header, 3.1 for the errors. None of them repeats a key. */
public final class Refusals {
    private static final String REALM = "Bearer realm=\"trayb\"";

    private Refusals() {}

    /** 401: the request brought no key. */
    public static ProblemException noKey() {
        return ProblemException.of(401, "This call needs an API key: send Authorization: Bearer followed by the key")
                .withHeader("WWW-Authenticate", REALM)
                .because(Reason.NO_KEY);
    }

    /**
     * 401: the request brought something, and it isn't a key that is good now.
     *
     * @param why a sentence about the key, without quotes in it
     */
    public static ProblemException badKey(String why) {
        return ProblemException.of(401, why)
                .withHeader("WWW-Authenticate", REALM + ", error=\"invalid_token\", error_description=\"" + why + "\"")
                .because(Reason.BAD_KEY);
    }

    /** 403: the key isn't for this. */
    public static ProblemException missingScope(Scope scope, String holder) {
        return ProblemException.of(
                        403,
                        "This call needs a key with the scope " + scope.wireName() + ", which '" + holder + "' hasn't")
                .withHeader(
                        "WWW-Authenticate",
                        REALM + ", error=\"insufficient_scope\", scope=\"" + scope.wireName() + "\"")
                .because(Reason.SCOPE);
    }

    /** 403: the call concerns every queue, and the key is for some of them. */
    static ProblemException notAllQueues(QueuePattern seen) {
        return ProblemException.of(
                        403, "This call concerns all queues, and this key is for the queues " + seen + " only")
                .because(Reason.QUEUE);
    }

    /** 403: the key isn't for this queue. */
    static ProblemException otherQueue(String field, @Nullable String queue, QueuePattern seen) {
        String message = "must be one that the key can see: " + seen;
        return new ProblemException(Problem.of(
                        403,
                        "This key is for the queues " + seen + " only",
                        List.of(new FieldError(field, queue, message))))
                .because(Reason.QUEUE);
    }
}
