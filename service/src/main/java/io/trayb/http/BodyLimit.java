package io.trayb.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How large a body a resource method takes, where that isn't the usual {@link #DEFAULT}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface BodyLimit {
    /** What every other method takes: 1 MiB. */
    int DEFAULT = 1024 * 1024;

    /** What the call that submits many jobs at once takes: 16 MiB. */
    int BATCH = 16 * 1024 * 1024;

    /** In bytes, after decompression. */
    int value();
}
