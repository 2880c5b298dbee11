package io.trayb.monitoring.deployed;

/**
 * Something that is deployed otherwise than it would be generated.
 *
 * @param what it is about: {@code rule TraybJobBacklog}, {@code dashboard trayb-jobs}, {@code alertmanager /route/receiver}
 * @param text how it differs, as the rest of the sentence
 */
public record Deviation(String what, String text) {
    @Override
    public String toString() {
        return what + " " + text;
    }
}
