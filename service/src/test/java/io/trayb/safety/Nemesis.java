package io.trayb.safety;

import io.trayb.testing.TestPgBouncer;
import io.trayb.testing.TestPostgresPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Does a plan of faults to a cluster, one after the other, while nodes come back and thaw in their own time. For one thread. */
final class Nemesis {
    private static final int LOOK_EVERY_MS = 50;

    private record Frozen(Node node, long until) {}

    private final Cluster cluster;
    private final History history;
    private final List<Frozen> frozen = new ArrayList<>();

    Nemesis(Cluster cluster, History history) {
        this.cluster = cluster;
        this.history = history;
    }

    void run(List<Fault> plan) throws Exception {
        for (Fault fault : plan) {
            history.say(fault + (strike(fault) ? "" : ": not done, its node doesn't run"));
            pause(fault.pauseMs());
        }
    }

    /** Undoes all that was done, and waits until every node serves. */
    void heal() throws Exception {
        while (!frozen.isEmpty()) {
            pause(LOOK_EVERY_MS);
        }
        for (Node node : cluster.nodes()) {
            node.http().heal();
            node.postgres().heal();
        }
        history.say("healed");
    }

    private boolean strike(Fault fault) throws Exception {
        Node node = cluster.nodes().get(fault.node());
        switch (fault.kind()) {
            case KILL -> {
                if (!node.isGoing()) {
                    return false;
                }
                node.kill();
                node.start();
            }
            case FREEZE -> {
                if (!node.isServing()) {
                    return false;
                }
                node.freeze();
                frozen.add(new Frozen(node, Micros.now() + Micros.ofMillis(fault.amount())));
            }
            case RESTART -> {
                if (!node.isServing()) {
                    return false;
                }
                node.stop();
                node.start();
            }
            case CRASH_POSTGRES -> {
                cluster.postgres().crash();
                pause(fault.amount());
                cluster.postgres().start();
            }
            case RESTART_REDIS -> {
                cluster.redis().stop();
                pause(fault.amount());
                cluster.redis().start();
            }
            case EMPTY_REDIS -> cluster.redis().empty();
            case CUT_ANSWERS -> node.http().cutAnswers(fault.amount());
            case CUT_POSTGRES_ANSWERS -> node.postgres().cutAnswers(fault.amount());
            case RESTART_PGBOUNCER -> {
                TestPgBouncer pgbouncer = Objects.requireNonNull(cluster.pgbouncer(), "no PgBouncer to restart");
                pgbouncer.kill();
                pause(fault.amount());
                pgbouncer.start();
            }
            case CUT_POSTGRES -> node.postgres().cutAll();
            case FAIL_OVER -> {
                TestPostgresPair pair = Objects.requireNonNull(cluster.pair(), "no standby to fail over to");
                pair.killPrimary();
                pause(fault.amount());
                pair.promote();
                cluster.leadToPrimary();
                pair.rejoin();
            }
        }
        return true;
    }

    /** Lets the load go on for a while, and thaws and leads to nodes meanwhile. */
    private void pause(long ms) throws Exception {
        long until = Micros.now() + Micros.ofMillis(ms);
        do {
            thawThoseWhoseTimeHasCome();
            leadToNodes();
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        } while (Micros.now() < until);
    }

    private void thawThoseWhoseTimeHasCome() throws Exception {
        for (Frozen each : List.copyOf(frozen)) {
            if (each.until() <= Micros.now()) {
                each.node().thaw();
                frozen.remove(each);
                history.say(each.node().name() + " thaws");
            }
        }
    }

    private void leadToNodes() throws IOException {
        for (Node node : cluster.nodes()) {
            node.isServing();
        }
    }
}
