package io.trayb.keys.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.trayb.http.ProblemException;
import io.trayb.keys.ApiKey;
import io.trayb.keys.Caller;
import io.trayb.keys.KeyConflict;
import io.trayb.keys.KeyText;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.keys.store.KeyStore;
import io.trayb.testing.TestDatabase;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeyRingTest {
    private static final Set<Scope> ALL = EnumSet.allOf(Scope.class);

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final KeyRing ring = newRing(true);

    private KeyRing newRing(boolean loopback) {
        return new KeyRing(TestKeys.store(database), loopback, now::get, System::nanoTime);
    }

    @BeforeEach
    void noKeys() {
        database.jdbi().useHandle(handle -> handle.execute("DELETE FROM trayb_api_keys"));
    }

    @AfterEach
    void end() throws InterruptedException {
        ring.stop();
    }

    private static String create(String name) {
        return TestKeys.create(database, name, "*", ALL);
    }

    private static int status(KeyRing asked, String key) {
        try {
            asked.authenticate("Bearer " + key);
            return 200;
        } catch (ProblemException e) {
            assertThat(e.toString() + e.headers()).doesNotContain(key);
            return e.problem().status();
        }
    }

    @Test
    void before_the_first_read_nobody_is_let_in() {
        assertThatThrownBy(() -> ring.authenticate(null)).hasMessageContaining("503");
        assertThat(ring.named(ApiKey.LOCAL)).isEmpty();
    }

    @Test
    void without_any_key_everybody_on_this_machine_is_local() {
        ring.start();
        assertThat(ring.authenticate(null).name()).isEqualTo("local");
        assertThat(ring.named("local")).isPresent();
    }

    @Test
    void who_can_be_reached_from_elsewhere_does_not_start_without_a_key_and_never_is_local() {
        KeyRing open = newRing(false);
        assertThatThrownBy(open::start)
                .isInstanceOf(NoKeysException.class)
                .hasMessageContaining("BIND_HOST")
                .hasMessageContaining("keys create");
        assertThatThrownBy(() -> open.authenticate(null)).hasMessageContaining("401");
    }

    @Test
    void the_first_key_switches_local_off_for_good() {
        ring.start();
        Caller local = ring.authenticate(null);
        String key = create("first");
        ring.refresh();

        assertThatThrownBy(() -> ring.authenticate(null)).hasMessageContaining("401");
        assertThat(local.isLive()).isFalse();
        assertThat(status(ring, key)).isEqualTo(200);

        TestKeys.store(database).revoke("first", "test");
        ring.refresh();
        assertThatThrownBy(() -> ring.authenticate(null)).hasMessageContaining("401");
        assertThat(status(ring, key)).isEqualTo(401);
        assertThat(ring.named("local")).isEmpty();
    }

    @Test
    void what_happens_behind_its_back_is_known_within_five_seconds_without_a_word() {
        ring.start();
        String key = create("seen");
        await().atMost(Duration.ofSeconds(5)).until(() -> status(ring, key) == 200);
        Caller caller = ring.authenticate("bearer " + key);

        TestKeys.store(database).revoke("seen", "test");
        await().atMost(Duration.ofSeconds(5)).until(() -> status(ring, key) == 401);
        assertThat(caller.isLive()).isFalse();
        assertThat(ring.named("seen")).isEmpty();
    }

    @Test
    void a_key_ends_at_its_time_without_anybody_being_asked() {
        String key = TestKeys.create(database, "short", "*", ALL, now.get().plusSeconds(60), null);
        ring.refresh();
        assertThat(status(ring, key)).isEqualTo(200);
        Caller caller = ring.authenticate("Bearer " + key);

        now.set(now.get().plusSeconds(61));
        assertThat(status(ring, key)).isEqualTo(401);
        assertThat(caller.isLive()).isFalse();
    }

    @Test
    void another_secret_with_a_known_id_is_refused() {
        String key = create("known");
        ring.refresh();
        String id = key.substring(9, 21);
        String other = KeyText.generate(new SecureRandom()).reveal();
        assertThat(status(ring, other)).isEqualTo(401);
        String forged = key.substring(0, 21) + other.substring(21);
        assertThat(forged).contains(id);
        assertThat(status(ring, forged)).isEqualTo(401);
        assertThatThrownBy(() -> ring.authenticate("Bearer ")).hasMessageContaining("401");
        assertThatThrownBy(() -> ring.authenticate("Basic " + key)).hasMessageContaining("401");
    }

    @Test
    void while_postgres_is_away_what_was_read_last_stays_in_force() throws Exception {
        String key = TestKeys.create(database, "kept", "*", ALL, now.get().plusSeconds(60), null);
        ring.refresh();
        database.jdbi().useHandle(handle -> handle.execute("ALTER TABLE trayb_api_keys RENAME TO away"));
        try {
            assertThatThrownBy(ring::refresh).isInstanceOf(JdbiException.class);
            assertThat(status(ring, key)).isEqualTo(200);
            now.set(now.get().plusSeconds(61));
            assertThat(status(ring, key)).isEqualTo(401);
            KeyRing late = newRing(true);
            late.start();
            assertThat(status(late, key)).isEqualTo(503);
            late.stop();
        } finally {
            database.jdbi().useHandle(handle -> handle.execute("ALTER TABLE \"away\" RENAME TO \"trayb_api_keys\""));
        }
    }

    @Test
    void keys_that_vanish_from_the_database_do_not_open_the_service() {
        String key = create("wiped");
        ring.refresh();
        noKeys();
        ring.refresh();
        assertThatThrownBy(() -> ring.authenticate(null)).hasMessageContaining("401");
        assertThat(status(ring, key)).isEqualTo(200);
    }

    @Test
    void a_name_is_never_given_to_a_second_key() {
        create("once");
        TestKeys.store(database).revoke("once", "test");
        assertThatThrownBy(() -> create("once")).isInstanceOf(KeyConflict.class).hasMessageContaining("once-2");
    }

    @Test
    void only_a_salted_hash_is_kept() {
        String key = create("hashed");
        String row = database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT CAST(to_json(k) AS text) FROM trayb_api_keys AS k")
                        .mapTo(String.class)
                        .one());
        assertThat(row).contains("hashed").doesNotContain(key.substring(22));
    }

    @Test
    void the_last_use_is_written_at_the_stop_at_the_latest() throws Exception {
        String key = create("used");
        ring.start();
        KeyStore store = TestKeys.store(database);
        assertThat(store.find("used").orElseThrow().lastUsedAt()).isNull();
        assertThat(status(ring, key)).isEqualTo(200);
        ring.stop();
        assertThat(store.find("used").orElseThrow().lastUsedAt())
                .isBetween(now.get().minusSeconds(5), now.get().plusSeconds(5));
    }

    @Test
    void telling_who_asks_takes_less_than_fifty_microseconds() {
        String header = "Bearer " + create("quick");
        ring.refresh();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long begun = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                ring.authenticate(header);
            }
            best = Math.min(best, (System.nanoTime() - begun) / 1000);
        }
        assertThat(best).as("ns for one").isLessThan(50_000);
    }
}
