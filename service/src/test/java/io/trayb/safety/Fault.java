package io.trayb.safety;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/**
 * One thing that the nemesis does.
 *
 * @param node which node it is done to, where it is done to one
 * @param amount how many answers are cut, or for how many milliseconds something is away or stands still
 * @param pauseMs until the next
 */
record Fault(Kind kind, int node, int amount, int pauseMs) {
    enum Kind {
        /** kill -9; started again at once. */
        KILL,
        /** Stands still for longer than its lease. */
        FREEZE,
        /** Ended in good order and started again. */
        RESTART,
        /** Postgres stops in immediate mode and comes back. */
        CRASH_POSTGRES,
        /** Redis goes and comes back empty. */
        RESTART_REDIS,
        EMPTY_REDIS,
        /** Calls to a node arrive, their answers don't. */
        CUT_ANSWERS,
        /** Statements of a node arrive in Postgres, their answers don't. */
        CUT_POSTGRES_ANSWERS,
        /** All connections of a node to Postgres break. */
        CUT_POSTGRES,
        /** PgBouncer is killed and comes back; only in a run that has it before all. */
        RESTART_PGBOUNCER,
        /** The primary is killed, its synchronous standby takes over, and it comes back as that one's; only in a run with a pair. */
        FAIL_OVER
    }

    /** For how long a frozen process stands still at most; longer than its lease by more than it takes to notice. */
    static final int LONGEST_FREEZE_MS = 6000;

    private static final int SHORTEST_FREEZE_MS = 4000;

    /**
     * The faults of a seed: the same for the same seed. Each kind comes once before any comes again.
     *
     * @param lastsMs how long all their pauses take together, at least
     */
    static List<Fault> plan(long seed, EnumSet<Kind> kinds, int nodes, int lastsMs, int longestPauseMs) {
        Random random = new Random(seed);
        List<Fault> plan = new ArrayList<>();
        List<Kind> round = new ArrayList<>();
        for (int elapsed = 0; elapsed < lastsMs || !round.isEmpty(); ) {
            if (round.isEmpty()) {
                round.addAll(kinds);
                Collections.shuffle(round, random);
            }
            Kind kind = round.remove(0);
            Fault fault =
                    new Fault(kind, random.nextInt(nodes), amount(kind, random), 300 + random.nextInt(longestPauseMs));
            plan.add(fault);
            elapsed += fault.pauseMs();
        }
        return plan;
    }

    private static int amount(Kind kind, Random random) {
        return switch (kind) {
            case FREEZE -> SHORTEST_FREEZE_MS + random.nextInt(LONGEST_FREEZE_MS - SHORTEST_FREEZE_MS);
            case CRASH_POSTGRES, RESTART_REDIS, RESTART_PGBOUNCER, FAIL_OVER -> random.nextInt(1000);
            case CUT_ANSWERS, CUT_POSTGRES_ANSWERS -> 1 + random.nextInt(6);
            default -> 0;
        };
    }
}
