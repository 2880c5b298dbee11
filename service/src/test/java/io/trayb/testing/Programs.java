package io.trayb.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Programs that this machine has; the launcher installs those that tests need. */
public final class Programs {
    private Programs() {}

    /** The first of these that the PATH has, or the folder of servers, which isn't on everybody's PATH. */
    public static Path find(String... names) {
        return Stream.concat(Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1)), Stream.of("/usr/sbin"))
                .flatMap(folder -> Arrays.stream(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "there is none of " + List.of(names) + " here: `./trayb test` installs it"));
    }
}
