package io.trayb;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.trayb.cache.CacheCounters;
import io.trayb.events.Events;
import io.trayb.redis.RedisConnections;
import io.trayb.redis.RedisUrl;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * {@code counters reset}: empties the hashes in Redis that count for operators, after an outage that made them wrong. Running
 * services count on from nothing; metrics aren't touched.
 */
final class CountersCommand extends ConfiguredCommand<TraybConfiguration> {
    private static final List<String> HASHES =
            List.of(Events.COUNTERS_KEY, CacheCounters.hash("jobs"), CacheCounters.hash("queues"));

    private final PrintStream out;

    CountersCommand(PrintStream out) {
        super("counters", "empties the counters in Redis");
        this.out = out;
    }

    @Override
    protected Class<TraybConfiguration> getConfigurationClass() {
        return TraybConfiguration.class;
    }

    @Override
    public void configure(Subparser subparser) {
        Subparsers actions = subparser.addSubparsers().title("commands").dest("action");
        addFileArgument(actions.addParser("reset")
                .description("Empties " + String.join(", ", HASHES) + "; running services count on from nothing."));
    }

    @Override
    protected void run(Bootstrap<TraybConfiguration> bootstrap, Namespace namespace, TraybConfiguration configuration)
            throws IOException {
        try (UnifiedJedis redis = new RedisConnections(url(configuration), configuration.redis()).shared()) {
            for (String hash : HASHES) {
                out.println(redis.del(hash) > 0 ? "emptied " + hash : hash + " was empty");
            }
        }
    }

    private static RedisUrl url(TraybConfiguration configuration) throws IOException {
        RedisUrl configured = configuration.redis().url();
        if (configured != null) {
            return configured;
        }
        Path file = configuration.dataDir().resolve("redis.url");
        try {
            return RedisUrl.parse(Files.readString(file).strip());
        } catch (NoSuchFileException e) {
            throw new JedisException("REDIS_URL isn't set, and the embedded Redis of " + configuration.dataDir()
                    + " isn't running: start the service first, or set REDIS_URL");
        }
    }

    @Override
    public void onError(@Nullable Cli cli, Namespace namespace, Throwable thrown) {
        if (cli == null) {
            throw new IllegalStateException("a command is run by the command line", thrown);
        }
        if (thrown instanceof JedisException) {
            cli.getStdErr().println("counters: Redis refused or can't be reached: " + thrown.getMessage());
        } else {
            StartFailure.tell(thrown, cli.getStdErr());
        }
    }
}
