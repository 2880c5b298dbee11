package io.trayb.jobs.queue;

import io.trayb.events.Event;
import io.trayb.events.EventSink;
import io.trayb.jobs.Job;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells the world what has been committed: events to their log, counts to the metrics, wake-ups to this process's workers.
 * Thread-safe; nothing here blocks.
 */
public final class Announcer {
    private final EventSink events;
    private final JobObserver observer;
    private final List<WakeUps> wakeUps = new CopyOnWriteArrayList<>();
    private volatile Predicate<Event> freesRoom = event -> false;
    /**
     * Jobs that are being submitted here and whose first event is not published yet. A claim may see such a job between the
     * commit and the event; it then publishes that first, so that no one hears of a start before the submission.
     */
    private final Set<UUID> unannounced = ConcurrentHashMap.newKeySet();

    public Announcer(EventSink events, JobObserver observer) {
        this.events = events;
        this.observer = observer;
    }

    /** Registers somebody to be woken when this process has made a job ready. */
    public void onReady(WakeUps listener) {
        wakeUps.add(listener);
    }

    /** Has everybody woken too when an event of this process says that there is room again where there was none. */
    void onFreed(Predicate<Event> frees) {
        freesRoom = frees;
    }

    JobObserver observer() {
        return observer;
    }

    void publish(List<Event> told) {
        if (!told.isEmpty()) {
            events.publish(told);
            wake(told.stream().filter(freesRoom).map(Event::queue).collect(Collectors.toSet()));
        }
    }

    /** These jobs may be ready. */
    void wake(List<Job> jobs) {
        wake(jobs.stream().map(Job::queue).collect(Collectors.toSet()));
    }

    /** There may be something to start in these queues. */
    void wake(Set<String> queues) {
        if (!queues.isEmpty()) {
            wakeUps.forEach(listener -> listener.wake(queues));
        }
    }

    /** These ids are about to be submitted. */
    void expect(Collection<UUID> ids) {
        unannounced.addAll(ids);
    }

    /** These ids are told of, or never came to be. */
    void forget(Collection<UUID> ids) {
        ids.forEach(unannounced::remove);
    }

    /** Publishes the first events of these jobs, but for those that a claim has published already. */
    void publishSubmitted(List<Job> jobs) {
        publishAfterFirst(jobs, job -> null);
    }

    /** Publishes that these jobs were started; their first events go before, if they aren't out yet. */
    void publishStarted(List<Job> jobs, String worker) {
        publishAfterFirst(jobs, job -> JobEvents.active(job, worker));
    }

    /** Under a lock, or the one that has taken a job's first event upon itself could be overtaken before it publishes it. */
    private void publishAfterFirst(List<Job> jobs, Function<Job, @Nullable Event> next) {
        synchronized (unannounced) {
            List<Event> told = new ArrayList<>(jobs.size());
            for (Job job : jobs) {
                if (unannounced.remove(job.id())) {
                    told.add(JobEvents.submitted(job));
                }
                Event event = next.apply(job);
                if (event != null) {
                    told.add(event);
                }
            }
            publish(told);
        }
    }
}
