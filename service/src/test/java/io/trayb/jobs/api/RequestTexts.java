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
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.worker.WaitingWorkers;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    /** The body of a batch: what of it is good alone is good in it, and the other way round. */
    public static void batch(byte[] body) {
        read(body, json -> {
            List<JobSubmission> jobs = BatchResource.read(json, JOBS);
            Promise.that(!jobs.isEmpty() && jobs.size() <= BatchResource.MAX_BATCH, "is 1 to 1000 jobs");
            for (int i = 0; i < jobs.size(); i++) {
                ValidationErrors errors = new ValidationErrors();
                JobSubmission alone = JOBS.read(json == null ? null : json.at("/jobs/" + i), "", errors);
                Promise.that(errors.isEmpty() && jobs.get(i).equals(alone), "is read as if it were alone");
            }
        });
    }

    /** The body with which a worker asks for jobs. */
    public static void lease(byte[] body) {
        read(body, json -> {
            WaitingWorkers.Request request = LeaseResource.read("mail", json, () -> true);
            Promise.that(request.limit() >= 1 && request.limit() <= LeaseResource.MAX_LIMIT, "asks for 1 to 500 jobs");
            Promise.that(request.patience().toMillis() <= LeaseResource.MAX_WAIT_MS, "doesn't wait too long");
            Promise.that(
                    request.worker().chars().allMatch(c -> c >= ' ' && c < 0x7f), "has a name that begins no line");
            Promise.that(
                    request.types().stream()
                            .allMatch(type -> JobSubmission.TYPE.matcher(type).matches()),
                    "names types that there may be");
        });
    }

    /** The bodies in which a worker says how it goes. */
    public static void held(byte[] body) {
        read(body, json -> {
            WorkerRequests.Heartbeat beat = WorkerRequests.Heartbeat.read(json);
            Promise.that(beat.leaseId() >= -1, "is of a lease or nobody's");
            Promise.that(beat.lease().toSeconds() >= 1 && beat.lease().toHours() <= 1, "has a lease of its bounds");
            Promise.that(beat.progress() == null || (beat.progress() >= 0 && beat.progress() <= 100), "is a share");
            Promise.that(beat.log() == null || isStorable(beat.log()), "has a log that can be kept");
        });
        read(body, json -> {
            String result = WorkerRequests.Completion.read(json).result();
            Promise.that(result == null || !Payloads.hasUnstorableText(result), "has a result that can be kept");
        });
        read(body, json -> {
            String error = JobError.storable(WorkerRequests.Failure.read(json).error());
            Promise.that(
                    isStorable(error) && error.length() <= JobError.MAX_MESSAGE_LENGTH,
                    "has an error that can be kept");
        });
    }

    /** Whether Postgres takes it: no U+0000, and nothing that UTF-8 can't say. */
    private static boolean isStorable(String text) {
        return text.indexOf(0) < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
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
