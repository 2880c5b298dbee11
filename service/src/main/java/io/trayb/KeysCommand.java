package io.trayb;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.trayb.database.Database;
import io.trayb.database.DatabaseUrl;
import io.trayb.database.Migrations;
import io.trayb.database.Transactions;
import io.trayb.embedded.DataDirectory;
import io.trayb.embedded.EmbeddedDatabase;
import io.trayb.keys.ApiKey;
import io.trayb.keys.KeyConflict;
import io.trayb.keys.NewKey;
import io.trayb.keys.QueuePattern;
import io.trayb.keys.RateLimit;
import io.trayb.keys.Scope;
import io.trayb.keys.store.KeyStore;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import net.sourceforge.argparse4j.inf.Subparsers;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * {@code keys create|list|revoke}: API keys, in the database that the service uses; on embedded, the one that is running or one
 * that is started for the command. A new key is alone on the last line of standard output, and nowhere else ever.
 */
final class KeysCommand extends ConfiguredCommand<TraybConfiguration> {
    private static final String ACTION = "action";
    private static final String CREATE = "create";
    private static final String LIST = "list";
    private static final String REVOKE = "revoke";

    private final PrintStream out;
    private final InstantSource clock = InstantSource.system();

    /** What a subcommand does; returns what is to be printed when the database is closed again. */
    private interface Action {
        List<String> run(KeyStore store);
    }

    KeysCommand(PrintStream out) {
        super("keys", "makes, lists and revokes API keys");
        this.out = out;
    }

    @Override
    protected Class<TraybConfiguration> getConfigurationClass() {
        return TraybConfiguration.class;
    }

    @Override
    public void configure(Subparser subparser) {
        Subparsers actions = subparser.addSubparsers().title("commands").dest(ACTION);
        Subparser create = actions.addParser(CREATE)
                .description(
                        "Makes a key and prints it, once, on the last line. All running services know it within 5 s."
                                + " From the first key on, every call of the API needs one.");
        create.addArgument("--name")
                .required(true)
                .metavar("NAME")
                .help("1 to 64 of a-z, 0-9 and -; never given to another key, not even after this one is revoked");
        create.addArgument("--scopes")
                .required(true)
                .metavar("SCOPES")
                .help("what it may be used for, with commas: " + Scope.ALLOWED);
        create.addArgument("--queues")
                .setDefault("*")
                .metavar("PATTERN")
                .help("which queues it can see: " + QueuePattern.ALLOWED + " (default: *)");
        create.addArgument("--expires").metavar("WHEN").help("after " + Expiry.ALLOWED + " (default: never)");
        create.addArgument("--rate")
                .metavar("RATE")
                .help("how many requests it may make: " + RateLimit.ALLOWED + " (default: as many as it likes)");
        addFileArgument(create);
        addFileArgument(actions.addParser(LIST).description("Lists all keys, revoked and expired ones too."));
        Subparser revoke = actions.addParser(REVOKE)
                .description(
                        "Revokes a key for good. All running services refuse it, and end its open streams, within 5 s.");
        revoke.addArgument("name").metavar("NAME").help("of the key");
        addFileArgument(revoke);
    }

    @Override
    protected void run(Bootstrap<TraybConfiguration> bootstrap, Namespace namespace, TraybConfiguration configuration)
            throws Exception {
        Action action =
                switch (namespace.getString(ACTION)) {
                    case CREATE -> create(namespace);
                    case REVOKE -> revoke(namespace.getString("name"));
                    default -> store -> KeyTable.lines(store.list(), clock.instant());
                };
        List<String> lines = inDatabase(configuration, action);
        // Nothing that is still to be logged may come after the key.
        configuration.getLoggingFactory().stop();
        lines.forEach(out::println);
    }

    private Action create(Namespace namespace) {
        KeyOptions options = new KeyOptions(clock);
        NewKey wanted = options.read(
                namespace.getString("name"),
                namespace.getString("scopes"),
                namespace.getString("queues"),
                namespace.getString("expires"),
                namespace.getString("rate"),
                "cli:" + System.getProperty("user.name", "unknown"));
        return store -> {
            KeyStore.Created created = store.create(wanted);
            return List.of(
                    "The key '" + wanted.name() + "' may " + String.join(", ", Scope.wireNames(wanted.scopes()))
                            + " on the queues " + wanted.queues() + (wanted.rate() == null ? "" : ", " + wanted.rate())
                            + "; it expires " + KeyTable.time(wanted.expiresAt(), "never")
                            + ". This is the only time that it is shown:",
                    created.text().reveal());
        };
    }

    private static Action revoke(String name) {
        return store -> {
            ApiKey revoked = store.revoke(name, "cli:" + System.getProperty("user.name", "unknown"))
                    .orElseThrow(() -> new Refused("there is no key '" + name + "'; ./trayb keys list shows them all"));
            return List.of(
                    "The key '" + name + "' is revoked since " + KeyTable.time(revoked.revokedAt(), "now") + ".");
        };
    }

    private static List<String> inDatabase(TraybConfiguration configuration, Action action) throws Exception {
        DatabaseUrl configured = configuration.database().migrationUrl().orElse(null);
        if (configured != null) {
            if (!new Migrations(configured).pending().isEmpty()) {
                throw new Refused("the database hasn't the tables of this version; run ./trayb db migrate first");
            }
            return onTables(configured, configuration, action);
        }
        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(DataDirectory.at(configuration.dataDir()))) {
            new Migrations(embedded.url()).apply();
            return onTables(embedded.url(), configuration, action);
        }
    }

    private static List<String> onTables(DatabaseUrl url, TraybConfiguration configuration, Action action)
            throws Exception {
        Database database = new Database(url, configuration.database().pool(), new MetricRegistry());
        database.start();
        try {
            return action.run(new KeyStore(new Transactions(database.jdbi(), () -> {}), new SecureRandom()));
        } finally {
            database.stop();
        }
    }

    @Override
    public void onError(@Nullable Cli cli, Namespace namespace, Throwable thrown) {
        if (cli == null) {
            throw new IllegalStateException("a command is run by the command line", thrown);
        }
        if (thrown instanceof Refused || thrown instanceof KeyConflict) {
            cli.getStdErr().println("keys: " + thrown.getMessage());
        } else if (thrown instanceof JdbiException) {
            cli.getStdErr().println("keys: the database refused or can't be reached: " + thrown.getMessage());
        } else {
            StartFailure.tell(thrown, cli.getStdErr());
        }
    }

    /** A sentence for whoever typed the command. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String sentence) {
            super(sentence);
        }
    }
}
