package io.trayb.keys.ring;

import io.trayb.keys.Caller;
import io.trayb.keys.store.KeyRows;
import io.trayb.keys.store.StoredKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All keys as they were at one moment. Immutable. */
final class KnownKeys {
    /** A key and whom it stands for. */
    record Known(StoredKey stored, Caller caller) {}

    private final KeyRows.Edition edition;
    private final Map<String, Known> byId = new HashMap<>();
    private final Map<String, Known> byName = new HashMap<>();

    /** @param live whether the key of an id is good now; asked as long as anything of that key's is open */
    KnownKeys(KeyRows.Edition edition, List<StoredKey> keys, Predicate<String> live) {
        this.edition = edition;
        for (StoredKey stored : keys) {
            String id = stored.key().id();
            Known known = new Known(stored, Caller.of(stored.key(), () -> live.test(id)));
            byId.put(id, known);
            byName.put(stored.key().name(), known);
        }
    }

    KeyRows.Edition edition() {
        return edition;
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    @Nullable
    Known byId(String id) {
        return byId.get(id);
    }

    @Nullable
    Known byName(String name) {
        return byName.get(name);
    }
}
