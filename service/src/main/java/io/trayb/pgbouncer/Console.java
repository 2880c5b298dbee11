package io.trayb.pgbouncer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.trayb.database.DatabaseUrl;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection to PgBouncer's console. It answers simple queries only, and refuses what the JDBC driver sends before the first one
 * (decision 0021), so this speaks for itself. For one thread.
 *
 * @see <a href="https://www.pgbouncer.org/usage.html#admin-console">PgBouncer's manual</a>
 */
public final class Console implements Closeable {
    /** What is in a column's description after its name. */
    private static final int COLUMN_DETAILS = 18;

    private final Wire wire;

    private Console(Wire wire) {
        this.wire = wire;
    }

    /**
     * Opens it and signs in.
     *
     * @param url the database {@code pgbouncer} of a PgBouncer, as one of its {@code stats_users} or {@code admin_users}
     * @throws IOException with a sentence that says what PgBouncer, or the way there, has against it
     */
    public static Console open(DatabaseUrl url) throws IOException {
        Wire wire = Wire.open(url);
        try {
            new SignIn(wire, url).run();
            return new Console(wire);
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
    }

    /**
     * Gives a command and waits for its end.
     *
     * @return the rows of the answer, by the columns' names; none for a command that only does something
     * @throws IOException when it is refused, or not answered in time; a console that was cut off is of no more use
     */
    public List<Row> ask(String command) throws IOException {
        wire.send('Q', (command + "\0").getBytes(UTF_8));
        List<String> columns = List.of();
        List<Row> rows = new ArrayList<>();
        for (Message message = wire.receive(); message.type() != 'Z'; message = wire.receive()) {
            switch (message.type()) {
                case 'T' -> columns = columns(message);
                case 'D' -> rows.add(new Row(command, values(message, columns)));
                case 'E' -> throw refused(command, message);
                default -> {
                    // Notices, parameters, and that the command is done.
                }
            }
        }
        return rows;
    }

    /** After some refusals PgBouncer closes the connection, after the others it waits for the next command. */
    private IOException refused(String command, Message error) throws IOException {
        IOException refusal = new IOException("PgBouncer refuses " + command + ": " + Refusal.in(error));
        try {
            for (Message message = wire.receive(); message.type() != 'Z'; ) {
                message = wire.receive();
            }
        } catch (IOException e) {
            refusal.addSuppressed(e);
        }
        return refusal;
    }

    private static List<String> columns(Message description) throws IOException {
        List<String> columns = new ArrayList<>();
        for (int left = description.shortNumber(); left > 0; left--) {
            columns.add(description.text());
            description.skip(COLUMN_DETAILS);
        }
        return columns;
    }

    private static Map<String, @Nullable String> values(Message row, List<String> columns) throws IOException {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        int count = row.shortNumber();
        if (count != columns.size()) {
            throw new IOException("a row has " + count + " values for " + columns.size() + " columns");
        }
        for (String column : columns) {
            int length = row.number();
            values.put(column, length < 0 ? null : row.text(length));
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
