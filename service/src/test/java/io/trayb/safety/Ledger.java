package io.trayb.safety;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which service processes ended, and which gave up or lost their leases. Thread-safe. */
final class Ledger {
    private final Map<String, Long> exits = new HashMap<>();
    private final List<LeaseEnd> leaseEnds = new ArrayList<>();

    synchronized void exited(long pid) {
        exits.put(Long.toString(pid), Micros.now());
    }

    synchronized void gaveUp(LeaseEnd end) {
        leaseEnds.add(end);
    }

    synchronized Map<String, Long> exits() {
        return Map.copyOf(exits);
    }

    synchronized List<LeaseEnd> leaseEnds() {
        return List.copyOf(leaseEnds);
    }
}
