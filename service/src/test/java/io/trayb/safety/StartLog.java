package io.trayb.safety;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of starts and their ends, one a line. Each line is one write at the file's end: it is the operating system's from then
 * on and outlives the process, however that ends. Thread-safe.
 */
final class StartLog {
    private static final String BEGAN = "began";
    private static final String ENDED = "ended";

    private final Path file;

    StartLog(Path file) {
        this.file = file;
    }

    void began(Start start) throws IOException {
        append(String.join(
                " ",
                BEGAN,
                start.id(),
                start.job(),
                Integer.toString(start.attempt()),
                start.worker(),
                Long.toString(start.began()),
                Long.toString(start.leasedAt()),
                Long.toString(start.leaseMs())));
    }

    void ended(String start, long at) throws IOException {
        append(String.join(" ", ENDED, start, Long.toString(at)));
    }

    /** All that was recorded, in order of the beginnings. */
    List<Start> read() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String all = Files.readString(file);
        // What follows the last line's end was cut off amid its write.
        String[] lines = all.substring(0, all.lastIndexOf('\n') + 1).split("\n", -1);
        Map<String, Start> starts = new LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            if (words[0].equals(BEGAN)) {
                starts.put(
                        words[1],
                        new Start(
                                words[1],
                                words[2],
                                Integer.parseInt(words[3]),
                                words[4],
                                Long.parseLong(words[5]),
                                null,
                                Long.parseLong(words[6]),
                                Long.parseLong(words[7])));
            } else if (words[0].equals(ENDED)) {
                starts.computeIfPresent(words[1], (id, start) -> ended(start, Long.parseLong(words[2])));
            }
        }
        return new ArrayList<>(starts.values());
    }

    private static Start ended(Start start, long at) {
        return new Start(
                start.id(),
                start.job(),
                start.attempt(),
                start.worker(),
                start.began(),
                at,
                start.leasedAt(),
                start.leaseMs());
    }

    private void append(String line) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        }
    }
}
