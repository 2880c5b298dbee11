package io.trayb.jobs.api;

import com.google.common.hash.Hashing;

/** Short names for what a body says. */
final class Digests {
    private Digests() {}

    /** 128 bits of a fast hash, in hex: enough for two states of a job never to share an entity tag by accident. */
    static String of(byte[] body) {
        return Hashing.murmur3_128().hashBytes(body).toString();
    }
}
