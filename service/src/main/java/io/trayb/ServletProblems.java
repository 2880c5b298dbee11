package io.trayb;

import io.trayb.events.ProblemWriter;
import io.trayb.http.Problem;
import io.trayb.http.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** Lets the event servlets refuse in the same words as every other part. */
record ServletProblems(io.trayb.http.ProblemWriter writer) implements ProblemWriter {
    @Override
    public void write(HttpServletResponse response, int status, String detail, List<FieldError> errors)
            throws IOException {
        Problem plain = Problem.of(status, detail);
        List<io.trayb.http.FieldError> fields = errors.stream()
                .map(error -> new io.trayb.http.FieldError(error.field(), error.value(), error.message()))
                .toList();
        writer.write(response, new ProblemException(new Problem(plain.type(), plain.title(), status, detail, fields)));
    }
}
