package io.trayb.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.http.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * What many calls refuse for the same reasons, so that no operation has to say it. Immutable.
 *
 * @param component what it is called among the document's components
 * @param headers those of the answer, with what they say
 * @param applies which calls may be refused so
 */
record CommonRefusal(
        int status,
        String component,
        String description,
        Map<String, String> headers,
        BiPredicate<Call, Operation> applies) {
    static final List<CommonRefusal> ALL = List.of(
            new CommonRefusal(
                    400,
                    "Invalid",
                    "The request isn't as it should be; `errors` names each field.",
                    Map.of(),
                    (call, operation) -> call.bodyLimit() > 0
                            || operation.arguments().stream()
                                    .anyMatch(argument -> argument.place() != Operation.Place.PATH)),
            new CommonRefusal(
                    401,
                    "Unauthorized",
                    "There is no key, or it is mistyped, unknown, expired or revoked; `detail` says which.",
                    Map.of("WWW-Authenticate", "As RFC 6750 has it."),
                    (call, operation) -> isOfTheApi(call)),
            new CommonRefusal(
                    403,
                    "Forbidden",
                    "The key isn't good for this call or this queue. As long as there are no keys: the request was sent by a web page from"
                            + " elsewhere, or isn't addressed to this machine's loopback.",
                    Map.of(),
                    (call, operation) -> true),
            new CommonRefusal(
                    406,
                    "NotAcceptable",
                    "The call can't answer in a type that `Accept` allows.",
                    Map.of(),
                    (call, operation) -> isOfTheApi(call)),
            new CommonRefusal(
                    408, "TooSlow", "The body came too slowly.", Map.of(), (call, operation) -> call.bodyLimit() > 0),
            new CommonRefusal(
                    413,
                    "TooLarge",
                    "The body, or a value in it, is larger than the call takes.",
                    Map.of(),
                    (call, operation) -> call.bodyLimit() > 0),
            new CommonRefusal(
                    415,
                    "UnsupportedMediaType",
                    "The body isn't `application/json`.",
                    Map.of(),
                    (call, operation) -> call.bodyLimit() > 0),
            new CommonRefusal(
                    421,
                    "Misdirected",
                    "This process hasn't the role that the call needs; another one has it.",
                    Map.of(),
                    (call, operation) -> isOfTheApi(call)),
            new CommonRefusal(
                    429,
                    "TooManyRequests",
                    "The key has made as many requests as its rate limit allows, or has as many streams and polls open as one key may.",
                    Map.of(
                            "Retry-After", "When to come back, in seconds.",
                            "RateLimit", "How many requests are left, of a key with a rate limit.",
                            "RateLimit-Policy", "How many there may be, of a key with a rate limit."),
                    (call, operation) -> isOfTheApi(call)),
            new CommonRefusal(
                    500,
                    "Failed",
                    "The service failed; its log has more under the error id in `detail`.",
                    Map.of(),
                    (call, operation) -> true),
            new CommonRefusal(
                    503,
                    "Unavailable",
                    "Something that the call needs is out of reach, or this node has more to do than it can. Nothing is half done; where the"
                            + " outcome isn't known, `detail` says so.",
                    Map.of("Retry-After", "When to come back, in seconds."),
                    (call, operation) -> isOfTheApi(call)));

    CommonRefusal {
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    private static boolean isOfTheApi(Call call) {
        return call.path().startsWith("/api/");
    }

    boolean appliesTo(Call call, Operation operation) {
        return applies.test(call, operation);
    }

    /** As an answer; the same for all calls. */
    Operation.Answer answer() {
        return new Operation.Answer(status, Problem.MEDIA_TYPE, Problems.PROBLEM, description, headers);
    }

    /** Written into an object of answers. */
    void referTo(ObjectNode answers) {
        answers.putObject(Integer.toString(status)).put("$ref", "#/components/responses/" + component);
    }
}
