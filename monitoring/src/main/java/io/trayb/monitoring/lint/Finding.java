package io.trayb.monitoring.lint;

/**
 * Something in a catalogue that can't be right.
 *
 * @param check the name of the check that found it
 * @param path where it is, such as {@code alerts/TraybJobBacklog/description}
 * @param message what is wrong and what is allowed, in a sentence
 */
public record Finding(String check, String path, String message) implements Comparable<Finding> {
    @Override
    public int compareTo(Finding other) {
        int byPath = path.compareTo(other.path);
        return byPath != 0 ? byPath : message.compareTo(other.message);
    }

    @Override
    public String toString() {
        return path + ": " + message + " [" + check + "]";
    }
}
