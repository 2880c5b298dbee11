package io.trayb.jobs.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/** A finished job as it is answered. Immutable, since nobody who gets at the bytes writes to them. */
final class CachedJob {
    private final byte[] body;
    private final String tag;

    /** @param body JSON; not copied */
    CachedJob(byte[] body) {
        this.body = body;
        this.tag = Digests.of(body);
    }

    /** JSON; to be read only. */
    byte[] body() {
        return body;
    }

    /** The queue that the job is on. Read out of the body, for the few callers who can't see all queues. */
    String queue(ObjectMapper json) throws IOException {
        try (JsonParser parser = json.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if ("queue".equals(field)) {
                    return parser.getText();
                }
                parser.skipChildren();
            }
        }
        throw new IllegalStateException("a job has a queue");
    }

    /** The entity tag of the body, without the quotes that an {@code ETag} header has around it. */
    String tag() {
        return tag;
    }
}
