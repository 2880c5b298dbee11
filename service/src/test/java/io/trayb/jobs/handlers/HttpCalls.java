package io.trayb.jobs.handlers;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.trayb.jobs.JobFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the {@code http} job type in hostile hands have in common: handlers, servers that answer as told, and their end. */
abstract class HttpCalls {
    static final String OK = "200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine";
    static final HttpHandler.Result FINE = new HttpHandler.Result(200, "fine", false);

    @TempDir
    Path secrets;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    final void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    final HttpHandler handler(DnsResolver names, String... allowed) {
        return handler(HttpTrust.ofTheJvm(), names, allowed);
    }

    final HttpHandler handler(HttpTrust trust, DnsResolver names, String... allowed) {
        HttpHandler handler =
                new HttpHandler(new HttpAllowList(List.of(allowed)), HttpSecrets.in(secrets), trust, names);
        handler.start();
        closeAtTheEnd(handler::stop);
        return handler;
    }

    final <T extends AutoCloseable> T opened(T each) {
        closeAtTheEnd(each);
        return each;
    }

    final void closeAtTheEnd(AutoCloseable each) {
        opened.add(each);
    }

    static ScriptedServer redirecting(int status, String target) throws IOException {
        return ScriptedServer.answering(
                status + " Elsewhere\r\nLocation: " + target + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    static String url(ScriptedServer server) {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    static HttpHandler.Payload get(String url) {
        return payload("GET", url, null, null, null);
    }

    static HttpHandler.Payload payload(
            String method,
            String url,
            @Nullable Map<String, String> headers,
            @Nullable String body,
            @Nullable Integer maxRedirects) {
        return new HttpHandler.Payload(
                method, url, headers, body == null ? null : JsonNodeFactory.instance.textNode(body), maxRedirects);
    }

    static JobFailure failure(HttpHandler handler, HttpHandler.Payload payload) {
        return catchThrowableOfType(JobFailure.class, () -> handler.run(payload, new LoneJob()));
    }

    /** Knows one name, and leads it elsewhere each time it is asked; several addresses of one answer have commas between. */
    static DnsResolver names(String name, String... answers) {
        Iterator<String> next = Arrays.asList(answers).iterator();
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws java.net.UnknownHostException {
                if (!host.equals(name)) {
                    return SystemDefaultDnsResolver.INSTANCE.resolve(host);
                }
                String[] texts = (answers.length == 1 ? answers[0] : next.next()).split(",", -1);
                InetAddress[] addresses = new InetAddress[texts.length];
                for (int i = 0; i < texts.length; i++) {
                    addresses[i] = InetAddress.getByName(texts[i]);
                }
                return addresses;
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }
}
