package io.trayb.jobs.api;

import io.trayb.http.ProblemException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids of jobs in paths. To clients they are opaque, so one of another shape is one that doesn't exist. */
final class JobIds {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final int SHOWN = 100;

    private JobIds() {}

    /** @throws ProblemException 404 if no job can have this id */
    static UUID parse(String id) {
        return read(id).orElseThrow(() -> unknown(id));
    }

    /** Empty if no job can have this id. */
    static Optional<UUID> read(String id) {
        return UUID_TEXT.matcher(id).matches() ? Optional.of(UUID.fromString(id)) : Optional.empty();
    }

    static ProblemException unknown(String id) {
        return ProblemException.of(
                404, "there is no job '" + (id.length() <= SHOWN ? id : id.substring(0, SHOWN) + "…") + "'");
    }
}
