package io.trayb.jobs.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Blocks until it is let go, and says what happened to it. */
final class BlockingHandler implements JobHandler<JsonNode> {
    final CountDownLatch started = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);
    final AtomicBoolean interrupted = new AtomicBoolean();
    final AtomicBoolean left = new AtomicBoolean();
    private final boolean stubborn;

    BlockingHandler(boolean stubborn) {
        this.stubborn = stubborn;
    }

    @Override
    public String type() {
        return "blocking";
    }

    @Override
    public @Nullable Object run(JsonNode payload, JobContext job) throws InterruptedException {
        started.countDown();
        while (true) {
            try {
                letGo.await();
                left.set(true);
                return "let go";
            } catch (InterruptedException e) {
                interrupted.set(true);
                if (!stubborn) {
                    throw e;
                }
            }
        }
    }
}
