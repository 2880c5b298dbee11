package io.trayb.cluster;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks all processes for their metrics, at once. Thread-safe. */
final class ProcessMetrics {
    /** Half of Prometheus' own patience for all of it: one that hangs must not take the others' metrics with it. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int OK = 200;

    private final Supplier<List<ProcessState>> processes;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    ProcessMetrics(Supplier<List<ProcessState>> processes) {
        this.processes = processes;
    }

    /** All that they export now, in {@link MergedMetrics#CONTENT_TYPE}; returns within five seconds. */
    String read() {
        Map<String, CompletableFuture<Optional<String>>> answers = new LinkedHashMap<>();
        for (ProcessState process : processes.get()) {
            answers.put(process.name(), ask(process.adminUrl()));
        }
        MergedMetrics merged = new MergedMetrics();
        answers.forEach((name, answer) -> answer.join()
                .ifPresentOrElse(exposition -> merged.add(name, exposition), () -> merged.addSilent(name)));
        return merged.text();
    }

    /** Empty is what a process is told as that is down: whoever asks is told, and the log needn't be as well. */
    private CompletableFuture<Optional<String>> ask(@Nullable String adminUrl) {
        if (adminUrl == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return WholeAnswer.of(client, adminUrl + "/metrics", BodyHandlers.ofString(), PATIENCE)
                .thenApply((HttpResponse<String> answer) ->
                        answer.statusCode() == OK ? Optional.of(answer.body()) : Optional.<String>empty())
                .exceptionally(unused -> Optional.empty());
    }
}
