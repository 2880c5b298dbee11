package io.trayb.keys;

/** A key that can't be made beside those that there are. */
public final class KeyConflict extends RuntimeException {
    private static final long serialVersionUID = 1;

    private KeyConflict(String message) {
        super(message);
    }

    /** There is, or was, one of this name. */
    public static KeyConflict taken(String name) {
        return new KeyConflict("there is or was a key '" + name
                + "' already, and a name is never given to another key; choose another name, such as " + name + "-2");
    }

    /** There are as many as there may be. */
    public static KeyConflict full(int most) {
        return new KeyConflict("there are " + most
                + " keys that are neither revoked nor expired, and no more than that; revoke one first");
    }
}
