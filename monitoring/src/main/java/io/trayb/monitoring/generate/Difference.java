package io.trayb.monitoring.generate;

/**
 * A file in which the disk isn't what the code says.
 *
 * @param path below the root, with slashes
 * @param what in a few words: {@code differs}, {@code is missing} …
 * @param diff a unified diff from the disk to the code, or what else is wrong; may be empty
 */
public record Difference(String path, String what, String diff) {
    @Override
    public String toString() {
        return diff.isEmpty() ? path + " " + what : path + " " + what + "\n" + diff;
    }
}
