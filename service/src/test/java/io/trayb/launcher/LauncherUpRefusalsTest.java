package io.trayb.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What `up` finds wrong before it builds or starts anything. */
class LauncherUpRefusalsTest {
    @TempDir
    private Path dataDir;

    private Launcher launcher = Launcher.inClone();

    @BeforeEach
    void with_a_folder_of_its_own() {
        launcher = launcher.with("DATA_DIR", dataDir);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PORT", "ADMIN_PORT", "PROMETHEUS_PORT", "ALERTMANAGER_PORT"})
    void a_port_in_use_is_told_with_its_holder_and_the_variable_that_changes_it(String variable) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Launcher.Ended ended =
                    freePorts().with(variable, taken.getLocalPort()).run("up");
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("port " + taken.getLocalPort() + " (" + variable + ") is in use")
                    .contains("java (pid " + ProcessHandle.current().pid() + ")")
                    .contains(variable + "=0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "65536", "999999", "80 80", "0x50"})
    void a_port_that_is_none_is_refused_with_what_is_allowed(String port) throws Exception {
        Launcher.Ended ended = launcher.with("PORT", port).run("up");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("PORT is '" + port + "'", "0 to 65535");
    }

    @Test
    void two_parts_cannot_have_one_port() throws Exception {
        int port = freePort();
        assertThat(freePorts()
                        .with("PORT", port)
                        .with("ADMIN_PORT", port)
                        .run("up")
                        .err())
                .contains("PORT and ADMIN_PORT are both " + port);
    }

    @Test
    void an_option_that_it_does_not_know_is_named() throws Exception {
        Launcher.Ended ended = launcher.run("up", "--service-olny");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--service-olny", "--service-only");
    }

    @Test
    void a_data_folder_that_cannot_be_written_is_named() throws Exception {
        Path file = Files.createFile(dataDir.resolve("file"));
        assertThat(launcher.with("DATA_DIR", file).run("up").err()).contains("DATA_DIR (" + file + ")");
    }

    @Test
    void a_second_start_on_one_data_folder_is_refused() throws Exception {
        Files.createDirectories(dataDir.resolve("run"));
        Process holder = waiting("flock", dataDir.resolve("run/up.lock").toString(), "sh", "-c", "echo held; exec cat");
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");
            Launcher.Ended ended = freePorts().run("up");
            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err()).contains("another ./trayb up is running on " + dataDir);
        } finally {
            holder.getOutputStream().close();
        }
    }

    @Test
    void a_java_home_that_holds_no_jdk_is_told_and_not_replaced_by_another_one() throws Exception {
        assertThat(freePorts().with("JAVA_HOME", dataDir).run("up").err())
                .contains("JAVA_HOME is '" + dataDir + "'", "no bin/java");
    }

    @Test
    void what_a_killed_launcher_left_running_is_ended_and_a_stranger_with_its_pid_is_not() throws Exception {
        Process leftover = waiting("cat");
        Process stranger = waiting("cat");
        Path run = Files.createDirectories(dataDir.resolve("run"));
        String birth = birthOf(leftover);
        Files.writeString(run.resolve("prometheus.pid"), leftover.pid() + " " + birth + "\n");
        Files.writeString(run.resolve("alertmanager.pid"), stranger.pid() + " " + birth + "\n");
        try {
            // Ends after the leftovers, at the port.
            Launcher.Ended ended = launcher.with("PORT", "none").run("up");
            assertThat(ended.out()).contains("pid " + leftover.pid()).doesNotContain("pid " + stranger.pid());
            assertThat(leftover.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(run).isDirectoryNotContaining("glob:**.pid");
        } finally {
            leftover.getOutputStream().close();
            stranger.getOutputStream().close();
        }
    }

    private Launcher freePorts() {
        return launcher.with("PORT", 0)
                .with("ADMIN_PORT", 0)
                .with("PROMETHEUS_PORT", 0)
                .with("ALERTMANAGER_PORT", 0);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A process that waits until its standard input is closed. */
    private static Process waiting(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        Awaitility.await().until(() -> process.info().startInstant().isPresent());
        return process;
    }

    /** As the launcher notes it: the boot, and the start in ticks since then (proc(5), field 22 of stat). */
    private static String birthOf(Process process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String boot =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        return boot + ":" + stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
    }
}
