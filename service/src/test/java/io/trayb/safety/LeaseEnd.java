package io.trayb.safety;

/**
 * A process gave up or lost the lease on everything that it held, at some moment between two others (microseconds).
 *
 * @param worker its process id
 */
record LeaseEnd(String worker, long notBefore, long notAfter) {
    boolean mayBeWithin(long from, long to) {
        return notAfter >= from && notBefore <= to;
    }
}
