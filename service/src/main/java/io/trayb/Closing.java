package io.trayb;

import io.dropwizard.lifecycle.Managed;

/** Something that is ready from the start and closed at the end. */
record Closing(AutoCloseable resource) implements Managed {
    static Closing managed(AutoCloseable resource) {
        return new Closing(resource);
    }

    @Override
    public void stop() throws Exception {
        resource.close();
    }
}
