package io.trayb.pgbouncer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import io.trayb.database.DatabaseUrl;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.MD5Digest;

/**
 * Signs in to PgBouncer, in the ways that its {@code auth_type} can ask for a password: {@code scram-sha-256} and {@code md5}.
 * Used once, by one thread.
 */
final class SignIn {
    private static final int PROTOCOL = 3 << 16;
    // What PgBouncer may ask: the chapter "Message Formats" of Postgres' manual, AuthenticationOk and those after it.
    private static final int DONE = 0;
    private static final int MD5 = 5;
    private static final int SASL = 10;
    private static final int SASL_CONTINUE = 11;
    private static final int SASL_FINAL = 12;

    private final Wire wire;
    private final String user;
    private final @Nullable String password;
    private final String database;
    private @Nullable ScramClient scram;

    SignIn(Wire wire, DatabaseUrl url) {
        this.wire = wire;
        this.user = Objects.requireNonNullElse(url.user(), System.getProperty("user.name", ""));
        this.password = url.password();
        this.database = url.database();
    }

    /** Returns when PgBouncer has let us in and waits for the first command. */
    void run() throws IOException {
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        start.write(ByteBuffer.allocate(Integer.BYTES).putInt(PROTOCOL).array());
        for (String word : List.of("user", user, "database", database, "application_name", "trayb-pools", "")) {
            start.write(word.getBytes(UTF_8));
            start.write(0);
        }
        wire.sendStart(start.toByteArray());
        for (Message message = wire.receive(); message.type() != 'Z'; message = wire.receive()) {
            if (message.type() == 'E') {
                throw new IOException("PgBouncer refuses user '" + user + "': " + Refusal.in(message));
            }
            if (message.type() == 'R') {
                answer(message);
            }
            // What else comes are the session's parameters and its key for cancelling, which nobody needs here.
        }
    }

    private void answer(Message asked) throws IOException {
        int how = asked.number();
        try {
            switch (how) {
                case DONE -> {}
                case MD5 ->
                    send(new String(
                            MD5Digest.encode(user.getBytes(UTF_8), password().getBytes(UTF_8), asked.rest()), UTF_8));
                case SASL -> beginScram(asked);
                case SASL_CONTINUE -> {
                    scram().serverFirstMessage(new String(asked.rest(), UTF_8));
                    wire.send('p', scram().clientFinalMessage().toString().getBytes(UTF_8));
                }
                case SASL_FINAL -> scram().serverFinalMessage(new String(asked.rest(), UTF_8));
                default ->
                    throw new IOException(
                            "PgBouncer asks user '" + user + "' to sign in in a way that isn't known here (" + how
                                    + "); its auth_type must be scram-sha-256 or md5");
            }
        } catch (ScramException e) {
            throw new IOException("signing in to PgBouncer as '" + user + "' failed: " + e.getMessage(), e);
        }
    }

    private void beginScram(Message asked) throws IOException {
        List<String> mechanisms = new ArrayList<>();
        for (String mechanism = asked.text(); !mechanism.isEmpty(); mechanism = asked.text()) {
            mechanisms.add(mechanism);
        }
        scram = ScramClient.builder()
                .advertisedMechanisms(mechanisms)
                // The name in the first message of all is the one that counts.
                .username("*")
                .password(password().toCharArray())
                .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION)
                .build();
        byte[] mechanism = scram.getScramMechanism().getName().getBytes(UTF_8);
        byte[] first = scram.clientFirstMessage().toString().getBytes(UTF_8);
        wire.send(
                'p',
                ByteBuffer.allocate(mechanism.length + 1 + Integer.BYTES + first.length)
                        .put(mechanism)
                        .put((byte) 0)
                        .putInt(first.length)
                        .put(first)
                        .array());
    }

    private void send(String text) throws IOException {
        wire.send('p', (text + "\0").getBytes(UTF_8));
    }

    private ScramClient scram() throws IOException {
        if (scram == null) {
            throw new IOException("PgBouncer goes on with SCRAM that it hasn't begun");
        }
        return scram;
    }

    private String password() throws IOException {
        if (password == null || password.isEmpty()) {
            throw new IOException("PgBouncer asks for the password of user '" + user
                    + "', but database.pgbouncerUrl (PGBOUNCER_URL) has none");
        }
        return password;
    }
}
