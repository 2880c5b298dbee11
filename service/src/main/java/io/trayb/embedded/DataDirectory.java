package io.trayb.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the embedded engines keep their files ({@code DATA_DIR}). One process at a time works on it; what that process is
 * killed by doesn't matter, since the operating system gives the lock back.
 *
 * <p>Thread-safe.
 */
public final class DataDirectory {
    private final Path root;

    private DataDirectory(Path root) {
        this.root = root;
    }

    /** The directory at a path, which needn't exist yet. */
    public static DataDirectory at(Path path) {
        return new DataDirectory(path.toAbsolutePath().normalize());
    }

    public Path root() {
        return root;
    }

    /** A file or directory in it. */
    Path resolve(String name) {
        return root.resolve(name);
    }

    /** Creates it if it isn't there. */
    void create() {
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw unusable(e);
        }
        if (!Files.isWritable(root)) {
            throw unusable(null);
        }
    }

    /**
     * Takes it for this process, until the lock is closed or the process ends; empty if another process has it.
     *
     * @throws EmbeddedException when the directory can't be made or written
     */
    Optional<Lock> tryLock() {
        create();
        try {
            FileChannel channel = FileChannel.open(
                    resolve("trayb.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = lock(channel);
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid())));
            return Optional.of(new Lock(channel));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Takes it for this process, or says who has it.
     *
     * @throws EmbeddedException when another process has it, or it can't be written
     */
    Lock lock() {
        return tryLock()
                .orElseThrow(() -> new EmbeddedException(
                        "DATA_DIR " + root + " is in use by another Trayb" + holder()
                                + "; stop that one, or start this one with another DATA_DIR",
                        null));
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Somebody else in this very process, which counts the same.
            return null;
        }
    }

    private String holder() {
        try {
            return " (process " + Files.readString(resolve("trayb.lock")).strip() + ")";
        } catch (IOException e) {
            // Only the sentence is poorer for it.
            return "";
        }
    }

    private EmbeddedException unusable(@Nullable IOException cause) {
        return new EmbeddedException(
                "DATA_DIR " + root + " can't be written" + (cause == null ? "" : " (" + cause + ")")
                        + "; make it writable, free some space, or set DATA_DIR to another place",
                cause);
    }

    /** The right to work on the directory. */
    record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new EmbeddedException("the lock of the data directory can't be given back: " + e.getMessage(), e);
            }
        }
    }
}
