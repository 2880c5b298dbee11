package io.trayb.openapi;

import io.trayb.http.FieldError;
import io.trayb.http.Problem;

/** The schema of errors. */
final class Problems {
    static final Schema PROBLEM = RecordSchema.of(Problem.class)
            .field(
                    "type",
                    "A URI that names the kind of problem; `about:blank` where the status says it all, which it does so far.")
            .field("title", "The kind of problem in a few words.")
            .field("status", Schema.whole(400, 599), "The HTTP status.")
            .field("detail", "A sentence about this occurrence that says what to do. For people: its words may change.")
            .field("errors", Schema.list(fieldError()), "What is wrong with which field; left out if it is no field.")
            .named("Problem");

    private Problems() {}

    private static Schema fieldError() {
        return RecordSchema.of(FieldError.class)
                .field("field", "The path to it, such as `jobs[3].priority`; of a parameter its name.")
                .field("value", Schema.anything(), "What was sent, shortened where it is long; `null` if nothing was.")
                .field("message", "What is allowed. For people: its words may change.")
                .named("FieldError");
    }
}
