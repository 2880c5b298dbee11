package io.trayb.jobs.handlers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers each connection as it is told to, be it against all rules of HTTP. */
final class ScriptedServer extends LoopbackServer {
    /** Answers one request; the connection is closed when it returns. */
    @FunctionalInterface
    interface Script {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private final Script script;

    /** The heads of the requests that came, each from its first line to the empty one. */
    final List<String> heard = new CopyOnWriteArrayList<>();

    /** On a free port, or the given one, of an address of this machine. */
    ScriptedServer(String address, int port, Script script) throws IOException {
        super(new ServerSocket(port, 50, InetAddress.getByName(address)));
        this.script = script;
        accept();
    }

    ScriptedServer(Script script) throws IOException {
        this("127.0.0.1", 0, script);
    }

    /** One that answers with a text; it stands for all that comes after {@code HTTP/1.1 }. */
    static ScriptedServer answering(String answer) throws IOException {
        return new ScriptedServer(out -> write(out, "HTTP/1.1 " + answer));
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    @Override
    void serve(Socket connection) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), ISO_8859_1));
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        heard.add(head.toString());
        script.answer(connection.getOutputStream());
    }
}
