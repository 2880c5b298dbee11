package io.trayb.events;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the event log that any node understands: everything up to and with {@code id} has been seen. Immutable.
 *
 * <p>On the wire it reads {@code <epoch>-<ms>-<seq>}. Places of different epochs can't be compared: the log in between may
 * have lost entries.
 *
 * @param epoch sixteen lowercase hexadecimal digits, drawn anew whenever the log may have lost its tail
 * @param id the last entry seen
 */
record Cursor(String epoch, EntryId id) {
    private static final Pattern EPOCH = Pattern.compile("[0-9a-f]{16}");
    static final Pattern WIRE = Pattern.compile("([0-9a-f]{16})-(0|[1-9][0-9]{0,18})-(0|[1-9][0-9]{0,18})");

    /** What a client's cursor has to look like, for messages. */
    static final String FORM = "<epoch>-<ms>-<seq> as an event's id or a poll's cursor gave it";

    /**
     * The place of somebody who came while no log had ever been reached. No log has this epoch, so whoever goes on from here
     * is told a gap, as it should be.
     */
    static final Cursor UNKNOWN = new Cursor("0000000000000000", EntryId.ZERO);

    Cursor {
        Objects.requireNonNull(id, "id");
        if (!EPOCH.matcher(epoch).matches()) {
            throw new IllegalArgumentException("epoch is '" + epoch + "', it must be 16 lowercase hexadecimal digits");
        }
    }

    /** Reads what a client sent; empty when it isn't a cursor to the letter. */
    static Optional<Cursor> parse(String text) {
        Matcher matcher = WIRE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            EntryId id = new EntryId(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
            return Optional.of(new Cursor(matcher.group(1), id));
        } catch (NumberFormatException overflow) {
            // Nineteen digits may be more than a long holds, and no log of ours ever gave such an id.
            return Optional.empty();
        }
    }

    Cursor at(EntryId newId) {
        return new Cursor(epoch, newId);
    }

    boolean sameEpoch(Cursor other) {
        return epoch.equals(other.epoch);
    }

    /** Whether this is a later place in the same epoch; of two epochs nobody knows what was between. */
    boolean isAfter(Cursor other) {
        return sameEpoch(other) && id.isAfter(other.id);
    }

    @Override
    public String toString() {
        return epoch + "-" + id;
    }
}
