package io.trayb.safety;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.trayb.http.StrictJson;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All that clients did and the nemesis did to them, in memory and, line by line, in a file for people. Thread-safe. */
final class History implements Closeable {
    private static final ObjectMapper JSON = StrictJson.newMapper();

    private final List<Operation> operations = new ArrayList<>();
    private final BufferedWriter file;

    History(Path file) throws IOException {
        this.file = Files.newBufferedWriter(file);
    }

    synchronized void add(Operation operation) {
        operations.add(operation);
        write(operation);
    }

    /** Writes what happened beside the operations: faults, and the phases of the run. */
    synchronized void say(String what) {
        write(Map.of("at", Instant.now().toString(), "said", what));
    }

    synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    private void write(Object line) {
        try {
            file.write(JSON.writeValueAsString(line));
            file.newLine();
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the history can't be written", e);
        }
    }
}
