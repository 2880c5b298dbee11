package io.trayb.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Has the {@link TestDatabase} of a test class reached through the shipped PgBouncer. Tests that there are already are run so by a
 * class that extends theirs and is empty.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ThroughPgBouncer {}
