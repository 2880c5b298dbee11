package io.trayb.keys.api;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.trayb.fuzz.Promise;
import io.trayb.http.BodyRequired;
import io.trayb.http.ExceptionProblems;
import io.trayb.http.ProblemException;
import io.trayb.http.StrictJson;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;

/** What a fuzzer asks of the body that asks for a key. */
public final class KeyTexts {
    private static final JsonMapper JSON = StrictJson.newMapper();
    private static final Instant NOW = Instant.parse("2026-11-28T02:30:00Z");
    private static final ExceptionProblems PROBLEMS = new ExceptionProblems(() -> new UUID(0, 0));

    private KeyTexts() {}

    /** The body of {@code POST /api/v1/keys}: read as a record, unlike those of jobs. */
    public static void request(byte[] body) {
        try {
            KeyRequest request = BodyRequired.bounded(() -> JSON.readValue(body, KeyRequest.class));
            if (request != null) {
                Promise.that(!request.read("fuzzer", NOW).scopes().isEmpty(), "has scopes");
            }
        } catch (ProblemException refused) {
            Promise.that(refused.problem().status() == 400, "is the client's mistake");
        } catch (IOException e) {
            Promise.that(PROBLEMS.of(e).problem().status() == 400, "is the client's mistake");
        }
    }
}
