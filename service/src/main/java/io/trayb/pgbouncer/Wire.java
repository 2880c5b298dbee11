package io.trayb.pgbouncer;

import io.trayb.database.DatabaseUrl;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.postgresql.PGProperty;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.ssl.PGjdbcHostnameVerifier;
import org.postgresql.util.PSQLException;

/** Messages of Postgres' protocol, version 3, over a connection. For one thread; whoever waits for an answer waits 2 s at most. */
final class Wire implements Closeable {
    private static final int TIMEOUT_MS = (int) Duration.ofSeconds(2).toMillis();
    private static final int ORDINARY_PORT = 6432;
    private static final int ASK_FOR_TLS = 80877103;
    /** Far more than the console has to say; what claims to be longer is no PgBouncer. */
    private static final int LONGEST = 16 * 1024 * 1024;

    private static final String SSL_MODE = PGProperty.SSL_MODE.getName();
    /** Those with which a server that knows no TLS is turned away. The others take an unencrypted connection here. */
    private static final Set<String> ENCRYPTED = Set.of("require", "verify-ca", "verify-full");

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    static Wire open(DatabaseUrl url) throws IOException {
        String hosts = url.hosts();
        int colon = hosts.lastIndexOf(':');
        boolean named = colon > hosts.lastIndexOf(']');
        String host = named ? hosts.substring(0, colon) : hosts;
        int port = named ? Integer.parseInt(hosts.substring(colon + 1)) : ORDINARY_PORT;
        Socket socket = new Socket();
        try {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
            return new Wire(ENCRYPTED.contains(sslMode(url)) ? encrypted(socket, host, port, url) : socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static String sslMode(DatabaseUrl url) {
        return url.properties().getOrDefault(SSL_MODE, "disable");
    }

    /** As the driver does it: with its reading of {@code sslmode}, {@code sslrootcert} and so on. */
    private static Socket encrypted(Socket socket, String host, int port, DatabaseUrl url) throws IOException {
        socket.getOutputStream()
                .write(ByteBuffer.allocate(8).putInt(8).putInt(ASK_FOR_TLS).array());
        if (socket.getInputStream().read() != 'S') {
            throw new IOException("PgBouncer at " + host + ":" + port + " offers no TLS, but sslmode is " + sslMode(url)
                    + ": see client_tls_sslmode in pgbouncer.ini");
        }
        Properties properties = new Properties();
        properties.putAll(url.properties());
        try {
            SSLSocket encrypted = (SSLSocket) new LibPQFactory(properties).createSocket(socket, host, port, true);
            encrypted.startHandshake();
            if (sslMode(url).equals("verify-full")
                    && !PGjdbcHostnameVerifier.INSTANCE.verify(host, encrypted.getSession())) {
                throw new IOException("the certificate of PgBouncer at " + host + ":" + port + " isn't for " + host);
            }
            return encrypted;
        } catch (PSQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Begins a session: the one message that has no letter. */
    void sendStart(byte[] body) throws IOException {
        out.write(ByteBuffer.allocate(Integer.BYTES + body.length)
                .putInt(Integer.BYTES + body.length)
                .put(body)
                .array());
    }

    void send(char type, byte[] body) throws IOException {
        out.write(ByteBuffer.allocate(1 + Integer.BYTES + body.length)
                .put((byte) type)
                .putInt(Integer.BYTES + body.length)
                .put(body)
                .array());
    }

    /**
     * The next message.
     *
     * @throws IOException when none comes in time, or the connection ends
     */
    Message receive() throws IOException {
        try {
            char type = (char) in.readUnsignedByte();
            int length = in.readInt() - Integer.BYTES;
            if (length < 0 || length > LONGEST) {
                throw new IOException("a message '" + type + "' of " + length + " bytes: this is no PgBouncer");
            }
            byte[] body = new byte[length];
            in.readFully(body);
            return Message.of(type, body);
        } catch (EOFException e) {
            throw new IOException("PgBouncer has closed the connection", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
