package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.testing.ConfigOverride;
import io.trayb.http.HeaderDeadlines;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.RawHttp;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestRedis;
import io.trayb.testing.TestService;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The API over TLS, set up as docs/network.md says, with a certificate of the test's own. */
class TlsTest {
    private static final String PASSWORD = "a-test's-own";

    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @RegisterExtension
    static final TestRedis redis = new TestRedis();

    @TempDir
    static Path folder;

    private static TestService service;
    private static SSLContext trusting;

    @BeforeAll
    static void start() throws Exception {
        Path store = makeCertificate();
        trusting = trusting(store);
        Map<String, String> variables =
                new TreeMap<>(TestService.outside(database.url(), redis.port(), folder.resolve("data")));
        variables.put("TLS_KEY_STORE_PASSWORD", PASSWORD);
        service = TestService.start(
                asDocumented().toString(),
                variables,
                ConfigOverride.config("server.applicationConnectors[0].keyStorePath", store.toString()));
    }

    /** The shipped configuration with the connector that the page shows. */
    private static Path asDocumented() throws Exception {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        String page = Files.readString(Path.of("..", "docs", "network.md"));
        int begin = page.indexOf("```yaml\n") + "```yaml\n".length();
        JsonNode shown = yaml.readTree(page.substring(begin, page.indexOf("```", begin)));
        ObjectNode shipped = (ObjectNode) yaml.readTree(Files.readString(Path.of("..", "config.yml")));
        ((ObjectNode) shipped.path("server")).set("applicationConnectors", shown.at("/server/applicationConnectors"));
        return Files.writeString(folder.resolve("config.yml"), yaml.writeValueAsString(shipped));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Path makeCertificate() throws Exception {
        Path store = folder.resolve("trayb.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "trayb",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=trayb.example.org",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return store;
    }

    private static SSLContext trusting(Path store) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            own.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("trayb", own.getCertificate("trayb"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + service.port() + path));
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().sslContext(trusting).build();
    }

    @Test
    void a_job_is_submitted_and_followed_over_tls() throws Exception {
        HttpResponse<Stream<String>> stream =
                client().send(request("/api/v1/events?topic=queue:tls").build(), BodyHandlers.ofLines());
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.sslSession()).isPresent();
        HttpResponse<String> answer = client().send(
                        request("/api/v1/jobs")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"type\":\"nobody\",\"queue\":\"tls\"}"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(answer.headers().firstValue("Location").orElse(""))
                .isEqualTo("https://localhost:" + service.port() + "/api/v1/jobs/"
                        + ServiceClient.parse(answer.body()).path("id").asText());
        try (Stream<String> lines = stream.body()) {
            assertThat(lines.filter(line -> line.startsWith("event: ")).findFirst())
                    .hasValue("event: job.waiting");
        }
    }

    @Test
    void tls_1_2_will_do_and_nothing_older() throws Exception {
        assertThat(answerToHello(3)).as("a handshake with TLS 1.2").isEqualTo(HANDSHAKE);
        assertThat(answerToHello(2)).as("an alert to TLS 1.1").isEqualTo(ALERT);
        assertThat(answerToHello(1)).as("an alert to TLS 1.0").isEqualTo(ALERT);
    }

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;

    /** By hand, since no client of this JVM would speak the old versions: the type of the first record that comes back. */
    private static int answerToHello(int minorVersion) throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(new byte[] {3, (byte) minorVersion});
        body.write(new byte[32]);
        body.write(0);
        // ECDHE with ECDSA: the suites of TLS 1.2, then those that older versions have too.
        body.write(new byte[] {0, 6, (byte) 0xC0, 0x2B, (byte) 0xC0, 0x09, (byte) 0xC0, 0x0A});
        body.write(new byte[] {1, 0});
        // The curve secp256r1, points as they are, signatures with ECDSA and SHA-256.
        body.write(new byte[] {0, 22, 0, 10, 0, 4, 0, 2, 0, 23, 0, 11, 0, 2, 1, 0, 0, 13, 0, 4, 0, 2, 4, 3});
        ByteBuffer record = ByteBuffer.allocate(9 + body.size());
        record.put((byte) HANDSHAKE).put((byte) 3).put((byte) 1).putShort((short) (4 + body.size()));
        record.put((byte) 1).put((byte) 0).putShort((short) body.size()).put(body.toByteArray());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(record.array());
            return socket.getInputStream().read();
        }
    }

    @Test
    void whoever_speaks_no_tls_is_told_nothing() throws Exception {
        assertThat(RawHttp.send(service.port(), "GET /healthz", "Host: localhost"))
                .doesNotContain("uptimeMs");
    }

    @Test
    void a_stream_and_a_connection_that_is_kept_outlive_the_deadline_for_headers() throws Exception {
        try (Socket kept = connect();
                Stream<String> stream = client().send(
                                request("/api/v1/events?topic=queue:long").build(), BodyHandlers.ofLines())
                        .body()) {
            assertThat(healthOn(kept)).startsWith("HTTP/1.1 200");

            passDeadline();

            assertThat(healthOn(kept)).startsWith("HTTP/1.1 200");
            client().send(
                            request("/api/v1/jobs")
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("{\"type\":\"nobody\",\"queue\":\"long\"}"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(stream.filter(line -> line.startsWith("event: ")).findFirst())
                    .hasValue("event: job.waiting");
        }
    }

    @Test
    void a_handshake_that_does_not_come_to_its_end_is_cut_off() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            // The beginning of a record of 512 bytes, which would be the client's hello.
            socket.getOutputStream().write(new byte[] {HANDSHAKE, 3, 1, 2, 0, 1});

            awaitCutOff(socket);
        }
    }

    @Test
    void a_header_that_does_not_come_to_its_end_is_cut_off_behind_tls_too() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));

            awaitCutOff(socket);
        }
    }

    private static void passDeadline() {
        HeaderDeadlines.pass(service.environment().getApplicationContext().getServer());
    }

    /** Waits for what was sent to arrive, which nothing tells but the end. */
    private static void awaitCutOff(Socket socket) throws Exception {
        socket.setSoTimeout(50);
        await().until(() -> {
            passDeadline();
            try {
                return socket.getInputStream().read() < 0;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (SocketException | SSLException e) {
                return true;
            }
        });
    }

    private static Socket connect() throws Exception {
        Socket socket = trusting.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), service.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static String healthOn(Socket socket) throws Exception {
        socket.getOutputStream()
                .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return new String(readAnswer(socket.getInputStream()), StandardCharsets.UTF_8);
    }

    /** Up to the end of the body, which is one flat object. */
    private static byte[] readAnswer(InputStream in) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            answer.write(next);
            if (next == '}') {
                break;
            }
        }
        return answer.toByteArray();
    }

    @Test
    void pages_name_the_port_as_it_is_reached() throws Exception {
        assertThat(HttpAnswers.get(service.adminPort(), "/").body())
                .contains("href=\"https://127.0.0.1:" + service.port() + "/\"");
        assertThat(List.of(client().send(request("/").build(), BodyHandlers.ofString())
                        .body()))
                .allMatch(page -> page.contains("curl -N 'https://localhost:" + service.port() + "/api"));
    }
}
