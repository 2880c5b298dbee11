package io.trayb.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Another host, in a network namespace of its own, joined to this one by a pair of virtual Ethernet devices: it can vanish
 * without a word, as no process on this host can. Needs root and iproute2.
 */
final class OtherHost implements AutoCloseable {
    /** Where this host is seen from there. */
    static final String HERE = "198.18.77.1";

    /** From the block for tests of network devices (RFC 2544), so that nothing real is there. */
    private static final String THERE = "198.18.77.2";

    private static final String NAME = "trayb-other-" + ProcessHandle.current().pid();
    private static final String DEVICE = "trb" + ProcessHandle.current().pid() % 1_000_000;

    private final List<Process> processes = new ArrayList<>();

    OtherHost() throws IOException {
        ip("netns", "add", NAME);
        try {
            ip("link", "add", DEVICE + "a", "type", "veth", "peer", "name", DEVICE + "b", "netns", NAME);
            ip("addr", "add", HERE + "/30", "dev", DEVICE + "a");
            ip("link", "set", DEVICE + "a", "up");
            ip("-n", NAME, "addr", "add", THERE + "/30", "dev", DEVICE + "b");
            ip("-n", NAME, "link", "set", DEVICE + "b", "up");
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Whether this process may make one. */
    static boolean isPossible() {
        return System.getProperty("user.name").equals("root");
    }

    /** Runs a program there, until the close. */
    void run(String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", NAME));
        whole.addAll(List.of(command));
        processes.add(new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** From now on it takes no packet and sends none; its programs hear nothing of it. */
    void vanish() throws IOException {
        ip("-n", NAME, "addr", "del", THERE + "/30", "dev", DEVICE + "b");
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.destroyForcibly().onExit().join();
        }
        ip("netns", "delete", NAME);
    }

    private static void ip(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(command + ": " + said);
        }
    }
}
