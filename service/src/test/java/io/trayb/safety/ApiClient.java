package io.trayb.safety;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.safety.Operation.Entry;
import io.trayb.safety.Operation.Fate;
import io.trayb.safety.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Submits, cancels, retries and replays at random, on whatever service, and notes what became of it. For one thread. */
final class ApiClient {
    private static final int TRIES = 6;
    private static final int REMEMBERED = 400;
    private static final int UNIQUE_KEYS = 6;
    /** What the tags of a burst begin with. */
    static final String BURST = "burst-";

    private static final int LARGEST_BATCH = 12;

    private final String name;
    private final Workload workload;
    private final Random random;
    private final IntSupplier anyPort;
    private final History history;
    private final List<String> known = new ArrayList<>();
    private final List<String> cancelled = new ArrayList<>();
    private int drawn;

    /** @param anyPort the port of some service's relay */
    ApiClient(String name, Workload workload, Random random, IntSupplier anyPort, History history) {
        this.name = name;
        this.workload = workload;
        this.random = random;
        this.anyPort = anyPort;
        this.history = history;
    }

    void runWhile(BooleanSupplier goOn) throws InterruptedException {
        while (goOn.getAsBoolean()) {
            double kind = random.nextDouble();
            if (kind < 0.45) {
                submit(1, false, null);
            } else if (kind < 0.60) {
                submit(1, true, null);
            } else if (kind < 0.70) {
                submit(2 + random.nextInt(LARGEST_BATCH), random.nextBoolean(), null);
            } else if (kind < 0.80) {
                submit(1, random.nextBoolean(), "key-" + random.nextInt(UNIQUE_KEYS));
            } else if (kind < 0.92) {
                cancel();
            } else if (kind < 0.97) {
                retry();
            } else {
                replay();
            }
            // The pace of the load.
            TimeUnit.MILLISECONDS.sleep(random.nextInt(workload.pauseMs()));
        }
    }

    /** Submits so many jobs that take no time, one by one and without a pause. */
    void burst(int jobs) {
        for (int i = 0; i < jobs; i++) {
            Entry entry = new Entry(BURST + name + "-" + ++drawn, null);
            long began = Micros.now();
            Wire.Answer answer =
                    Wire.call(anyPort.getAsInt(), "POST", "/jobs", Workload.quickJob(entry.tag(), random), null);
            List<String> ids = answer.fate() == Fate.OK ? ids(answer.body()) : List.of();
            note(Kind.SUBMIT, began, answer, List.of(entry), ids, null);
        }
    }

    private void submit(int count, boolean idempotent, @Nullable String uniqueKey) {
        List<Entry> entries = new ArrayList<>();
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Entry entry = new Entry(name + "-" + ++drawn, uniqueKey);
            entries.add(entry);
            jobs.add(workload.job(entry.tag(), uniqueKey, random));
        }
        String path = count == 1 ? "/jobs" : "/jobs/batch";
        String body = count == 1 ? jobs.get(0) : jobs.stream().collect(Collectors.joining(",", "{\"jobs\":[", "]}"));
        String key = idempotent ? name + "-" + drawn : null;
        for (int tried = 0; tried < TRIES; tried++) {
            long began = Micros.now();
            Wire.Answer answer = Wire.call(anyPort.getAsInt(), "POST", path, body, key);
            List<String> ids = ids(answer.body());
            note(Kind.SUBMIT, began, answer, entries, answer.fate() == Fate.OK ? ids : List.of(), key);
            if (answer.fate() == Fate.OK) {
                ids.forEach(this::remember);
                return;
            }
            boolean worthRepeating = answer.status() == 0 || answer.status() == 503;
            if (key == null || !worthRepeating) {
                return;
            }
        }
    }

    private void cancel() {
        if (!known.isEmpty()) {
            String job = known.get(random.nextInt(known.size()));
            if (about(Kind.CANCEL, "DELETE", job, "") == Fate.OK) {
                cancelled.add(job);
            }
        }
    }

    private void retry() {
        if (!cancelled.isEmpty()) {
            about(Kind.RETRY, "POST", cancelled.remove(random.nextInt(cancelled.size())), "/retry");
        }
    }

    private Fate about(Kind kind, String method, String job, String action) {
        long began = Micros.now();
        Wire.Answer answer = Wire.call(anyPort.getAsInt(), method, "/jobs/" + job + action, "", null);
        note(kind, began, answer, List.of(), List.of(job), null);
        return answer.fate();
    }

    private void replay() {
        String queue = random.nextBoolean() ? Workload.LOCAL_QUEUE : Workload.SHARED_QUEUE;
        String state = random.nextInt(3) == 0 ? "cancelled" : "failed";
        long began = Micros.now();
        Wire.Answer answer = Wire.call(
                anyPort.getAsInt(),
                "POST",
                "/queues/" + queue + "/replay",
                "{\"state\":\"" + state + "\",\"limit\":5}",
                null);
        note(Kind.REPLAY, began, answer, List.of(), List.of(), queue);
    }

    private void note(
            Kind kind, long began, Wire.Answer answer, List<Entry> entries, List<String> jobs, @Nullable String key) {
        history.add(new Operation(
                name, kind, began, Micros.now(), answer.fate(), entries, jobs, key, 0, answer.status(), answer.note()));
    }

    private void remember(String job) {
        known.add(job);
        if (known.size() > REMEMBERED) {
            known.remove(0);
        }
    }

    private static List<String> ids(JsonNode body) {
        List<String> ids = new ArrayList<>();
        if (body.has("id")) {
            ids.add(body.path("id").asText());
        }
        for (JsonNode job : body.path("jobs")) {
            ids.add(job.path("id").asText());
        }
        return ids;
    }
}
