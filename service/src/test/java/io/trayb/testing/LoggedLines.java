package io.trayb.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What a logger says from now on, until it is closed; with what went on meanwhile. Thread-safe. */
public final class LoggedLines implements AutoCloseable {
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final @Nullable Level before;
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            line.prepareForDeferredProcessing();
            lines.add(line);
        }
    };

    private LoggedLines(String name, Level level) {
        logger = (Logger) LoggerFactory.getLogger(name);
        before = logger.getLevel();
        logger.setLevel(level);
        appender.start();
        logger.addAppender(appender);
    }

    /** Those of a class. */
    public static LoggedLines of(Class<?> speaker, Level level) {
        return new LoggedLines(speaker.getName(), level);
    }

    /** Those of a logger by its name. */
    public static LoggedLines of(String name, Level level) {
        return new LoggedLines(name, level);
    }

    public List<ILoggingEvent> all() {
        return lines;
    }

    /** What they say. */
    public List<String> messages() {
        return lines.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(before);
    }
}
