package io.trayb.events;

import java.util.List;
import java.util.Objects;

/**
 * One change of one job, as subscribers see it. Immutable.
 *
 * @param name the event's name on the wire, such as {@code job.completed}
 * @param jobId the job that changed
 * @param queue the queue that the job is on
 * @param data one line of JSON: {@code jobId}, {@code queue}, {@code type}, {@code at} and what the event adds to these
 */
public record Event(String name, String jobId, String queue, String data) {
    public Event {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(queue, "queue");
        Objects.requireNonNull(data, "data");
        if (data.indexOf('\n') >= 0 || data.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("data of " + name + " must be one line of JSON, but has a line break");
        }
    }

    /** The topics that this event is on: its job, its queue, and all jobs. */
    public List<String> topics() {
        return List.of("job:" + jobId, "queue:" + queue, "jobs");
    }
}
