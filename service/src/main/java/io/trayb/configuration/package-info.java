/** Reads {@code config.yml}: environment variables, the mapping to records, and errors that name key, value and what is allowed. */
@NullMarked
package io.trayb.configuration;

import org.jspecify.annotations.NullMarked;
