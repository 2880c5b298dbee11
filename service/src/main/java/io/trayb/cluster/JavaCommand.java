package io.trayb.cluster;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The command line of another JVM like this one: the same Java, the same jars, the same properties, but a heap of its own. */
public final class JavaCommand {
    /** What a JVM takes of the memory when nothing is said, in percent. */
    private static final int USUAL_SHARE = 25;
    /** The rest is for what isn't heap, for the embedded engines, and for the files that the system keeps in memory. */
    private static final int SHARE_OF_ALL = 50;

    private static final Pattern HEAP =
            Pattern.compile("-Xmx\\S+|-XX:MaxHeapSize=\\S+|-XX:MaxRAMPercentage=\\S+|-XX:MaxRAMFraction=\\S+");
    private static final Pattern INHERITED =
            Pattern.compile("-D.*|--enable-native-access=.*|--add-(opens|exports|modules|reads)=.*");

    private JavaCommand() {}

    /**
     * The command.
     *
     * @param processes how many JVMs share the machine; without a heap in {@code JAVA_OPTS} they get half of its memory together,
     *     and none more than a JVM alone would
     * @param environment has {@code JAVA_OPTS}
     */
    public static List<String> of(
            String mainClass, List<String> arguments, int processes, Map<String, String> environment) {
        // In a session of its own, so that a Ctrl-C on the terminal reaches the supervisor alone and the order of
        // things is its.
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> INHERITED.matcher(argument).matches())
                .forEach(command::add);
        command.addAll(options(processes, environment));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return command;
    }

    /** What {@code JAVA_OPTS} says, and a heap where it says nothing of that. */
    static List<String> options(int processes, Map<String, String> environment) {
        List<String> options = new ArrayList<>();
        String given = environment.getOrDefault("JAVA_OPTS", "");
        String everywhere = environment.getOrDefault("JAVA_TOOL_OPTIONS", "");
        if (!HEAP.matcher(given + " " + everywhere).find()) {
            options.add("-XX:MaxRAMPercentage=" + Math.max(1, Math.min(USUAL_SHARE, SHARE_OF_ALL / processes)));
        }
        if (!given.isBlank()) {
            options.addAll(List.of(given.strip().split("\\s+")));
        }
        return options;
    }
}
