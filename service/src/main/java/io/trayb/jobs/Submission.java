package io.trayb.jobs;

import java.util.List;

/**
 * The answer to a call that submits.
 *
 * @param jobs in the order of what was submitted
 * @param repeated whether the call repeats an earlier one under the same idempotency key, and nothing was added
 */
public record Submission(List<Submitted> jobs, boolean repeated) {}
