package io.trayb.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * One request over and over on connections that stay, each of which sends it anew when it has its answer. On the caller's thread
 * alone, and as cheaply as Java can, so that the client costs little of what is measured.
 */
final class ClosedLoop {
    private static final int DIGITS = 3;
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final long SELECT_MS = 100;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(US_ASCII);
    private static final int UNAVAILABLE = 503;
    private static final String LENGTH = "\ncontent-length:";

    private final byte[] request;
    private final int expected;
    private final Histogram micros = new Histogram(DIGITS);
    private long refused;

    /**
     * What came of it.
     *
     * @param micros how long each answer took, in microseconds
     * @param refused requests that the service shed, since it had more to do than it can; they aren't among the answers
     */
    record Outcome(double seconds, Histogram micros, long refused) {
        double perSecond() {
            return micros.getTotalCount() / seconds;
        }
    }

    private ClosedLoop(byte[] request, int expected) {
        this.request = request;
        this.expected = expected;
    }

    /**
     * Runs it for a time, and until the last answers are there.
     *
     * @param request all of it; its answers have a {@code Content-Length}
     * @param expected the status that each answer must have, but for those that are refused
     * @throws IllegalStateException when one has another
     * @throws IOException when a connection is lost
     */
    static Outcome run(int port, int connections, String request, int expected, int seconds) throws IOException {
        ClosedLoop loop = new ClosedLoop(request.getBytes(US_ASCII), expected);
        try (Selector selector = Selector.open()) {
            try {
                for (int i = 0; i < connections; i++) {
                    loop.connect(selector, port);
                }
                long begun = System.nanoTime();
                loop.run(selector, connections, begun + TimeUnit.SECONDS.toNanos(seconds));
                return new Outcome((System.nanoTime() - begun) / 1e9, loop.micros, loop.refused);
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
    }

    private void connect(Selector selector, int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Exchange());
    }

    private void run(Selector selector, int connections, long until) throws IOException {
        for (SelectionKey key : selector.keys()) {
            send(key);
        }
        int open = connections;
        while (open > 0) {
            selector.select(SELECT_MS);
            for (SelectionKey key : selector.selectedKeys()) {
                if (read(key)) {
                    if (System.nanoTime() < until) {
                        send(key);
                    } else {
                        key.interestOps(0);
                        open--;
                    }
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void send(SelectionKey key) throws IOException {
        // Nothing else is on its way on this connection, so its buffer has room for this.
        ((SocketChannel) key.channel()).write(ByteBuffer.wrap(request));
        ((Exchange) key.attachment()).begin(System.nanoTime());
    }

    /** Whether the answer is whole now. */
    private boolean read(SelectionKey key) throws IOException {
        Exchange exchange = (Exchange) key.attachment();
        if (((SocketChannel) key.channel()).read(exchange.answer) < 0) {
            throw new EOFException("the service closed a connection amid " + micros.getTotalCount() + " answers");
        }
        if (!exchange.isWhole()) {
            return false;
        }
        int status = exchange.status();
        if (status == expected) {
            micros.recordValue((System.nanoTime() - exchange.sentAt) / 1_000);
        } else if (status == UNAVAILABLE) {
            refused++;
        } else {
            throw new IllegalStateException("answered " + exchange.text());
        }
        return true;
    }

    /** Where one connection's answer stands. */
    private static final class Exchange {
        private static final int STATUS_AT = "HTTP/1.1 ".length();
        private static final int STATUS_DIGITS = 3;

        private final ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
        private long sentAt;
        /** How long the answer is with its head; 0 until that is whole. */
        private int length;

        void begin(long now) {
            answer.clear();
            length = 0;
            sentAt = now;
        }

        boolean isWhole() {
            if (length == 0) {
                int body = bodyAt();
                if (body < 0) {
                    return false;
                }
                length = body + bodyLength(new String(answer.array(), 0, body, ISO_8859_1));
            }
            return answer.position() >= length;
        }

        private int bodyAt() {
            byte[] bytes = answer.array();
            for (int i = HEAD_END.length; i <= answer.position(); i++) {
                if (bytes[i - 1] == HEAD_END[3]
                        && bytes[i - 2] == HEAD_END[2]
                        && bytes[i - 3] == HEAD_END[1]
                        && bytes[i - 4] == HEAD_END[0]) {
                    return i;
                }
            }
            return -1;
        }

        private static int bodyLength(String head) {
            int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
            if (at < 0) {
                throw new IllegalStateException("an answer has no Content-Length: " + head);
            }
            return Integer.parseInt(
                    head.substring(at + LENGTH.length(), head.indexOf('\r', at)).strip());
        }

        int status() {
            return Integer.parseInt(text().substring(STATUS_AT, STATUS_AT + STATUS_DIGITS));
        }

        String text() {
            return new String(answer.array(), 0, answer.position(), ISO_8859_1);
        }
    }
}
