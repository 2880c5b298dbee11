package io.trayb.demo;

import org.jspecify.annotations.Nullable;

/**
 * One block of a {@code text/event-stream}: what stands between two empty lines. Immutable.
 *
 * @param id the cursor to resume from, or null when the block has none
 * @param event the event's name; {@code message} when the block names none, as the standard has it
 * @param data the lines of data, joined; null for a block that fires no event, such as a heartbeat
 */
record Block(@Nullable String id, String event, @Nullable String data) {}
