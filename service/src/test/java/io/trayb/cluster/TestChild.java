package io.trayb.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A process that does what a test says, on the test's clock. */
final class TestChild implements Child {
    /** Starts them, and remembers all. */
    static final class Started implements Launcher {
        final AtomicLong clock = new AtomicLong();
        final List<TestChild> children = new ArrayList<>();
        boolean broken;

        @Override
        public Child start(Member member) throws IOException {
            if (broken) {
                throw new IOException("no memory");
            }
            TestChild child = new TestChild(clock, children.size() + 1);
            children.add(child);
            return child;
        }

        void pass(Duration duration) {
            clock.addAndGet(duration.toNanos());
        }

        TestChild last() {
            return children.get(children.size() - 1);
        }
    }

    private final AtomicLong clock;
    private final long pid;
    private final long startedAt;
    private boolean alive = true;
    private boolean ready;
    private boolean wasReady;
    private long readyAt;
    Duration silence = Duration.ZERO;
    int kills;
    boolean left;

    private TestChild(AtomicLong clock, long pid) {
        this.clock = clock;
        this.pid = pid;
        this.startedAt = clock.get();
    }

    TestChild becomeReady() {
        ready = true;
        if (!wasReady) {
            wasReady = true;
            readyAt = clock.get();
        }
        return this;
    }

    void becomeUnready() {
        ready = false;
    }

    void die() {
        alive = false;
        ready = false;
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public void look() {
        // The test says what there is to see.
    }

    @Override
    public @Nullable String adminUrl() {
        return wasReady ? "http://127.0.0.1:1" : null;
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public boolean wasReady() {
        return wasReady;
    }

    @Override
    public Duration age() {
        return Duration.ofNanos(clock.get() - startedAt);
    }

    @Override
    public Duration served() {
        return wasReady ? Duration.ofNanos(clock.get() - readyAt) : Duration.ZERO;
    }

    @Override
    public Duration silence() {
        return silence;
    }

    @Override
    public void leave() {
        left = true;
    }

    @Override
    public void terminate() {
        die();
    }

    /** As the kernel does it: it may take a while. */
    @Override
    public void kill() {
        kills++;
    }

    @Override
    public String end() {
        return "ended with exit code 1";
    }

    @Override
    public String endOfStop() {
        return "has stopped";
    }

    @Override
    public void clear() {
        // It leaves nothing behind.
    }
}
