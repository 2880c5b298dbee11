package io.trayb.fuzz;

import io.trayb.configuration.ConfigurationTexts;
import io.trayb.database.DatabaseUrl;
import io.trayb.events.EventTexts;
import io.trayb.jobs.api.RequestTexts;
import io.trayb.jobs.handlers.HttpTexts;
import io.trayb.jobs.schedule.CronExpression;
import io.trayb.jobs.schedule.CronTexts;
import io.trayb.keys.KeyText;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.RateLimit;
import io.trayb.keys.api.KeyTexts;
import io.trayb.logging.LogTexts;
import io.trayb.redis.RedisUrl;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * All parsers as one target: the first byte chooses, the rest is the text. A letter chooses the parser that it stands for, so that
 * people can write and read the corpus; any other byte some parser.
 */
public final class Parsers {
    /** By letter. Those that read bytes get them as they are, others as UTF-8. */
    private static final Map<Character, Consumer<byte[]>> BY_LETTER = new TreeMap<>(Map.ofEntries(
            Map.entry('j', RequestTexts::job),
            Map.entry('s', RequestTexts::schedule),
            Map.entry('v', RequestTexts::replay),
            Map.entry('b', RequestTexts::batch),
            Map.entry('w', RequestTexts::lease),
            Map.entry('f', RequestTexts::held),
            Map.entry('g', EventTexts::ticketRequest),
            Map.entry('k', KeyTexts::request),
            Map.entry('x', text(RequestTexts::places)),
            Map.entry('c', text(EventTexts::cursor)),
            Map.entry('o', text(EventTexts::topic)),
            Map.entry('i', text(EventTexts::ticket)),
            Map.entry('n', text(Parsers::cron)),
            Map.entry('d', text(Parsers::databaseUrl)),
            Map.entry('r', text(Parsers::redisUrl)),
            Map.entry('e', text(ConfigurationTexts::substituted)),
            Map.entry('m', text(ConfigurationTexts::masked)),
            Map.entry('a', text(HttpTexts::allowed)),
            Map.entry('u', text(HttpTexts::url)),
            Map.entry('h', text(HttpTexts::secret)),
            Map.entry('t', text(Parsers::key)),
            Map.entry('q', text(Parsers::queuePattern)),
            Map.entry('l', text(Parsers::rateLimit)),
            Map.entry('p', text(LogTexts::message))));

    private static final List<Consumer<byte[]>> ALL = List.copyOf(BY_LETTER.values());

    private Parsers() {}

    /** What Jazzer calls, by this name. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Consumer<byte[]> parser = BY_LETTER.getOrDefault((char) input[0], ALL.get((input[0] & 0xff) % ALL.size()));
        parser.accept(Arrays.copyOfRange(input, 1, input.length));
    }

    static Map<Character, Consumer<byte[]>> byLetter() {
        return BY_LETTER;
    }

    private static Consumer<byte[]> text(Consumer<String> parser) {
        return bytes -> parser.accept(new String(bytes, StandardCharsets.UTF_8));
    }

    private static void cron(String text) {
        CronExpression read;
        try {
            read = CronExpression.parse(text);
        } catch (IllegalArgumentException refused) {
            Promise.saysWhy(refused);
            return;
        }
        Promise.that(CronExpression.parse(read.toString()).toString().equals(read.toString()), "reads what it writes");
        CronTexts.comes(read);
    }

    private static void databaseUrl(String text) {
        try {
            DatabaseUrl read = DatabaseUrl.parse(text);
            isMasked(read.password(), read.toString(), read.hosts() + read.database() + read.user() + read.schema());
            isMasked(read.password(), read.jdbcUrl(), read.hosts() + read.database());
        } catch (IllegalArgumentException refused) {
            Promise.saysWhy(refused);
        }
    }

    private static void redisUrl(String text) {
        try {
            RedisUrl read = RedisUrl.parse(text);
            isMasked(read.password(), read.toString(), read.hosts() + "" + read.user() + read.master());
        } catch (IllegalArgumentException refused) {
            Promise.saysWhy(refused);
        }
    }

    /** A password that is the name of something else as well is shown as that. */
    private static void isMasked(@org.jspecify.annotations.Nullable String password, String shown, String others) {
        if (password != null && password.length() >= 8 && !others.contains(password)) {
            Promise.that(!shown.contains(password), "shows no password");
        }
    }

    private static void key(String text) {
        KeyText.parse(text).ifPresent(key -> {
            Promise.that(key.reveal().equals(text), "is what was read");
            Promise.that(!key.toString().contains(text.substring(22)), "shows no secret");
        });
    }

    private static void queuePattern(String text) {
        if (QueuePattern.isValid(text)) {
            QueuePattern pattern = new QueuePattern(text);
            Promise.that(pattern.covers(pattern) && QueuePattern.ALL.covers(pattern), "lies within itself and all");
            Promise.that(pattern.isAll() == pattern.covers(QueuePattern.ALL), "only all covers all");
        } else {
            try {
                var unused = new QueuePattern(text);
                throw new AssertionError("made what isn't valid");
            } catch (IllegalArgumentException refused) {
                Promise.saysWhy(refused);
            }
        }
    }

    private static void rateLimit(String text) {
        RateLimit.parse(text).ifPresent(limit -> Promise.that(limit.toString().equals(text), "reads what it writes"));
    }
}
