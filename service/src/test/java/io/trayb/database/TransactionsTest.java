package io.trayb.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestPgBouncer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionsTest {
    /** More than the tries that a unit has which was broken off for another. */
    private static final int CONNECTIONS = 8;

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated(CONNECTIONS);

    private final AtomicInteger unknownOutcomes = new AtomicInteger();
    private final Transactions transactions = new Transactions(database.jdbi(), unknownOutcomes::incrementAndGet);

    @BeforeEach
    void makeTable() {
        database.jdbi()
                .useHandle(handle -> handle.createScript(
                                "DROP TABLE IF EXISTS account; CREATE TABLE account (id int PRIMARY KEY, entries int"
                                        + " NOT NULL); INSERT INTO account VALUES (1, 0), (2, 0)")
                        .execute());
    }

    @Test
    void of_two_units_that_wait_for_each_other_the_victim_is_run_again_and_both_are_done() throws Exception {
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        AtomicInteger tries = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> there = threads.submit(() -> addTo(1, 2, bothHoldOne, tries));
            Future<?> back = threads.submit(() -> addTo(2, 1, bothHoldOne, tries));
            there.get(30, TimeUnit.SECONDS);
            back.get(30, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }

        // The victim may be so quick that the two meet once more.
        assertThat(tries).hasValueGreaterThanOrEqualTo(3);
        assertThat(entries()).isEqualTo(4);
        assertThat(unknownOutcomes).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "25P03", "26000"})
    void what_was_broken_off_for_another_transaction_is_run_again_from_its_beginning(String state) {
        AtomicInteger tries = new AtomicInteger();

        int done = transactions.run(handle -> {
            handle.execute("UPDATE account SET entries = entries + 1");
            return failUntil(handle, 5, tries, state);
        });

        assertThat(done).isEqualTo(5);
        assertThat(entries()).isEqualTo(2);
    }

    @Test
    void after_five_tries_it_is_given_up_and_nothing_is_done() {
        AtomicInteger tries = new AtomicInteger();

        Throwable thrown = catchThrowable(() -> transactions.run(handle -> {
            handle.execute("UPDATE account SET entries = entries + 1");
            return failUntil(handle, 6, tries, "40001");
        }));

        assertThat(Transactions.sqlState(thrown)).isEqualTo("40001");
        assertThat(tries).hasValue(5);
        assertThat(entries()).isZero();
    }

    /** 0A000 is also said of what is no plan and will never be supported. */
    @ParameterizedTest
    @ValueSource(strings = {"23505", "0A000"})
    void any_other_refusal_is_not_repeated(String state) {
        AtomicInteger tries = new AtomicInteger();

        Throwable thrown = catchThrowable(() -> transactions.run(handle -> failUntil(handle, 2, tries, state)));

        assertThat(Transactions.sqlState(thrown)).isEqualTo(state);
        assertThat(tries).hasValue(1);
    }

    @Test
    @DisabledIfSystemProperty(
            named = TestPgBouncer.BEFORE_ALL,
            matches = "true",
            disabledReason = "through PgBouncer nothing is prepared")
    void a_statement_that_every_connection_has_prepared_before_a_migration_is_run_again() {
        List<Handle> handles =
                Stream.generate(database.jdbi()::open).limit(CONNECTIONS).toList();
        for (Handle handle : handles) {
            for (int i = 0; i < 10; i++) {
                assertThat(everything(handle)).isEqualTo(2);
            }
            int prepared = handle.createQuery(
                            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%account%'")
                    .mapTo(Integer.class)
                    .one();
            assertThat(prepared).isPositive();
        }
        handles.forEach(Handle::close);

        database.jdbi().useHandle(handle -> handle.execute("ALTER TABLE account ADD COLUMN more int"));

        for (int i = 0; i < CONNECTIONS; i++) {
            assertThat(transactions.<Integer>run(TransactionsTest::everything)).isEqualTo(2);
        }
    }

    private static int everything(Handle handle) {
        return handle.createQuery("SELECT * FROM account")
                .addCustomizer(KeptPlans.KEEP)
                .mapToMap()
                .list()
                .size();
    }

    /** A frozen process, seen from the others: it holds a row and says nothing more. */
    @Test
    void a_transaction_that_stands_still_lets_go_of_its_rows_and_is_run_again_when_it_wakes() throws Exception {
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch wakes = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> frozen = threads.submit(() -> transactions.run(handle -> {
                add(handle, 1);
                if (tries.incrementAndGet() == 1) {
                    holds.countDown();
                    await(wakes);
                }
                add(handle, 2);
                return tries.get();
            }));
            assertThat(holds.await(10, TimeUnit.SECONDS)).isTrue();

            // Waits for the row, and gets it in less than the 10 s of a lease.
            long began = System.nanoTime();
            transactions.run(handle -> {
                add(handle, 1);
                return 1;
            });
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            assertThat(frozen).isNotDone();

            wakes.countDown();
            assertThat(frozen.get(30, TimeUnit.SECONDS)).isEqualTo(2);
        } finally {
            threads.shutdownNow();
        }
        assertThat(entries()).isEqualTo(3);
    }

    private int addTo(int first, int second, CyclicBarrier bothHoldOne, AtomicInteger tries) {
        return transactions.run(handle -> {
            boolean firstTry = tries.incrementAndGet() <= 2;
            add(handle, first);
            if (firstTry) {
                await(bothHoldOne);
            }
            add(handle, second);
            return 2;
        });
    }

    private static void add(Handle handle, int account) {
        handle.execute("UPDATE account SET entries = entries + 1 WHERE id = ?", account);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the other transaction doesn't come", e);
        }
    }

    /** Fails as Postgres does, unless it is the n-th try. */
    private static int failUntil(Handle handle, int n, AtomicInteger tries, String state) {
        int tried = tries.incrementAndGet();
        if (tried < n) {
            handle.execute("DO $$ BEGIN RAISE EXCEPTION 'as ordered' USING ERRCODE = '" + state + "'; END $$");
        }
        return tried;
    }

    private static int entries() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT sum(entries) FROM account")
                        .mapTo(Integer.class)
                        .one());
    }
}
