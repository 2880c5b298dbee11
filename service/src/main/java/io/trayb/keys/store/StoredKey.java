package io.trayb.keys.store;

import io.trayb.keys.ApiKey;
import io.trayb.keys.KeyText;
import java.security.MessageDigest;

/** A key with what its text is told by. Immutable, since nobody writes to the bytes. */
public final class StoredKey {
    private final ApiKey key;
    private final byte[] salt;
    private final byte[] hash;

    StoredKey(ApiKey key, byte[] salt, byte[] hash) {
        this.key = key;
        this.salt = salt.clone();
        this.hash = hash.clone();
    }

    public ApiKey key() {
        return key;
    }

    /** Whether this text is the key's; takes the same time whatever the text. */
    public boolean isFor(KeyText text) {
        return MessageDigest.isEqual(hash, text.hash(salt));
    }
}
