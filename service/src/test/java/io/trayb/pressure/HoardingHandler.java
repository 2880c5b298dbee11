package io.trayb.pressure;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds {@code mib} of memory, in pieces of {@code pieceBytes}, until there is a file {@code until}. */
public final class HoardingHandler implements JobHandler<JsonNode> {
    static final String TYPE = "pressure.hoard";
    /** Of an array, in bytes. */
    private static final int HEADER = 16;

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public @Nullable Object run(JsonNode payload, JobContext job) throws InterruptedException {
        // In small pieces: large ones have regions of the heap of their own.
        int bytes = payload.path("pieceBytes").asInt(64 * 1024);
        int pieces = payload.path("mib").asInt() * 1024 * 1024 / (bytes + HEADER);
        List<byte[]> hoard = new ArrayList<>(pieces);
        for (int i = 0; i < pieces; i++) {
            hoard.add(new byte[bytes]);
        }
        Path until = Path.of(payload.path("until").asText());
        while (!Files.exists(until)) {
            // The test is another process: it can't wake this one, only leave a file.
            Thread.sleep(50);
        }
        return hoard.size();
    }
}
