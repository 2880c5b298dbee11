package io.trayb.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers who come at once share one transaction, and with it one way there and back and one write to the disk. Thread-safe.
 *
 * <p>A caller who finds a free turn commits at once, on its own thread, and takes along whoever waits; the others wait for a
 * caller of before to come back, and then one of them does the same for all. So a lone caller waits for nobody, and groups are as
 * large as the load makes them. Owns no thread. A caller that is interrupted commits or waits all the same, since others may
 * depend on it, and is interrupted still when it returns.
 *
 * @param <Q> what each caller wants committed
 * @param <A> what each caller is answered
 */
public final class GroupCommit<Q, A> {
    /** Commits some requests, all or none. */
    @FunctionalInterface
    public interface Unit<Q, A> {
        /** Returns one answer for each request, in their order. */
        List<A> commit(List<Q> requests);
    }

    /** One caller; it either gets its answer or is called upon to commit for itself and others. */
    private final class Caller {
        private final Q request;
        private final CountDownLatch called = new CountDownLatch(1);
        private volatile @Nullable A answer;
        private volatile @Nullable Throwable failure;

        Caller(Q request) {
            this.request = request;
        }

        void answer(A given) {
            answer = given;
            called.countDown();
        }

        void fail(Throwable thrown) {
            failure = thrown;
            called.countDown();
        }

        /** What cut the group short is thrown to its leader; the others must hear of it too. */
        void failUnlessSettled() {
            if (!isSettled()) {
                fail(new IllegalStateException("a group commit was cut short; this request was not begun"));
            }
        }

        boolean isSettled() {
            return answer != null || failure != null;
        }

        /** Waits for its answer or its turn: as long as the database's time-outs let those before it take. */
        void await() {
            boolean interrupted = false;
            while (true) {
                try {
                    called.await();
                    break;
                } catch (InterruptedException e) {
                    // Its request may be on its way to the disk by now: only the answer tells what became of it.
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        A settled() {
            Throwable thrown = failure;
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            A given = answer;
            if (given == null) {
                throw new IllegalStateException("a group commit has left a caller without an answer");
            }
            return given;
        }
    }

    private final Semaphore turns;
    private final int most;
    private final Unit<Q, A> unit;
    private final Queue<Caller> waiting = new ConcurrentLinkedQueue<>();

    /**
     * @param turns how many groups may be on their way at once, from 1; each takes a connection
     * @param most requests in a group
     */
    public GroupCommit(int turns, int most, Unit<Q, A> unit) {
        this.turns = new Semaphore(turns);
        this.most = most;
        this.unit = unit;
    }

    /**
     * Commits a request, alone or with others'.
     *
     * @throws JdbiException as {@link Transactions#run} does. A request that the database refuses fails alone; when the database
     *     is out of reach, so do those who were waiting for their turn: nothing of theirs was begun
     */
    public A run(Q request) {
        Caller caller = new Caller(request);
        if (turns.tryAcquire()) {
            lead(caller);
        } else {
            waiting.add(caller);
            callNext();
            caller.await();
            if (!caller.isSettled()) {
                lead(caller);
            }
        }
        return caller.settled();
    }

    /** Commits for a caller and those who wait. The calling thread has a turn, and passes it on. */
    private void lead(Caller leader) {
        List<Caller> group = new ArrayList<>();
        group.add(leader);
        // The others weren't interrupted; a leader that is would get no connection, and take them all along.
        boolean interrupted = Thread.interrupted();
        try {
            for (Caller next = waiting.poll(); next != null; next = waiting.poll()) {
                group.add(next);
                if (group.size() == most) {
                    break;
                }
            }
            commit(group);
        } finally {
            group.forEach(Caller::failUnlessSettled);
            turns.release();
            callNext();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Hands a free turn to the first who waits, if there is a turn and somebody to take it. */
    private void callNext() {
        // Whoever adds itself or gives back a turn looks after that, so that nobody is left waiting beside a free turn.
        while (!waiting.isEmpty() && turns.tryAcquire()) {
            Caller next = waiting.poll();
            if (next != null) {
                next.called.countDown();
                return;
            }
            turns.release();
        }
    }

    /** Returns what failed, if whoever comes next can't expect better; else null. */
    private @Nullable JdbiException commit(List<Caller> group) {
        try {
            List<A> answers =
                    unit.commit(group.stream().map(caller -> caller.request).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answer(answers.get(i));
            }
            return null;
        } catch (JdbiException e) {
            if (!Transactions.isOutOfReach(e)) {
                return commitEach(group, e);
            }
            if (wasInterrupted(e)) {
                // Says nothing of the database: whoever waits has another thread to commit it.
                group.forEach(caller -> caller.fail(e));
                return null;
            }
            group.forEach(caller -> caller.fail(e));
            failAllWaiting(e);
            return e;
        } catch (RuntimeException e) {
            return commitEach(group, e);
        } catch (Error e) {
            group.forEach(caller -> caller.fail(e));
            throw e;
        }
    }

    /** Whether a thread gave up since it was interrupted while it waited for a connection. */
    private static boolean wasInterrupted(JdbiException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    /** One bad request must not hold up the others. */
    private @Nullable JdbiException commitEach(List<Caller> group, RuntimeException failure) {
        if (group.size() == 1) {
            group.get(0).fail(failure);
            return null;
        }
        JdbiException outOfReach = null;
        for (Caller caller : group) {
            if (outOfReach == null) {
                outOfReach = commit(List.of(caller));
            } else {
                caller.fail(outOfReach);
            }
        }
        return outOfReach;
    }

    /** They would only wait for the same time-out, one group after the other. */
    private void failAllWaiting(JdbiException failure) {
        for (Caller next = waiting.poll(); next != null; next = waiting.poll()) {
            next.fail(failure);
        }
    }
}
