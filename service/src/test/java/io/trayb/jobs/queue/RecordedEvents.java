package io.trayb.jobs.queue;

import io.trayb.events.Event;
import io.trayb.events.EventSink;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was published, in order. Thread-safe. */
public final class RecordedEvents implements EventSink {
    private final List<Event> events = new CopyOnWriteArrayList<>();

    @Override
    public void publish(List<Event> published) {
        events.addAll(published);
    }

    /** The names of one job's events, in order. */
    public List<String> namesOf(UUID jobId) {
        return of(jobId).stream().map(Event::name).toList();
    }

    /** Everything, in order. */
    public List<Event> all() {
        return List.copyOf(events);
    }

    public List<Event> of(UUID jobId) {
        return events.stream()
                .filter(event -> event.jobId().equals(jobId.toString()))
                .toList();
    }
}
