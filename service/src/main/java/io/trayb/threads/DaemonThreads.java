package io.trayb.threads;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads of executors: named, and no reason for the process to stay. */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** One thread of that name; should it die, the next has the same. */
    public static ThreadFactory named(String name) {
        return task -> daemon(task, name);
    }

    /** Threads with a number after the name, from 1. */
    public static ThreadFactory numbered(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> daemon(task, name + "-" + number.incrementAndGet());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
