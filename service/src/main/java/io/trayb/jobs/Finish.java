package io.trayb.jobs;

import org.jspecify.annotations.Nullable;

/**
 * What a holder says about the end of one start.
 *
 * @param progress the last percent that was reported, or null
 */
public record Finish(
        LeasedJob lease, Outcome outcome, @Nullable Integer progress) {}
