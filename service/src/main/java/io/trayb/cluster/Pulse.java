package io.trayb.cluster;

import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a process answers on its admin port, and whether it says that it is ready. Asked again and again, never waited for. Not
 * thread-safe.
 */
final class Pulse {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration UNTIL_READY = Duration.ofMillis(200);
    private static final Duration ONCE_READY = Duration.ofSeconds(1);
    private static final int OK = 200;

    private final Supplier<CompletableFuture<Integer>> question;
    private final LongSupplier nanoTime;
    private @Nullable CompletableFuture<Integer> asked;
    private long askedAt;
    private long answeredAt;
    private boolean ready;

    /**
     * Of a process that is taken to be alive now.
     *
     * @param question asks it whether it is ready; the answer is a status of HTTP
     */
    Pulse(Supplier<CompletableFuture<Integer>> question, LongSupplier nanoTime) {
        this.question = question;
        this.nanoTime = nanoTime;
        this.answeredAt = nanoTime.getAsLong();
    }

    /** Of the process whose admin port is there, such as {@code http://127.0.0.1:8081}. */
    static Pulse of(HttpClient client, String adminUrl, LongSupplier nanoTime) {
        String url = adminUrl + "/readyz";
        return new Pulse(
                () -> WholeAnswer.of(client, url, BodyHandlers.discarding(), PATIENCE)
                        .thenApply(answer -> answer.statusCode()),
                nanoTime);
    }

    /** Takes the answer if there is one, and asks again when it is time to. */
    void look() {
        long now = nanoTime.getAsLong();
        if (asked != null && asked.isDone()) {
            take(asked, now);
            asked = null;
        }
        if (asked == null && now - askedAt >= (ready ? ONCE_READY : UNTIL_READY).toNanos()) {
            askedAt = now;
            asked = question.get();
        }
    }

    private void take(CompletableFuture<Integer> answer, long now) {
        if (answer.isCompletedExceptionally()) {
            ready = false;
        } else {
            answeredAt = now;
            ready = answer.join() == OK;
        }
    }

    /** Whether its last answer was that it is ready. */
    boolean isReady() {
        return ready;
    }

    /** For how long nothing has come from it. */
    Duration silence() {
        return Duration.ofNanos(nanoTime.getAsLong() - answeredAt);
    }
}
