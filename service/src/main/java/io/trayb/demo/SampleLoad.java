package io.trayb.demo;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The mixed load: every built-in type that needs nothing but the service, on three queues. */
final class SampleLoad {
    /** More would take minutes on a laptop, and say nothing more. */
    static final int MOST = 10_000;

    private static final String MAIL = "demo-mail";
    private static final String IMAGES = "demo-images";
    private static final String REPORTS = "demo-reports";

    /** In this order, over and over: any dozen neighbours hold each kind once. */
    private static final List<SampleJob> KINDS = List.of(
            SampleJob.of(MAIL, "noop", Map.of()),
            SampleJob.of(MAIL, "echo", Map.of("to", "ada@example.com", "subject", "Your report is ready")),
            SampleJob.of(IMAGES, "sleep", Map.of("ms", 1_500)),
            SampleJob.of(REPORTS, "sleep", Map.of("ms", 4_000)).withPriority(0),
            SampleJob.of(MAIL, "fail", Map.of("message", "the mail server hung up", "times", 1)),
            SampleJob.of(IMAGES, "echo", Map.of("width", 640, "height", 480)).withPriority(9),
            SampleJob.of(REPORTS, "noop", Map.of()).delayedBy(3_000),
            SampleJob.of(IMAGES, "sleep", Map.of("ms", 800)).withPriority(2),
            SampleJob.of(MAIL, "noop", Map.of()).withPriority(8),
            SampleJob.of(REPORTS, "fail", Map.of("message", "no such customer")).failingAfter(3),
            SampleJob.of(IMAGES, "fail", Map.of("message", "out of memory", "times", 2)),
            SampleJob.of(MAIL, "noop", Map.of()).delayedBy(1_500));

    private SampleLoad() {}

    /**
     * @param count 1 to {@link #MOST}
     * @return that many jobs, the same ones every time
     * @throws DemoException when the count is out of range
     */
    static List<SampleJob> of(int count) {
        if (count < 1 || count > MOST) {
            throw new DemoException("--jobs is " + count + "; it must be from 1 to " + MOST);
        }
        return IntStream.range(0, count)
                .mapToObj(index -> KINDS.get(index % KINDS.size()))
                .toList();
    }
}
