package io.trayb.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/** A problem's bytes. */
final class ProblemJson {
    private ProblemJson() {}

    static byte[] bytes(Problem problem, ObjectMapper json) {
        try {
            return json.writeValueAsBytes(problem);
        } catch (JsonProcessingException e) {
            // Texts, numbers and booleans only: if these can't be written, nothing can.
            throw new UncheckedIOException(e);
        }
    }
}
