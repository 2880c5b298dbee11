package io.trayb.jobs.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.trayb.jobs.JobFailure;
import io.trayb.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code http} job type's calls over https: whom they believe, and what becomes of those whom they don't. */
final class HttpsTest extends HttpCalls {
    @TempDir
    static Path folder;

    private static TestCertificate authority;
    private static TestCertificate good;
    private static TestCertificate expired;
    private static TestCertificate ofAnother;

    /** Whom requests got through to. */
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void make_certificates() throws Exception {
        authority = TestCertificate.of(folder, "authority", "ip:127.0.0.1", "-ext", "bc=ca:true");
        good = authority.signing("good", "ip:127.0.0.1");
        expired = authority.signing("expired", "ip:127.0.0.1", "-startdate", "-3d", "-validity", "2");
        ofAnother = authority.signing("another", "dns:hooks.example.com");
    }

    private String urlOfServerWith(TestCertificate certificate) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
        server.createContext("/", exchange -> {
            heard.add(exchange.getRequestHeaders().getFirst("Authorization") + "");
            byte[] body = "fine".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        closeAtTheEnd(() -> server.stop(0));
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private HttpHandler trusting(TestCertificate added) {
        return handler(HttpTrust.with(added.certificate()), SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");
    }

    /** What is wrong with the server may be mended by the next attempt; and it heard nothing, no secret either. */
    private void isTriedAgain(JobFailure failure, String reason) {
        assertThat(failure.isPermanent()).isFalse();
        assertThat(failure).hasMessageStartingWith("the call didn't come through: " + reason);
        assertThat(heard).isEmpty();
    }

    @Test
    void a_server_whose_authority_the_operator_added_is_called() throws Exception {
        assertThat(trusting(authority).run(get(urlOfServerWith(good)), new LoneJob()))
                .isEqualTo(FINE);
        assertThat(heard).hasSize(1);
    }

    @Test
    void a_certificate_that_signs_itself_is_trusted_only_if_it_is_itself_added() throws Exception {
        isTriedAgain(
                failure(trusting(good), get(urlOfServerWith(authority))), "the server's certificate isn't trusted: ");
        assertThat(trusting(authority).run(get(urlOfServerWith(authority)), new LoneJob()))
                .isEqualTo(FINE);
    }

    @Test
    void whom_the_jvm_trusts_is_trusted_beside_those_that_were_added() {
        int ofTheJvm = issuers(HttpTrust.ofTheJvm());

        assertThat(ofTheJvm).isPositive();
        assertThat(issuers(HttpTrust.with(authority.certificate()))).isEqualTo(ofTheJvm + 1);
    }

    private static int issuers(HttpTrust trust) {
        return trust.issuers().size();
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused_and_the_setting_named() throws Exception {
        HttpHandler handler = handler(SystemDefaultDnsResolver.INSTANCE, "127.0.0.1");
        Files.writeString(Files.createDirectories(secrets.resolve("127.0.0.1")).resolve("token"), "hush-hush");

        JobFailure failure = failure(
                handler,
                payload("GET", urlOfServerWith(good), Map.of("Authorization", "Bearer ${secret:token}"), null, null));

        isTriedAgain(failure, "the server's certificate isn't trusted: ");
        assertThat(failure).hasMessageContaining("HTTP_JOB_CA_FILE").hasMessageNotContaining("hush-hush");
    }

    @Test
    void a_certificate_of_another_authority_than_the_one_that_was_added_is_refused() throws Exception {
        isTriedAgain(
                failure(trusting(ofAnother), get(urlOfServerWith(good))), "the server's certificate isn't trusted: ");
    }

    @Test
    void a_certificate_for_another_host_is_refused_though_it_is_trusted() throws Exception {
        JobFailure failure = failure(trusting(authority), get(urlOfServerWith(ofAnother)));

        isTriedAgain(failure, "the server's certificate is refused: ");
        assertThat(failure).hasMessageContaining("127.0.0.1");
    }

    @Test
    void the_name_of_the_url_counts_and_not_where_it_leads() throws Exception {
        HttpHandler handler = handler(
                HttpTrust.with(authority.certificate()),
                names("hooks.example.com", "127.0.0.1"),
                "hooks.example.com",
                "127.0.0.1");
        String url = urlOfServerWith(ofAnother).replace("127.0.0.1", "hooks.example.com");

        assertThat(handler.run(get(url), new LoneJob())).isEqualTo(FINE);
    }

    @Test
    void a_certificate_that_has_expired_is_refused_though_it_is_trusted() throws Exception {
        isTriedAgain(
                failure(trusting(authority), get(urlOfServerWith(expired))), "the server's certificate has expired: ");
    }

    @Test
    void a_server_that_speaks_no_tls_is_told_as_such() throws Exception {
        ServerSocket plain = opened(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        Thread answering = new Thread(() -> answerPlainly(plain));
        answering.start();

        isTriedAgain(
                failure(trusting(authority), get("https://127.0.0.1:" + plain.getLocalPort() + "/")),
                "no encrypted connection came about: ");
        await().atMost(Duration.ofSeconds(10)).until(() -> !answering.isAlive());
    }

    private static void answerPlainly(ServerSocket plain) {
        try (Socket connection = plain.accept()) {
            connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.getOutputStream().flush();
            connection.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The client has gone.
        }
    }

    @Test
    void a_redirect_from_https_to_http_is_not_followed_and_one_to_https_is_checked_like_the_first_url()
            throws Exception {
        HttpsServer redirecting = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        redirecting.setHttpsConfigurator(new HttpsConfigurator(good.server()));
        String target = urlOfServerWith(expired);
        for (String scheme : List.of("http", "https")) {
            redirecting.createContext("/" + scheme + "/", exchange -> {
                exchange.getResponseHeaders().add("Location", target.replace("https", scheme));
                exchange.sendResponseHeaders(307, -1);
                exchange.close();
            });
        }
        redirecting.start();
        closeAtTheEnd(() -> redirecting.stop(0));
        String url = "https://127.0.0.1:" + redirecting.getAddress().getPort();
        HttpHandler handler = trusting(authority);

        JobFailure plain = failure(handler, payload("GET", url + "/http/", null, null, 1));
        assertThat(plain.isPermanent()).isTrue();
        assertThat(plain).hasMessageContaining("isn't encrypted");
        isTriedAgain(failure(handler, payload("GET", url + "/https/", null, null, 1)), "the server's certificate ");
    }

    @Test
    void a_file_of_authorities_that_is_none_is_refused_by_the_settings_name() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path broken = Files.writeString(folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        for (Path file : List.of(empty, broken, folder.resolve("nowhere.pem"))) {
            assertThatThrownBy(() -> HttpTrust.with(file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("jobs.httpCaFile (HTTP_JOB_CA_FILE)")
                    .hasMessageContaining(file.toString());
        }
    }
}
