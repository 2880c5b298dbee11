package io.trayb.safety;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.safety.Operation.Fate;
import io.trayb.safety.Operation.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * A worker over HTTP. Most of the time a good one; now and then it sleeps past its lease and reports all the same, or is never heard
 * of again. For one thread.
 */
final class RemoteWorker {
    private static final long LEASE_MS = 2000;
    private static final int LIMIT = 4;

    private final String name;
    private final Random random;
    private final IntSupplier anyPort;
    private final History history;
    private final StartLog log;

    RemoteWorker(String name, Random random, IntSupplier anyPort, History history, StartLog log) {
        this.name = name;
        this.random = random;
        this.anyPort = anyPort;
        this.history = history;
        this.log = log;
    }

    void runWhile(BooleanSupplier goOn) throws IOException, InterruptedException {
        while (goOn.getAsBoolean()) {
            String queue = random.nextInt(3) == 0 ? Workload.SHARED_QUEUE : Workload.REMOTE_QUEUE;
            long leasedAt = Micros.now();
            Wire.Answer answer = Wire.call(
                    anyPort.getAsInt(),
                    "POST",
                    "/queues/" + queue + "/leases",
                    "{\"worker\":\"%s\",\"limit\":%d,\"leaseMs\":%d,\"waitMs\":300}".formatted(name, LIMIT, LEASE_MS),
                    null);
            for (JsonNode job : answer.body().path("jobs")) {
                work(job, leasedAt);
            }
            if (answer.fate() != Fate.OK) {
                // Nobody there: a moment before the next try.
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    private void work(JsonNode leased, long leasedAt) throws IOException, InterruptedException {
        String job = leased.path("id").asText();
        String token = leased.path("leaseToken").asText();
        int attempt = leased.path("attempt").asInt();
        String start = UUID.randomUUID().toString();
        int mood = random.nextInt(100);
        log.began(new Start(start, job, attempt, name, Micros.now(), null, leasedAt, LEASE_MS));
        int ms = leased.path("payload").path("ms").asInt();
        if (mood < 4) {
            // Past the end of its lease: what it says then must be refused.
            TimeUnit.MILLISECONDS.sleep(LEASE_MS + 1200 + random.nextInt(1000));
        } else if (ms > LEASE_MS / 4) {
            TimeUnit.MILLISECONDS.sleep(ms / 2);
            extend(job, token, start);
            TimeUnit.MILLISECONDS.sleep(ms / 2);
        } else {
            TimeUnit.MILLISECONDS.sleep(ms);
        }
        log.ended(start, Micros.now());
        if (mood < 92) {
            call(
                    Kind.COMPLETE,
                    job,
                    "/complete",
                    "{\"leaseToken\":\"%s\",\"result\":{\"start\":\"%s\",\"attempt\":%d}}"
                            .formatted(token, start, attempt),
                    start);
        } else if (mood < 97) {
            boolean retry = mood < 95;
            String body = "{\"leaseToken\":\"%s\",\"error\":\"%s\",\"retry\":%b}"
                    .formatted(token, Workload.PLANNED_FAILURE, retry);
            if (retry) {
                // Whether it is tried again depends on the attempts: no outcome that could be checked.
                var unused = Wire.call(anyPort.getAsInt(), "POST", "/jobs/" + job + "/fail", body, null);
            } else {
                call(Kind.FAIL, job, "/fail", body, start);
            }
        }
    }

    private void extend(String job, String token, String start) {
        call(
                Kind.EXTEND,
                job,
                "/heartbeat",
                "{\"leaseToken\":\"%s\",\"leaseMs\":%d,\"progress\":50}".formatted(token, LEASE_MS),
                start);
    }

    private void call(Kind kind, String job, String action, String body, String start) {
        long began = Micros.now();
        Wire.Answer answer = Wire.call(anyPort.getAsInt(), "POST", "/jobs/" + job + action, body, null);
        history.add(new Operation(
                name,
                kind,
                began,
                Micros.now(),
                answer.fate(),
                List.of(),
                List.of(job),
                start,
                LEASE_MS,
                answer.status(),
                answer.note()));
    }
}
