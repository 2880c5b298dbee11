package io.trayb.jobs;

/**
 * The answer to a submission.
 *
 * @param existing whether it is an unfinished job that already held the unique key, and nothing was added
 */
public record Submitted(Job job, boolean existing) {}
