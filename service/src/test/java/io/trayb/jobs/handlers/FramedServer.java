package io.trayb.jobs.handlers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.trayb.testing.TestCertificate;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A server that speaks HTTP/2 over TLS and answers each request, on a thread of its own, with the frames that it is told to, be they
 * against all rules.
 */
final class FramedServer extends LoopbackServer {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    /** Of {@link #DATA} and {@link #HEADERS}; of {@link #SETTINGS} it is the acknowledgement. */
    static final int END_STREAM = 1;

    static final int END_HEADERS = 4;

    /** What the client says about pushes, RFC 9113, section 6.5.2. */
    static final int ENABLE_PUSH = 2;

    /** {@code :status: 200}, from the static table. */
    static final byte[] STATUS_200 = {(byte) 0x88};

    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int USUAL_WINDOW = 65_535;
    private static final int PREFACE_BYTES = 24;
    private static final byte[] NOTHING = {};

    /** Answers one request; each {@link Connection} is for one thread at a time. */
    @FunctionalInterface
    interface Script {
        void answer(Connection connection, int stream) throws IOException, InterruptedException;
    }

    private final Script script;

    /** What clients have set, by number. */
    final Map<Integer, Integer> settings = new ConcurrentHashMap<>();

    /** What each connection agreed to speak. */
    final List<String> protocols = new CopyOnWriteArrayList<>();

    FramedServer(TestCertificate certificate, Script script) throws Exception {
        super(certificate
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        this.script = script;
        accept();
    }

    String url() {
        return "https://127.0.0.1:" + port() + "/";
    }

    @Override
    void serve(Socket connected) throws IOException {
        SSLSocket socket = (SSLSocket) connected;
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        protocols.add(socket.getApplicationProtocol());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.skipNBytes(PREFACE_BYTES);
        Connection connection = new Connection(socket);
        connection.write(SETTINGS, 0, 0, NOTHING);
        while (true) {
            read(in, connection);
        }
    }

    private void read(DataInputStream in, Connection connection) throws IOException {
        int lengthAndType = in.readInt();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] content = in.readNBytes(lengthAndType >>> 8);
        switch (lengthAndType & 0xff) {
            case SETTINGS -> {
                if ((flags & END_STREAM) == 0) {
                    set(content, connection);
                    connection.write(SETTINGS, END_STREAM, 0, NOTHING);
                }
            }
            case WINDOW_UPDATE -> connection.widen(stream, number(content, 0));
            case HEADERS -> begin(() -> answer(connection, stream));
            default -> {
                // Requests have no bodies here, and what else there is needs no answer.
            }
        }
    }

    private void set(byte[] content, Connection connection) {
        for (int at = 0; at + 6 <= content.length; at += 6) {
            int name = ByteBuffer.wrap(content).getShort(at);
            int value = number(content, at + 2);
            settings.put(name, value);
            if (name == INITIAL_WINDOW_SIZE) {
                connection.widenAll(value - USUAL_WINDOW);
            }
        }
    }

    private static int number(byte[] content, int at) {
        return ByteBuffer.wrap(content).getInt(at);
    }

    private void answer(Connection connection, int stream) {
        try {
            script.answer(connection, stream);
        } catch (IOException e) {
            // As of the connection itself: the client has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A literal header that is in no table, or with {@code 0x40} goes into the dynamic one. RFC 7541, section 6.2. */
    static byte[] header(int kind, String name, String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(kind);
        for (String text : List.of(name, value)) {
            int length = text.length();
            if (length < 127) {
                out.write(length);
            } else {
                out.write(127);
                int rest = length - 127;
                while (rest >= 128) {
                    out.write(rest % 128 + 128);
                    rest /= 128;
                }
                out.write(rest);
            }
            out.writeBytes(text.getBytes(ISO_8859_1));
        }
        return out.toByteArray();
    }

    /** One that was opened. Frames may be written by any thread. */
    static final class Connection {
        private final DataOutputStream out;
        private final Map<Integer, Long> windows = new TreeMap<>();
        private long usual = USUAL_WINDOW;

        Connection(SSLSocket socket) throws IOException {
            this.out = new DataOutputStream(socket.getOutputStream());
        }

        void write(int type, int flags, int stream, byte[]... parts) throws IOException {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            for (byte[] part : parts) {
                content.writeBytes(part);
            }
            synchronized (out) {
                out.writeInt((content.size() << 8) | type);
                out.writeByte(flags);
                out.writeInt(stream);
                content.writeTo(out);
                out.flush();
            }
        }

        /** A part of a body, once the client has room for it. */
        void writeBody(int flags, int stream, byte[] part) throws IOException, InterruptedException {
            synchronized (windows) {
                while (room(0) < part.length || room(stream) < part.length) {
                    windows.wait();
                }
                windows.put(0, room(0) - part.length);
                windows.put(stream, room(stream) - part.length);
            }
            write(DATA, flags, stream, part);
        }

        /** The connection itself is stream 0, whose room doesn't follow the settings. */
        private long room(int stream) {
            return windows.getOrDefault(stream, stream == 0 ? USUAL_WINDOW : usual);
        }

        private void widen(int stream, int by) {
            synchronized (windows) {
                windows.put(stream, room(stream) + by);
                windows.notifyAll();
            }
        }

        private void widenAll(int by) {
            synchronized (windows) {
                usual += by;
                windows.replaceAll((stream, room) -> stream == 0 ? room : room + by);
                windows.notifyAll();
            }
        }
    }
}
