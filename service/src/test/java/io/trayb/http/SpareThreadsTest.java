package io.trayb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;

final class SpareThreadsTest {
    private static final int MANY = 120;
    private static final int FEW = 4;
    private static final Duration IDLE = Duration.ofMillis(200);

    @Test
    void the_threads_of_a_burst_are_given_back_soon_after_it() throws Exception {
        QueuedThreadPool pool = new QueuedThreadPool(MANY, FEW, (int) IDLE.toMillis());
        // Threads that aren't counted as idle would blur what is tried.
        pool.setReservedThreads(0);
        SpareThreads.giveBack(new Server(pool));
        pool.start();
        try {
            CountDownLatch burst = new CountDownLatch(MANY);
            for (int i = 0; i < MANY; i++) {
                pool.execute(() -> {
                    burst.countDown();
                    waitFor(burst);
                });
            }
            burst.await();
            assertThat(pool.getThreads()).isEqualTo(MANY);

            // One in each time, as by default, would take 24 s.
            await().atMost(Duration.ofSeconds(10)).until(() -> pool.getThreads() == FEW);
        } finally {
            pool.stop();
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
