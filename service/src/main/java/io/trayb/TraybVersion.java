package io.trayb;

import java.util.Optional;

/** The version that the jar's manifest states. */
final class TraybVersion {
    private TraybVersion() {}

    static String current() {
        // Classes that were never packed, as in an IDE, have none.
        return Optional.ofNullable(TraybVersion.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
