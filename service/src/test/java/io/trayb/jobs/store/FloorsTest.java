package io.trayb.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.jobs.store.Floors.Level;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FloorsTest {
    private static final String ZERO = "00000000-0000-0000-0000-000000000000";
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123456Z");

    @Test
    void what_has_no_floor_belongs_to_the_stretch_before_it() {
        UUID id = UUID.fromString("f0000000-0000-0000-0000-000000000001");

        Floors floors = Floors.of(Map.of(
                new Level("mail", "noop", 3), new Place(NOON, id), new Level("mail", "noop", 7), Place.before(NOON)));

        assertThat(floors.stretches())
                .isEqualTo("{\"mail\":{\"noop\":["
                        + "[0,\"1970-01-01T00:00:00Z\",\"" + ZERO + "\",3],"
                        + "[3,\"2026-11-24T12:00:00.123456Z\",\"" + id + "\",7],"
                        + "[7,\"2026-11-24T12:00:00.123456Z\",\"" + ZERO + "\",10]]}}");
    }

    @Test
    void each_queue_and_type_has_stretches_of_its_own() {
        Floors floors = Floors.of(Map.of(
                new Level("mail", "noop", 0), Place.before(NOON),
                new Level("mail", "echo", 9), Place.before(NOON),
                new Level("post", "echo", 0), Place.before(NOON)));

        assertThat(floors.stretches())
                .isEqualTo("{\"mail\":{\"echo\":[[0,\"1970-01-01T00:00:00Z\",\"" + ZERO + "\",9],[9,\"" + NOON + "\",\""
                        + ZERO + "\",10]],\"noop\":[[0,\"" + NOON + "\",\"" + ZERO
                        + "\",10]]},\"post\":{\"echo\":[[0,\""
                        + NOON + "\",\"" + ZERO + "\",10]]}}");
        assertThat(Floors.NONE.stretches()).isEqualTo("{}");
    }

    @Test
    void places_are_ordered_as_the_database_orders_them() {
        Place low = new Place(NOON, UUID.fromString("7f000000-0000-0000-0000-000000000000"));
        Place high = new Place(NOON, UUID.fromString("80000000-0000-0000-0000-000000000000"));

        assertThat(low).isLessThan(high);
        assertThat(high).isLessThan(Place.before(NOON.plusNanos(1_000)));
        assertThat(Place.before(NOON)).isLessThan(low);
    }
}
