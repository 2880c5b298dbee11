package io.trayb.http;

import static io.trayb.http.BodyRig.answer;
import static io.trayb.http.BodyRig.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** What {@link WholeBodies} do when there is too little memory for all, or no thread. */
class CrowdedBodiesTest {
    @RegisterExtension
    final BodyRig rig = new BodyRig();

    @Test
    void bodies_may_take_so_much_memory_together_and_give_it_back_as_they_are_read() throws IOException {
        Socket first = rig.request("Content-Length: 70001");
        send(first, 70_000);
        long taken = rig.gathered(70_000);

        Socket second = rig.request("Content-Length: 50000");
        send(second, 25_000);
        rig.gathered(95_000);
        send(second, 8_000);
        assertThat(answer(second)).startsWith("HTTP/1.1 503").contains("Retry-After: 2");
        await().until(() -> rig.budget.taken() == taken);

        send(first, "a");
        assertThat(answer(first)).endsWith("heard 70001");
        await().until(() -> rig.budget.taken() == 0);
        assertThat(rig.takenWhileRead).hasSize(8).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(rig.takenWhileRead.get(0)).isLessThan(70_000);
        assertThat(rig.takenWhileRead.get(6)).isLessThan(10_000);
    }

    @Test
    void who_holds_memory_by_sending_slowly_makes_room_for_others_and_hears_it_at_the_next_byte() throws IOException {
        Socket slow = rig.request("Content-Length: 80000");
        send(slow, 70_000);
        rig.gathered(70_000);
        rig.later(Duration.ofSeconds(3));

        Socket quick = rig.request("Content-Length: 50000");
        send(quick, 40_000);
        await().until(() -> rig.budget.taken() >= 40_000 && rig.budget.taken() < 70_000);
        send(slow, "a");
        assertThat(answer(slow)).startsWith("HTTP/1.1 503").contains("Retry-After: 2");

        send(quick, 10_000);
        assertThat(answer(quick)).endsWith("heard 50000");
        await().until(() -> rig.budget.taken() == 0);
    }

    @Test
    void one_that_made_room_and_sends_nothing_more_hears_it_when_its_connection_ends() throws IOException {
        rig.idleTimeout(Duration.ofSeconds(3));
        Socket silent = rig.request("Content-Length: 80000");
        send(silent, 70_000);
        rig.gathered(70_000);
        rig.later(Duration.ofSeconds(3));

        Socket quick = rig.request("Content-Length: 40000");
        send(quick, 39_999);
        await().until(() -> rig.budget.taken() < 70_000);
        send(quick, "a");

        assertThat(answer(quick)).endsWith("heard 40000");
        assertThat(answer(silent)).startsWith("HTTP/1.1 503");
    }

    @Test
    void bodies_that_fight_for_memory_are_all_answered() throws Exception {
        rig.tick.set(Duration.ofMillis(1).toNanos());
        AtomicInteger heard = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                ends.add(clients.submit(() -> {
                    if (isHeardInParts()) {
                        heard.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            clients.shutdownNow();
        }

        assertThat(heard).hasPositiveValue();
        await().until(() -> rig.budget.taken() == 0);
    }

    /** Whether a body was answered with its length; fails if it was neither that nor refused. */
    private boolean isHeardInParts() throws IOException {
        try (Socket client = rig.request("Content-Length: 30000")) {
            for (int i = 0; i < 3; i++) {
                send(client, 10_000);
            }
            String answer = answer(client);
            assertThat(answer).matches("(?s)HTTP/1.1 (200 .*heard 30000|503 .*no memory for this one.*)");
            return answer.startsWith("HTTP/1.1 200");
        } catch (SocketException e) {
            // Refused, and reset for what was still on its way: LingeringClose isn't here.
            return false;
        }
    }

    @Test
    void a_client_that_goes_in_the_middle_of_its_body_leaves_nothing_behind() throws IOException {
        for (int i = 0; i < 5; i++) {
            Socket client = rig.request("Content-Length: 90000");
            send(client, 80_000);
            client.close();
        }

        await().until(() -> rig.budget.taken() == 0);
    }

    @Test
    void a_body_for_which_there_is_no_thread_is_refused_and_keeps_no_memory() throws IOException {
        rig.noThread.set(true);
        Socket client = rig.request("Content-Length: 50000");
        send(client, 40_000);
        rig.gathered(40_000);
        send(client, 10_000);

        assertThat(answer(client)).startsWith("HTTP/1.1 503").contains("Retry-After: 2");
        assertThat(rig.called).hasValue(0);
        await().until(() -> rig.budget.taken() == 0);
    }

    @Test
    void refusals_are_one_line_of_the_log_however_many_they_are() throws IOException {
        List<Socket> slow = new ArrayList<>();
        List<ILoggingEvent> lines;
        try (Warnings warnings = new Warnings(Response.class, RefusedBodies.class)) {
            lines = warnings.lines;
            Socket large = rig.request("Content-Length: 300000");
            send(large, 80_000);
            rig.gathered(80_000);
            int begun = rig.asked.get();
            for (int i = 0; i < 5; i++) {
                slow.add(rig.request("Content-Length: 100"));
            }
            await().until(() -> rig.asked.get() >= begun + 2 * slow.size());
            for (int i = 0; i < 3; i++) {
                rig.later(Duration.ofSeconds(4));
                int before = rig.asked.get();
                for (Socket client : slow) {
                    send(client, "a");
                }
                await().until(() -> rig.asked.get() >= before + 2 * slow.size());
            }
            send(large, 15_000);
            rig.gathered(95_000);
            send(large, 8_000);

            assertThat(answer(large)).startsWith("HTTP/1.1 503");
            for (Socket client : slow) {
                assertThat(answer(client)).startsWith("HTTP/1.1 408");
            }
            await().until(() -> !lines.isEmpty());
        }

        assertThat(lines)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .matches(
                        "Requests refused in the last 5 s while their body came: 5 came too slowly \\(408\\), 1 found no"
                                + " memory or thread free \\(503\\); among them \\[([0-9a-f]{16}(, )?){5}]");
        assertThat(lines.get(0).getThrowableProxy()).isNull();
    }

    /** What some loggers say from WARN on. */
    private static final class Warnings extends AppenderBase<ILoggingEvent> implements AutoCloseable {
        private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
        private final Map<Logger, Optional<Level>> before = new HashMap<>();

        Warnings(Class<?>... speakers) {
            start();
            for (Class<?> speaker : speakers) {
                Logger logger = (Logger) LoggerFactory.getLogger(speaker);
                before.put(logger, Optional.ofNullable(logger.getLevel()));
                logger.setLevel(Level.WARN);
                logger.addAppender(this);
            }
        }

        @Override
        protected void append(ILoggingEvent line) {
            lines.add(line);
        }

        @Override
        public void close() {
            before.forEach((logger, level) -> {
                logger.detachAppender(this);
                logger.setLevel(level.orElse(null));
            });
        }
    }
}
