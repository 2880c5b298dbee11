package io.trayb.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.RedirectionException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;

/**
 * Whatever a resource throws, as a problem. Registered once for everything, and once more for each type that Jersey brings a
 * mapper of its own for: the mapper whose type is nearest wins.
 */
class ProblemMapper<T extends Throwable> implements ExceptionMapper<T> {
    private final ExceptionProblems problems;
    private final ObjectMapper json;

    ProblemMapper(ExceptionProblems problems, ObjectMapper json) {
        this.problems = problems;
        this.json = json;
    }

    @Override
    public Response toResponse(T thrown) {
        if (thrown instanceof RedirectionException redirection) {
            return redirection.getResponse();
        }
        ProblemException answer = problems.of(thrown);
        // Bytes, so that no Accept header and no provider can get between the client and what went wrong.
        Response.ResponseBuilder response = Response.status(answer.problem().status())
                .type(Problem.MEDIA_TYPE)
                .header("Cache-Control", "no-store")
                .entity(ProblemJson.bytes(answer.problem(), json));
        answer.headers().forEach(response::header);
        return response.build();
    }
}
