package io.trayb.jobs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * For how long finished jobs are kept, counted from their finish: the section {@code retention} of the configuration.
 *
 * @param completed jobs that were completed; 1 to 3650 days
 * @param failed jobs that failed for good or were cancelled, and can be put back as long; 1 to 3650 days
 */
public record RetentionConfiguration(
        @NotNull @MinDuration(value = 1, unit = TimeUnit.DAYS) @MaxDuration(value = 3650, unit = TimeUnit.DAYS)
        Duration completed,

        @NotNull @MinDuration(value = 1, unit = TimeUnit.DAYS) @MaxDuration(value = 3650, unit = TimeUnit.DAYS)
        Duration failed) {

    private static final Duration DEFAULT_COMPLETED = Duration.days(14);
    private static final Duration DEFAULT_FAILED = Duration.days(90);

    /** From a configuration file, in which everything may be left out. */
    @JsonCreator
    public static RetentionConfiguration of(
            @JsonProperty("completed") @Nullable Duration completed,
            @JsonProperty("failed") @Nullable Duration failed) {
        return new RetentionConfiguration(
                completed == null ? DEFAULT_COMPLETED : completed, failed == null ? DEFAULT_FAILED : failed);
    }

    /** Everything at its default. */
    public static RetentionConfiguration defaults() {
        return of(null, null);
    }
}
