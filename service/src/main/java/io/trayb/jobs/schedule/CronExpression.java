package io.trayb.jobs.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Five fields as in crontab(5): minute, hour, day of the month, month, day of the week. When both days are given, either will
 * do. Immutable.
 *
 * <p>cron-utils does the work, on local times alone: it is asked in UTC, where no clock is ever changed. What it takes leniently
 * ({@code 012}, {@code /6}) or fails at is refused before it sees it.
 */
public final class CronExpression {
    /** Room for a list of everything in each of the fields. */
    public static final int MAX_LENGTH = 500;

    private static final CronDefinition UNIX = CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
    private static final String LIBRARY_SAYS = "Failed to parse cron expression. ";

    private static final String NUMBER = "[0-9]{1,2}";
    private static final String NAME_OR_NUMBER = "(?:[0-9]{1,2}|[A-Za-z]{3})";
    private static final List<Field> FIELDS = List.of(
            Field.of("minute", NUMBER),
            Field.of("hour", NUMBER),
            Field.of("day of the month", NUMBER),
            Field.of("month", NAME_OR_NUMBER),
            Field.of("day of the week", NAME_OR_NUMBER));

    /** A leap year's first day: an expression that has no match in the eight years from here has none ever. */
    private static final LocalDateTime REFERENCE = LocalDateTime.of(1999, 12, 31, 23, 59);

    private record Field(String name, Pattern syntax) {
        static Field of(String name, String value) {
            String item = "(?:\\*(?:/[0-9]{1,2})?|" + value + "(?:-" + value + "(?:/[0-9]{1,2})?)?)";
            return new Field(name, Pattern.compile(item + "(?:," + item + ")*"));
        }
    }

    private final String text;
    private final ExecutionTime times;
    private final boolean goesWithRealTime;

    private CronExpression(String text, ExecutionTime times, boolean goesWithRealTime) {
        this.text = text;
        this.times = times;
        this.goesWithRealTime = goesWithRealTime;
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException with what is wrong, for whoever wrote it
     */
    public static CronExpression parse(String written) {
        if (written.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("it has more than " + MAX_LENGTH + " characters");
        }
        String[] fields = written.strip().split("[ \\t]+", -1);
        if (fields.length != FIELDS.size()) {
            throw new IllegalArgumentException("it has " + fields.length + " fields");
        }
        for (int i = 0; i < fields.length; i++) {
            Field field = FIELDS.get(i);
            if (!field.syntax().matcher(fields[i]).matches()) {
                throw new IllegalArgumentException("its " + field.name() + " is '" + fields[i]
                        + "', which is no list of *, numbers and ranges, each * or range with or without a /step");
            }
        }
        String text = String.join(" ", fields);
        CronExpression expression =
                new CronExpression(text, read(text), fields[0].contains("*") || fields[1].contains("*"));
        if (expression.after(REFERENCE).isEmpty()) {
            throw new IllegalArgumentException("it never comes: none of its months has such a day");
        }
        return expression;
    }

    private static ExecutionTime read(String text) {
        try {
            return ExecutionTime.forCron(new CronParser(UNIX).parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()).replace(LIBRARY_SAYS, ""), e);
        }
    }

    /** Whether a {@code *} in minutes or hours says that it is about real time and not about certain times of day. */
    boolean goesWithRealTime() {
        return goesWithRealTime;
    }

    /** The first match after a local time; empty if there is none. */
    Optional<LocalDateTime> after(LocalDateTime local) {
        return times.nextExecution(local.truncatedTo(ChronoUnit.MINUTES).atZone(ZoneOffset.UTC))
                .map(ZonedDateTime::toLocalDateTime);
    }

    /** The first match at or after a local time; empty if there is none. */
    Optional<LocalDateTime> atOrAfter(LocalDateTime local) {
        return after(local.minusNanos(1));
    }

    /** The expression with one space between its fields. */
    @Override
    public String toString() {
        return text;
    }
}
