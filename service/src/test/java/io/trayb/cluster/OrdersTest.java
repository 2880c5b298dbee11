package io.trayb.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.cluster.Orders.Order;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private final List<Integer> halts = new ArrayList<>();
    private final Orders orders = new Orders(halts::add);

    @Test
    void who_is_told_to_stop_before_the_loop_does_not_begin_it() {
        orders.stop();

        assertThat(orders.beginLoop()).isFalse();
        assertThat(halts).isEmpty();
    }

    @Test
    void what_is_about_to_be_started_is_not_replaced() throws Exception {
        orders.restart();

        assertThat(orders.beginLoop()).isTrue();
        assertThat(orders.poll(0)).isNull();
    }

    @Test
    void the_loop_gets_each_stop_and_nothing_halts() throws Exception {
        orders.beginLoop();
        orders.stop();
        orders.stop();

        assertThat(orders.poll(0)).isEqualTo(Order.STOP);
        assertThat(orders.poll(0)).isEqualTo(Order.STOP);
        assertThat(halts).isEmpty();
    }

    @Test
    void a_second_stop_while_the_engines_start_or_stop_ends_it_at_once() {
        orders.stop();
        orders.stop();

        assertThat(halts).containsExactly(143);
    }

    @Test
    void after_giving_up_the_first_stop_lets_the_engines_end() {
        orders.beginLoop();
        orders.endLoop();
        orders.stop();
        assertThat(halts).isEmpty();
        orders.stop();
        assertThat(halts).containsExactly(143);
    }

    @Test
    void a_terminal_that_is_gone_is_never_the_second_time() throws Exception {
        orders.beginLoop();
        orders.hangUp();
        orders.hangUp();
        assertThat(orders.poll(0)).isEqualTo(Order.STOP);
        assertThat(orders.poll(0)).isNull();

        orders.endLoop();
        orders.hangUp();
        assertThat(halts).isEmpty();
    }
}
