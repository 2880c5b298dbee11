package io.trayb.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.openapi.ApiContract;
import io.trayb.testing.Figures;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Requests made from the routes that the service declares, nearly right and wrong somewhere: nothing fails, every refusal says why,
 * and nothing is left of them. A seed that went wrong once is tried again by {@code -Dtrayb.seed=N}; {@code -Dtrayb.long=true} tries
 * sixty of them, which takes some ten minutes.
 */
class GeneratedRequestsTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private static final int REQUESTS = Boolean.getBoolean("trayb.long") ? 3_000 : 400;
    private static final int SEEDS = Boolean.getBoolean("trayb.long") ? 60 : 1;
    /** What a collection leaves behind varies by that much, whatever was asked. */
    private static final long NOISE_BYTES = 48L * 1024 * 1024;

    /** What some operation may answer, and what none can say of itself, as the description's introduction has it. */
    private static final Set<String> DESCRIBED = described();

    private static String key = "";
    private static List<Routes.Route> routes = List.of();

    @BeforeAll
    static void makeAKey() {
        key = TestKeys.create(service.database(), "owner", "*", EnumSet.allOf(Scope.class));
        await().until(() -> client().get("/queues").status() == 200);
        routes = Routes.of(service.environment());
    }

    private static Set<String> described() {
        Set<String> statuses = new TreeSet<>(List.of("404", "405", "414", "417", "431"));
        ApiContract.committed()
                .operations()
                .values()
                .forEach(call -> call.operation().path("responses").fieldNames().forEachRemaining(statuses::add));
        return statuses;
    }

    private static ServiceClient client() {
        return service.client().with(key);
    }

    @Test
    void there_is_a_body_to_begin_with_for_every_call_that_takes_one() {
        assertThat(routes).hasSizeGreaterThan(20);
        assertThat(routes.stream().filter(Routes.Route::takesBody)).allMatch(BentRequests::knowsBodyOf);
    }

    @Test
    void no_request_fails_and_every_refusal_says_why() throws Exception {
        int first = Integer.getInteger("trayb.seed", 1);
        run(first);
        long before = usedAfterCollection();
        for (int seed = first + 1; seed <= first + SEEDS; seed++) {
            run(seed);
        }
        long after = usedAfterCollection();

        Figures.note("generated requests: " + SEEDS * REQUESTS + ", heap from " + before / 1024 + " to " + after / 1024
                + " KiB");
        assertThat(after - before)
                .as("bytes of heap that " + SEEDS * REQUESTS + " requests left")
                .isLessThan(NOISE_BYTES);
    }

    private static void run(int seed) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(client().submit("{'queue':'mail','type':'nobody'}"));
        }
        BentRequests requests = new BentRequests(new Random(seed), key, ids);
        for (int i = 0; i < REQUESTS; i++) {
            Routes.Route route = routes.get(i % routes.size());
            byte[] request = requests.next(route);
            String what = "seed " + seed + ", request " + i + ": " + new String(request, ISO_8859_1);
            RawAnswer answer =
                    route.template().equals("/events") ? begun(request) : RawAnswer.to(service.port(), request);
            try {
                answer.isNoFailure();
            } catch (AssertionError e) {
                throw new AssertionError(what, e);
            }
            assertThat(DESCRIBED).as(what).contains(Integer.toString(answer.status()));
            if (answer.status() == 503) {
                assertThat(answer.text()).as(what).containsIgnoringCase("\r\nretry-after: ");
            }
        }
    }

    /** A stream doesn't end by itself: its head will do, and all of it if it is a refusal. */
    private static RawAnswer begun(byte[] request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            StringBuilder text = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                text.append(line).append("\r\n");
                if (line.isEmpty() && text.indexOf("HTTP/1.1 200") == 0) {
                    break;
                }
            }
            return new RawAnswer(text.toString());
        }
    }

    private static long usedAfterCollection() {
        // Twice: what the first one finds unreachable may hold on to more until the second.
        IntStream.range(0, 2).forEach(i -> System.gc());
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
