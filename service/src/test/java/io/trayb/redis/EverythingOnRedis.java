package io.trayb.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.events.SseReader;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.testing.HttpAnswers;
import io.trayb.testing.ServiceClient;
import io.trayb.testing.TestDatabase;
import io.trayb.testing.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.commands.JedisCommands;

/** Has a service do all that it does with Redis: the log of events, wake-ups, tickets, rates, the news of keys, caches, counters, health. */
final class EverythingOnRedis {
    private static final Pattern RULES = Pattern.compile("(?m)^ACL SETUSER trayb (.*)$");
    private static final String STREAM = "/api/v1/events?topic=jobs";

    private EverythingOnRedis() {}

    /** The rights that docs/configuration.md says are enough, for a user whose password is {@code secret}. */
    static List<String> documentedRights() throws Exception {
        Matcher documented = RULES.matcher(Files.readString(Path.of("../docs/configuration.md")));
        assertThat(documented.find()).isTrue();
        return List.of(documented.group(1).replace("SECRET", "secret").split(" ", -1));
    }

    /** Does it, once for each database; each part of it but the counters has worked when this returns. */
    static void done(TestService service, TestDatabase database) throws Exception {
        String key = TestKeys.create(database, "limited", "*", EnumSet.allOf(Scope.class), null, "1000/s");
        ServiceClient client = service.client().with(key);
        await().until(() -> client.get("/queues").status() == 200);
        try (SseReader stream = SseReader.open(service.port(), STREAM, "Authorization", "Bearer " + key)) {
            await().until(() -> !stream.blocks().isEmpty());

            String job = client.submit("{'type':'noop'}");

            client.awaitState(job, "completed");
            await().until(() ->
                    stream.data().stream().anyMatch(data -> data.contains(job) && data.contains("durationMs")));
            client.get("/jobs/" + job).json(200);
            client.get("/queues").json(200);
        }
        assertThat(client.get("/events/poll?topic=jobs&timeoutMs=0").status()).isEqualTo(200);
        String ticket = client.post("/events/tickets", "{'topics':['jobs']}")
                .json(201)
                .path("ticket")
                .asText();
        assertThat(service.client().get("/events/poll?ticket=" + ticket).status())
                .isEqualTo(200);
        await().until(() -> HttpAnswers.get(service.port(), "/readyz").statusCode() == 200);
        await().until(() -> published(service) == 3);
        client.delete("/keys/limited").json(200);
    }

    /** They are brought up to date now and then. */
    static void awaitCounters(JedisCommands redis) {
        await().until(() -> redis.hget("metrics:sse", "delivered") != null && redis.exists("metrics:cache:jobs"));
    }

    private static double published(TestService service) throws Exception {
        return HttpAnswers.get(service.adminPort(), "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("trayb_events_published_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }
}
