package io.trayb.jobs.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.trayb.fuzz.Promise;
import io.trayb.http.BodyRequired;
import io.trayb.http.ExceptionProblems;
import io.trayb.http.FieldError;
import io.trayb.http.Problem;
import io.trayb.http.ProblemException;
import io.trayb.http.QueryParameters;
import io.trayb.http.StrictJson;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.JobSubmission;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a fuzzer asks of bodies and other texts of requests about jobs. */
public final class RequestTexts {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-28T02:30:00Z"));
    private static final JsonMapper JSON = StrictJson.newMapper();
    private static final ExceptionProblems PROBLEMS = new ExceptionProblems(() -> new UUID(0, 0));
    private static final SubmissionReader JOBS = new SubmissionReader(CLOCK);
    private static final ScheduleReader SCHEDULES = new ScheduleReader(CLOCK);

    private RequestTexts() {}

    /** The body of a submission. */
    public static void job(byte[] body) {
        read(body, json -> {
            ValidationErrors errors = new ValidationErrors();
            JobSubmission job = JOBS.read(json, "", errors);
            errors.throwIfAny();
            Promise.that(job != null, "is read or refused");
            if (job != null) {
                Promise.that(
                        CanonicalJson.digest(json).equals(CanonicalJson.digest(again(json.toString()))),
                        "is the same when it is sent again");
                Promise.that(
                        again(job.payload()).toString().equals(job.payload()),
                        "has a payload that comes back as it was sent");
                Promise.that(!Payloads.hasUnstorableText(job.payload()), "can be kept");
            }
        });
    }

    /** The body of a schedule. */
    public static void schedule(byte[] body) {
        read(body, json -> SCHEDULES.read(json, null));
    }

    /** The bodies of calls about queues. */
    public static void replay(byte[] body) {
        read(body, json -> ReplayRequest.read("mail", json));
        read(body, json -> LimitsRequest.read(json, new ValidationErrors()));
    }

    /** Ids, tokens and numbers. */
    public static void places(String text) {
        JobIds.read(text).ifPresent(id -> Promise.that(id.toString().equals(text), "is written as it was read"));
        Promise.that(LeaseTokens.leaseId(text) >= -1, "is a lease's or nobody's");
        ValidationErrors errors = new ValidationErrors();
        MultivaluedMap<String, String> query = new MultivaluedHashMap<>();
        query.putSingle("limit", text);
        int limit = QueryParameters.limit(query, errors);
        Promise.that(!errors.isEmpty() || (limit >= 1 && limit <= 500), "is in range or refused");
    }

    /** Whatever the body is, what comes of it is a request or a refusal that names what is wrong, and never a failure of ours. */
    public static void read(byte[] body, Consumer<@Nullable JsonNode> reader) {
        try {
            reader.accept(BodyRequired.bounded(() -> JSON.readTree(body)));
        } catch (ProblemException refused) {
            isRefusal(refused.problem());
        } catch (IOException e) {
            isRefusal(PROBLEMS.of(e).problem());
        }
    }

    private static void isRefusal(Problem problem) {
        Promise.that(problem.status() == 400 || problem.status() == 413, "is the client's mistake");
        List<FieldError> errors = problem.errors();
        Promise.that(
                errors.stream()
                        .noneMatch(error ->
                                error.field().isEmpty() && error.message().isEmpty()),
                "names what is wrong");
        try {
            Promise.that(JSON.writeValueAsBytes(problem).length > 0, "can be written");
        } catch (IOException e) {
            throw new AssertionError("a refusal that can't be written", e);
        }
    }

    private static JsonNode again(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError("what was written can't be read", e);
        }
    }
}
