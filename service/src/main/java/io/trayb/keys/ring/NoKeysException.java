package io.trayb.keys.ring;

/** The service can be reached from other machines, and there is no key with which to tell who may use it. */
public final class NoKeysException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoKeysException() {
        super("BIND_HOST is not a loopback address, and no API key was ever created: whoever reaches the port could do"
                + " everything. Create one (./trayb keys create --name admin --scopes submit,read,work,operate), or set"
                + " BIND_HOST to 127.0.0.1");
    }
}
