package io.trayb.jobs.queue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.trayb.events.Event;
import io.trayb.http.Timestamps;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobError;
import io.trayb.jobs.JobState;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The events of a job, as the HTTP contract names them. */
final class JobEvents {
    /** Why a job came to wait. */
    enum Reason {
        SUBMITTED("submitted"),
        DUE("due"),
        RETRY("retry"),
        LEASE_LOST("lease-lost"),
        RETURNED("returned");

        private final String wireName;

        Reason(String wireName) {
            this.wireName = wireName;
        }
    }

    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static final JsonFactory JSON = new JsonFactory();

    private JobEvents() {}

    /** {@code job.waiting} or {@code job.delayed}, by the job's state. */
    static Event queued(Job job, Reason reason, Instant at) {
        String name = job.state() == JobState.DELAYED ? "job.delayed" : "job.waiting";
        JobError error = reason == Reason.RETRY && job.state() == JobState.DELAYED ? job.error() : null;
        return event(name, job, at, json -> {
            json.writeNumberField("attempt", job.attempt());
            json.writeStringField("runAt", Timestamps.format(job.runAt()));
            json.writeStringField("reason", reason.wireName);
            if (error != null) {
                writeError(json, error);
            }
        });
    }

    /** The first event of a job, whatever has become of it since. */
    static Event submitted(Job job) {
        String name = job.runAt().isAfter(job.createdAt()) ? "job.delayed" : "job.waiting";
        return event(name, job, job.createdAt(), json -> {
            json.writeNumberField("attempt", 0);
            json.writeStringField("runAt", Timestamps.format(job.runAt()));
            json.writeStringField("reason", Reason.SUBMITTED.wireName);
        });
    }

    static Event active(Job job, String worker) {
        return event("job.active", job, orCreated(job.startedAt(), job), json -> {
            json.writeNumberField("attempt", job.attempt());
            json.writeStringField("worker", worker);
        });
    }

    static Event progress(Job job, @Nullable Integer progress, @Nullable String log, Instant at) {
        return event("job.progress", job, at, json -> {
            json.writeNumberField("attempt", job.attempt());
            if (progress == null) {
                json.writeNullField("progress");
            } else {
                json.writeNumberField("progress", progress);
            }
            json.writeStringField("log", log);
        });
    }

    /** {@code job.completed}, {@code job.failed} or {@code job.cancelled}, by the job's state. */
    static Event finished(Job job) {
        Instant finishedAt = orCreated(job.finishedAt(), job);
        return event("job." + job.state().wireName(), job, finishedAt, json -> {
            JobError error = job.error();
            switch (job.state()) {
                case COMPLETED -> {
                    json.writeNumberField("attempt", job.attempt());
                    json.writeNumberField("durationMs", durationMs(job));
                }
                case FAILED -> {
                    json.writeNumberField("attempt", job.attempt());
                    if (error != null) {
                        writeError(json, error);
                    }
                }
                case CANCELLED -> json.writeNumberField("attempt", job.attempt());
                default -> throw new IllegalArgumentException("job " + job.id() + " is " + job.state());
            }
        });
    }

    /** From the start of the last attempt to the finish, in milliseconds; 0 if it never started. */
    static long durationMs(Job job) {
        Instant finishedAt = job.finishedAt();
        Instant startedAt = job.startedAt();
        return finishedAt == null || startedAt == null
                ? 0
                : Math.max(0, finishedAt.toEpochMilli() - startedAt.toEpochMilli());
    }

    private static void writeError(JsonGenerator json, JobError error) throws IOException {
        json.writeObjectFieldStart("error");
        json.writeStringField("message", error.message());
        json.writeNumberField("attempt", error.attempt());
        json.writeStringField("at", Timestamps.format(error.at()));
        json.writeEndObject();
    }

    private static Event event(String name, Job job, Instant at, Fields more) {
        String jobId = job.id().toString();
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("jobId", jobId);
            json.writeStringField("queue", job.queue());
            json.writeStringField("type", job.type());
            json.writeStringField("at", Timestamps.format(at));
            more.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter doesn't fail", e);
        }
        return new Event(name, jobId, job.queue(), text.toString());
    }

    private static Instant orCreated(@Nullable Instant time, Job job) {
        return time == null ? job.createdAt() : time;
    }
}
