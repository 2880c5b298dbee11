package io.trayb.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * The engines' programs, unpacked from the jar once. They stay under the data directory and not in a temporary one, which
 * gets cleaned under a running server.
 *
 * @param directory where they are
 */
record EngineBinaries(Path directory) {
    private static final Logger LOGGER = LoggerFactory.getLogger(EngineBinaries.class);
    /** Part of the directory's name, so that another version is unpacked beside and never over a running one. */
    private static final String POSTGRES = "postgres-18.6.0";

    private static final String REDIS = "redis-6.2";

    /** The directory with {@code bin/initdb} and {@code bin/postgres}. */
    Path postgres() {
        Path target = directory.resolve(POSTGRES);
        if (!Files.exists(target)) {
            LOGGER.info("Unpacking Postgres to {} (once)", target);
            unpack(target, this::unpackPostgres);
        }
        return target;
    }

    /** The program {@code redis-server}. */
    Path redis() {
        Path target = directory.resolve(REDIS);
        if (!Files.exists(target)) {
            unpack(target, EngineBinaries::copyRedis);
        }
        return target.resolve("redis-server");
    }

    /** Unpacks beside the target and renames, so that a target that exists is complete. */
    private void unpack(Path target, Unpacking unpacking) {
        Path fresh = directory.resolve(target.getFileName() + ".new");
        try {
            EngineFiles.deleteTree(fresh);
            Files.createDirectories(fresh);
            unpacking.into(fresh);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new EmbeddedException(
                    "the embedded engine can't be unpacked to " + target + ": " + e
                            + "; it needs 100 MB of free space there",
                    e);
        }
    }

    private void unpackPostgres(Path target) throws IOException {
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        if (!System.getProperty("os.name").equals("Linux") || !machine.equals("x86_64")) {
            throw new EmbeddedException(
                    "there is no embedded Postgres for " + System.getProperty("os.name") + " on " + machine
                            + "; start a Postgres of your own and set DATABASE_URL",
                    null);
        }
        try (InputStream packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary("Linux", machine);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(tar, entry, target);
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
            throw new IOException("the archive has a file outside of itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, file);
        if ((entry.getMode() & 0100) != 0) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private static void copyRedis(Path target) throws IOException {
        String resource = ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
        InputStream packed = resource == null ? null : ExecutableProvider.class.getResourceAsStream(resource);
        if (packed == null) {
            throw new EmbeddedException(
                    "there is no embedded Redis for this machine; start a Redis of your own and set REDIS_URL", null);
        }
        try (packed) {
            Path program = target.resolve("redis-server");
            Files.copy(packed, program);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @FunctionalInterface
    private interface Unpacking {
        void into(Path target) throws IOException;
    }
}
