package io.trayb.jobs.api;

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

    /** The entity tag of the body, without the quotes that an {@code ETag} header has around it. */
    String tag() {
        return tag;
    }
}
