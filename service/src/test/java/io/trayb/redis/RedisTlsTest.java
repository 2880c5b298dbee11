package io.trayb.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.trayb.health.RedisProbe;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.RedisProgram;
import io.trayb.testing.TestCertificate;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A Redis that is reached by rediss://, with certificates that were made for this. */
class RedisTlsTest {
    @RegisterExtension
    static final TestDatabase database = TestDatabase.migrated();

    @TempDir
    static Path folder;

    private static TestCertificate own;
    private static TestCertificate ofAnother;
    private static RedisProgram redis;

    @BeforeAll
    static void start() throws Exception {
        own = TestCertificate.of(folder, "own", "ip:127.0.0.1");
        ofAnother = TestCertificate.of(folder, "another", "dns:redis.example.org");
        redis = RedisProgram.encrypted(folder, own);
        try (Jedis jedis = redis.behindTheBack()) {
            jedis.aclSetUser("trayb", EverythingOnRedis.documentedRights().toArray(String[]::new));
        }
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Test
    void a_service_does_all_that_it_does_with_redis_as_a_user_who_may_do_no_more() throws Exception {
        try (TestService service = TestService.start(variables("whole", own));
                Jedis jedis = redis.behindTheBack()) {
            EverythingOnRedis.done(service, database);
            assertThat(jedis.aclLog()).isEmpty();
        }
    }

    @Test
    void a_service_that_does_not_trust_it_says_so() throws Exception {
        try (TestService service = TestService.start(variables("distrusting", null))) {
            await().until(() -> HttpAnswers.get(service.adminPort(), "/readyz")
                    .body()
                    .contains("Redis' certificate is refused: unable to find valid certification path"));
            assertThat(HttpAnswers.get(service.adminPort(), "/readyz").body()).contains("REDIS_CA_FILE");
            assertThat(HttpAnswers.get(service.port(), "/readyz").body())
                    .contains("no encrypted connection to it comes about")
                    .doesNotContain("certification path");
        }
    }

    @Test
    void a_certificate_that_leads_elsewhere_is_refused() {
        assertRefused(redis.port(), ofAnother.certificate(), "Redis' certificate is refused: ");
    }

    @Test
    void a_certificate_that_names_another_host_is_refused() throws IOException {
        try (RedisProgram another = RedisProgram.encrypted(folder, ofAnother)) {
            assertRefused(
                    another.port(),
                    ofAnother.certificate(),
                    "Redis' certificate is refused: No subject alternative names");
        }
    }

    @Test
    void a_server_that_speaks_something_else_is_found_out() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> {
                try (Socket client = other.accept()) {
                    client.getOutputStream().write("-ERR no such command\r\n".getBytes(StandardCharsets.UTF_8));
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            server.start();

            assertRefused(other.getLocalPort(), own.certificate(), "see whether it speaks TLS at the port");
        }
    }

    private static void assertRefused(int port, Path trusted, String sentence) {
        RedisUrl url = RedisUrl.parse("rediss://127.0.0.1:" + port);
        RedisConfiguration configuration =
                RedisConfiguration.of(url, TrustedCertificates.read(trusted.toString()), null, null, null);
        RedisProbe probe = new RedisProbe(new RedisConnections(url, configuration));
        try {
            assertThatThrownBy(probe::probe).hasMessageContaining(sentence);
        } finally {
            probe.close();
        }
    }

    private static Map<String, String> variables(String name, @Nullable TestCertificate trusted) {
        Map<String, String> variables =
                new TreeMap<>(TestService.outside(database.url(), redis.port(), folder.resolve(name)));
        variables.put("REDIS_URL", "rediss://trayb:secret@127.0.0.1:" + redis.port());
        if (trusted != null) {
            variables.put("REDIS_CA_FILE", trusted.certificate().toString());
        }
        return variables;
    }
}
