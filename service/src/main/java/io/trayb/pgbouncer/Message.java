package io.trayb.pgbouncer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A message of Postgres' protocol that has come in: its letter, and a body that is read from the front. For one thread.
 *
 * @param type the letter, as the chapter "Message Formats" of Postgres' manual has it
 */
record Message(char type, ByteBuffer body) {
    static Message of(char type, byte[] body) {
        return new Message(type, ByteBuffer.wrap(body));
    }

    /** A whole number of four bytes. */
    int number() throws IOException {
        require(Integer.BYTES);
        return body.getInt();
    }

    /** A whole number of two bytes. */
    int shortNumber() throws IOException {
        require(Short.BYTES);
        return body.getShort();
    }

    byte letter() throws IOException {
        require(1);
        return body.get();
    }

    void skip(int bytes) throws IOException {
        require(bytes);
        body.position(body.position() + bytes);
    }

    /** Text of so many bytes. */
    String text(int bytes) throws IOException {
        require(bytes);
        byte[] text = new byte[bytes];
        body.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Text that ends with a zero, which is taken too. */
    String text() throws IOException {
        int end = body.position();
        while (end < body.limit() && body.get(end) != 0) {
            end++;
        }
        String text = text(end - body.position());
        skip(1);
        return text;
    }

    /** All that is left. */
    byte[] rest() {
        byte[] rest = new byte[body.remaining()];
        body.get(rest);
        return rest;
    }

    private void require(int bytes) throws IOException {
        if (bytes < 0 || body.remaining() < bytes) {
            throw new IOException("a message '" + type + "' ends before it should: this is no PgBouncer");
        }
    }
}
