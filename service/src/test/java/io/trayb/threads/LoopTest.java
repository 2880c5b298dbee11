package io.trayb.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class LoopTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final AtomicInteger rounds = new AtomicInteger();
    private Loop loop;

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(Loop.class)).addAppender(log);
    }

    @AfterEach
    void stop() throws InterruptedException {
        ((Logger) LoggerFactory.getLogger(Loop.class)).detachAppender(log);
        loop.stop(Duration.ofSeconds(1));
    }

    static Stream<Throwable> whatPasses() {
        return Stream.of(
                new IllegalStateException("no answer"),
                new OutOfMemoryError(
                        "unable to create native thread: possibly out of memory or process/resource limits reached"),
                new StackOverflowError(),
                new NoClassDefFoundError("io/trayb/Missing"),
                new AssertionError("a defect"));
    }

    @ParameterizedTest
    @MethodSource("whatPasses")
    void a_round_that_fails_is_tried_again_after_a_second(Throwable failure) {
        long began = System.nanoTime();
        start(failure, 1);

        await().until(() -> rounds.get() > 1);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(900));
        assertThat(loop.isAlive()).isTrue();
    }

    @Test
    void an_error_is_told_as_an_error_once_until_a_round_succeeds() {
        start(new OutOfMemoryError("unable to create native thread"), 2);

        await().until(() -> rounds.get() > 2);

        assertThat(log.list)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .hasSize(1);
        await().until(() ->
                log.list.stream().anyMatch(event -> event.getFormattedMessage().contains("works again")));
    }

    @Test
    void an_error_of_the_jvm_itself_ends_the_thread_and_both_the_log_and_isAlive_tell() {
        start(new InternalError("the heap is broken"), 1);

        // That it also goes to the JVM's own handler is meant, and no failure of this test.
        await().dontCatchUncaughtExceptions().until(() -> !loop.isAlive());

        assertThat(log.list).anySatisfy(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage()).contains("probe has ended").contains("Restart this process");
        });
    }

    @Test
    void a_loop_that_somebody_interrupts_says_that_it_has_ended() {
        start(new InterruptedException("not by its stop"), 1);

        await().until(() -> !loop.isAlive());

        await().until(() -> log.list.stream().anyMatch(event -> event.getLevel() == Level.ERROR));
    }

    @Test
    void a_loop_asked_to_end_does_so_after_its_round_without_anybody_waiting() {
        start(new IllegalStateException("never thrown"), 0);
        await().until(() -> rounds.get() == 1);

        loop.endAfterRound();

        assertThat(loop.isAlive()).isFalse();
        loop.wake();
        assertThat(rounds).hasValue(1);
    }

    /** A loop of which the first rounds fail. */
    private void start(Throwable failure, int failures) {
        loop = new Loop("probe", () -> {
            if (rounds.incrementAndGet() <= failures) {
                LoopTest.<RuntimeException>sneak(failure);
            }
            return Duration.ofHours(1);
        });
        loop.start();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
