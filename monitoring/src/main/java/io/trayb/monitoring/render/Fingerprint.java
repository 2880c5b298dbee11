package io.trayb.monitoring.render;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells one set of rules from another: the beginning of the SHA-256 of the rules' file without its fingerprint. */
final class Fingerprint {
    /** 48 bits: two of a million versions share one with a chance of one in five hundred. */
    private static final int BYTES = 6;

    private Fingerprint() {}

    static String of(String rules) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(rules.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }
}
