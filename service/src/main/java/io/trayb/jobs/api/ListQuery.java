package io.trayb.jobs.api;

import io.trayb.http.QueryParameters;
import io.trayb.http.ValidationErrors;
import io.trayb.jobs.Job;
import io.trayb.jobs.JobState;
import io.trayb.jobs.JobSubmission;
import io.trayb.jobs.queue.JobQueue;
import io.trayb.jobs.store.JobQueries;
import io.trayb.keys.Caller;
import io.trayb.keys.QueuePattern;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The query of a list. The cursor is the id of the last job of a page: the next page begins below it, whatever has been
 * submitted, started or finished since.
 */
record ListQuery(JobQueries.Filter filter) {
    private static final Set<String> PARAMETERS = new TreeSet<>(List.of("queue", "type", "state", "limit", "cursor"));
    static final Pattern CURSOR = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** @throws io.trayb.http.ProblemException 400 with everything that is wrong, 403 if the queue isn't one of the caller's */
    static ListQuery read(MultivaluedMap<String, String> query, Caller caller) {
        ValidationErrors errors = new ValidationErrors();
        QueryParameters.checkNames(query, PARAMETERS, errors);
        String queue = QueryParameters.matching(query, "queue", JobSubmission.QUEUE, errors);
        String type = QueryParameters.matching(query, "type", JobSubmission.TYPE, errors);
        String cursor = QueryParameters.matching(query, "cursor", CURSOR, errors);
        JobState state = state(query.getFirst("state"), errors);
        int limit = QueryParameters.limit(query, errors);
        errors.throwIfAny();
        if (queue != null) {
            caller.requireQueue("queue", queue);
        }
        QueuePattern seen = caller.queues();
        return new ListQuery(new JobQueries.Filter(
                queue == null ? seen.single() : queue,
                queue == null && !seen.isAll() ? seen.prefix() : null,
                type,
                state,
                cursor == null ? null : UUID.fromString(cursor),
                limit));
    }

    JobResource.Page run(JobQueue queue) {
        List<Job> jobs = queue.list(filter);
        String next = jobs.size() < filter.limit()
                ? null
                : jobs.get(jobs.size() - 1).id().toString();
        return new JobResource.Page(jobs, next);
    }

    private static @Nullable JobState state(@Nullable String value, ValidationErrors errors) {
        if (value == null) {
            return null;
        }
        JobState state = JobState.find(value).orElse(null);
        if (state == null) {
            String known =
                    Arrays.stream(JobState.values()).map(JobState::wireName).collect(Collectors.joining(", "));
            errors.add("state", value, "must be one of " + known);
        }
        return state;
    }
}
