package io.trayb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<List<Integer>> groups = new CopyOnWriteArrayList<>();
    private final CountDownLatch firstMayGo = new CountDownLatch(1);

    @AfterEach
    void stop() {
        callers.shutdownNow();
    }

    @Test
    void a_lone_caller_commits_at_once_on_its_own_thread() {
        List<Thread> threads = new ArrayList<>();
        GroupCommit<Integer, Integer> commit = new GroupCommit<>(1, 10, requests -> {
            threads.add(Thread.currentThread());
            return requests;
        });

        assertThat(commit.run(7)).isEqualTo(7);
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void those_who_come_while_a_group_is_under_way_share_the_next_one() throws Exception {
        GroupCommit<Integer, String> commit = new GroupCommit<>(1, 10, this::slowly);

        List<CompletableFuture<String>> answers = firstAndThen(commit, 5);
        firstMayGo.countDown();

        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).get(5, TimeUnit.SECONDS)).isEqualTo("answer " + i);
        }
        assertThat(groups).hasSize(2);
        assertThat(groups.get(0)).containsExactly(0);
        assertThat(groups.get(1)).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    }

    @Test
    void a_group_has_no_more_requests_than_allowed() throws Exception {
        GroupCommit<Integer, String> commit = new GroupCommit<>(1, 2, this::slowly);

        List<CompletableFuture<String>> answers = firstAndThen(commit, 5);
        firstMayGo.countDown();

        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(5, TimeUnit.SECONDS);
        assertThat(groups)
                .hasSize(4)
                .allSatisfy(group -> assertThat(group.size()).isLessThanOrEqualTo(2));
    }

    @Test
    void a_request_that_is_refused_for_its_data_fails_alone() throws Exception {
        GroupCommit<Integer, String> commit = new GroupCommit<>(1, 10, requests -> {
            if (requests.contains(3)) {
                throw refused("22P05");
            }
            return slowly(requests);
        });

        List<CompletableFuture<String>> answers = firstAndThen(commit, 4);
        firstMayGo.countDown();

        assertThatThrownBy(() -> answers.get(3).get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(JdbiException.class);
        for (int i : new int[] {0, 1, 2, 4}) {
            assertThat(answers.get(i).get(5, TimeUnit.SECONDS)).isEqualTo("answer " + i);
        }
    }

    @Test
    void a_database_that_is_away_fails_all_who_wait_and_asks_once() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        GroupCommit<Integer, String> commit = new GroupCommit<>(1, 2, requests -> {
            asked.incrementAndGet();
            await(firstMayGo);
            throw refused("57P01");
        });

        List<CompletableFuture<String>> answers = firstAndThen(commit, 5);
        firstMayGo.countDown();

        assertThat(answers)
                .allSatisfy(answer -> assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(JdbiException.class));
        assertThat(asked).hasValue(1);
    }

    @Test
    void a_database_that_goes_away_while_each_is_tried_alone_is_not_asked_for_the_others() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        GroupCommit<Integer, String> commit = new GroupCommit<>(1, 10, requests -> {
            await(firstMayGo);
            if (requests.size() > 1) {
                throw refused("22P05");
            }
            if (requests.contains(0)) {
                return slowly(requests);
            }
            asked.incrementAndGet();
            throw refused("08006");
        });

        List<CompletableFuture<String>> answers = firstAndThen(commit, 5);
        firstMayGo.countDown();

        assertThat(answers.subList(1, 6))
                .allSatisfy(answer -> assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(JdbiException.class));
        assertThat(asked).hasValue(1);
    }

    @Test
    void an_error_while_each_is_tried_alone_leaves_nobody_waiting() throws Exception {
        GroupCommit<Integer, String> commit = new GroupCommit<>(1, 10, requests -> {
            await(firstMayGo);
            if (requests.size() > 1) {
                throw refused("22P05");
            }
            if (requests.contains(0)) {
                return slowly(requests);
            }
            throw new OutOfMemoryError("as may be");
        });

        List<CompletableFuture<String>> answers = firstAndThen(commit, 5);
        firstMayGo.countDown();

        assertThat(answers.subList(1, 6))
                .allSatisfy(answer -> assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class));
    }

    @Test
    void an_error_fails_its_group_and_leaves_the_turn_to_the_next() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        GroupCommit<Integer, String> commit = new GroupCommit<>(1, 10, requests -> {
            if (asked.getAndIncrement() == 0) {
                await(firstMayGo);
                throw new OutOfMemoryError("as may be");
            }
            return slowly(requests);
        });

        List<CompletableFuture<String>> answers = firstAndThen(commit, 3);
        firstMayGo.countDown();

        assertThatThrownBy(() -> answers.get(0).get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(OutOfMemoryError.class);
        for (int i = 1; i <= 3; i++) {
            assertThat(answers.get(i).get(5, TimeUnit.SECONDS)).isEqualTo("answer " + i);
        }
    }

    @Test
    void a_leader_that_is_interrupted_commits_for_all_and_is_still_interrupted_afterwards() throws Exception {
        GroupCommit<Integer, Integer> commit = new GroupCommit<>(1, 10, requests -> {
            if (Thread.currentThread().isInterrupted()) {
                throw new ConnectionException(new SQLException("Pool wait interrupted."));
            }
            return requests;
        });

        CompletableFuture<Boolean> stillInterrupted = CompletableFuture.supplyAsync(
                () -> {
                    Thread.currentThread().interrupt();
                    assertThat(commit.run(7)).isEqualTo(7);
                    return Thread.currentThread().isInterrupted();
                },
                callers);

        assertThat(stillInterrupted.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_leader_that_is_interrupted_while_it_waits_for_a_connection_fails_nobody_who_waits_for_a_turn()
            throws Exception {
        AtomicInteger asked = new AtomicInteger();
        GroupCommit<Integer, String> commit = new GroupCommit<>(1, 10, requests -> {
            if (asked.getAndIncrement() == 0) {
                await(firstMayGo);
                throw new ConnectionException(new SQLException(new InterruptedException()));
            }
            return slowly(requests);
        });

        List<CompletableFuture<String>> answers = firstAndThen(commit, 3);
        firstMayGo.countDown();

        assertThatThrownBy(() -> answers.get(0).get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(ConnectionException.class);
        for (int i = 1; i <= 3; i++) {
            assertThat(answers.get(i).get(10, TimeUnit.SECONDS)).isEqualTo("answer " + i);
        }
    }

    @Test
    void nobody_is_forgotten_however_many_come_and_go() throws Exception {
        GroupCommit<Integer, Integer> commit = new GroupCommit<>(2, 7, requests -> {
            groups.add(requests);
            return requests;
        });
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int caller = 0; caller < 16; caller++) {
            int from = caller * 1000;
            all.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = from; i < from + 500; i++) {
                            assertThat(commit.run(i)).isEqualTo(i);
                        }
                    },
                    callers));
        }

        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);

        assertThat(groups.stream().mapToInt(List::size).sum()).isEqualTo(16 * 500);
    }

    /** Starts one caller, and when it is under way, so many more that wait behind it. */
    private List<CompletableFuture<String>> firstAndThen(GroupCommit<Integer, String> commit, int more) {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i <= more; i++) {
            int request = i;
            List<Thread> thread = new CopyOnWriteArrayList<>();
            answers.add(CompletableFuture.supplyAsync(
                    () -> {
                        thread.add(Thread.currentThread());
                        return commit.run(request);
                    },
                    callers));
            Awaitility.await().until(() -> !thread.isEmpty() && thread.get(0).getState() == Thread.State.WAITING);
        }
        return answers;
    }

    private List<String> slowly(List<Integer> requests) {
        await(firstMayGo);
        groups.add(requests);
        return requests.stream().map(request -> "answer " + request).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JdbiException refused(String sqlState) {
        return new UnableToExecuteStatementException(new SQLException("refused", sqlState), null);
    }
}
