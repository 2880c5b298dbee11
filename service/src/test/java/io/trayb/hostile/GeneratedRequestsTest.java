package io.trayb.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.trayb.hostile.FittingRequests.Things;
import io.trayb.keys.Scope;
import io.trayb.keys.TestKeys;
import io.trayb.openapi.ApiContract;
import io.trayb.openapi.ApiContract.Described;
import io.trayb.testing.BareConnection;
import io.trayb.testing.Figures;
import io.trayb.testing.RunningService;
import io.trayb.testing.ServiceClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Requests made from the API's description: what it allows is taken, each limit too, what it doesn't allow is refused by its field, and
 * each answer is as described. Another seed each time; one that went wrong is in the message, and tried again by {@code -Dtrayb.seed=N}. {@code
 * -Dtrayb.long=true} makes a hundred times as many at random, which takes minutes.
 */
class GeneratedRequestsTest {
    @RegisterExtension
    static final RunningService service = RunningService.with(Map.of("RUN_JOB_WORKER", "false"));

    private static final boolean LONG = Boolean.getBoolean("trayb.long");
    private static final int FITTING_OF_EACH = LONG ? 300 : 12;
    private static final int RANDOM = LONG ? 40_000 : 400;
    private static final int SEED =
            Integer.getInteger("trayb.seed", ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));

    /** So many that half a kilobyte of each would show. */
    private static final int ODD_NAMES = LONG ? 200_000 : 20_000;
    /** What a collection leaves behind varies by that much, whatever was asked. */
    private static final long NOISE_BYTES = 12L * 1024 * 1024;

    /** What no operation can say of itself: a path or a type that is none, a method that isn't there, a head that is too long. */
    private static final Set<Integer> OF_ANY_OPERATION = Set.of(400, 404, 405, 414, 415, 417, 431);

    private static final ApiContract CONTRACT = ApiContract.committed();
    private static final Pattern KNOWN = Pattern.compile("; known (?:are|is) ([A-Za-z, ]+)");
    private static final AtomicInteger probed = new AtomicInteger();
    private static final AtomicInteger names = new AtomicInteger();
    private static String key = "";

    @BeforeAll
    static void make_a_key() throws IOException {
        key = TestKeys.create(service.database(), "owner", "*", EnumSet.allOf(Scope.class));
        await().until(() -> service.client().get("/queues").status() == 401);
        Figures.note("generated requests: seed " + SEED);
    }

    @AfterAll
    static void say_how_many() throws IOException {
        Figures.note("generated requests: " + probed + " with one field at a limit or wrong");
    }

    private static ServiceClient client() {
        return service.client().with(key);
    }

    /** Something to read, change and remove, anew for each operation. */
    private static Things things(int held) {
        int number = names.incrementAndGet();
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(client().submit("{'queue':'" + FittingRequests.QUEUE + "','type':'nobody'}"));
        }
        client().delete("/jobs/" + jobs.get(0)).json(200);
        Deque<Map.Entry<String, String>> leases = new ArrayDeque<>();
        if (held > 0) {
            String job = "{'queue':'held-" + number + "','type':'nobody'}";
            client().post("/jobs/batch", "{'jobs':[" + String.join(",", Collections.nCopies(held, job)) + "]}")
                    .json(201);
            client().post("/queues/held-" + number + "/leases", "{'worker':'w','limit':" + held + "}")
                    .json(200)
                    .path("jobs")
                    .forEach(lease -> leases.add(Map.entry(
                            lease.path("id").asText(), lease.path("leaseToken").asText())));
        }
        client().post("/schedules", "{'name':'s-" + number + "','intervalMs':86400000,'job':{'type':'nobody'}}")
                .json(201);
        client().post("/keys", "{'name':'k-" + number + "','scopes':['read']}").json(201);
        String cursor =
                client().get("/events/poll?topic=jobs").json(200).path("cursor").asText();
        return new Things(jobs, leases, "s-" + number, "k-" + number, cursor);
    }

    @TestFactory
    Stream<DynamicTest> what_the_description_allows_is_taken() {
        return CONTRACT.operations().entrySet().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.getKey(), () -> {
                    Described call = operation.getValue();
                    boolean held = FittingRequests.isOfAHeldJob(call);
                    Random random = new Random(SEED);
                    FittingRequests fitting =
                            new FittingRequests(CONTRACT, random, things(held ? FITTING_OF_EACH / 2 : 0));
                    Set<Integer> statuses = new TreeSet<>();
                    for (int i = 0; i < FITTING_OF_EACH; i++) {
                        DescribedRequest request = fitting.any(call);
                        if (held && i % 2 == 0) {
                            fitting.hold(request);
                        }
                        RawAnswer answer = sent(request);
                        requireDescribed(request, answer, "fitting");
                        requireTaken(request, answer, "fitting");
                        statuses.add(answer.status());
                    }
                    assertThat(statuses).as("one at least is done").anyMatch(status -> status < 300);
                }));
    }

    @TestFactory
    Stream<DynamicTest> what_is_at_a_limit_is_taken_and_what_is_not_allowed_is_refused_by_its_field() {
        return CONTRACT.operations().entrySet().stream()
                .map(operation -> DynamicTest.dynamicTest(operation.getKey(), () -> {
                    FittingRequests fitting = new FittingRequests(CONTRACT, new Random(SEED), things(0));
                    for (Probe probe : RandomRequests.probes(CONTRACT, fitting, operation.getValue())) {
                        RawAnswer answer = sent(probe.request());
                        requireDescribed(probe.request(), answer, probe.what());
                        if (probe.taken()) {
                            requireTaken(probe.request(), answer, probe.what());
                        } else {
                            requireRefused(probe, answer);
                        }
                        probed.incrementAndGet();
                    }
                }));
    }

    /** That the thing is gone by now, is another version, or another one has its name, is no matter of form. */
    private static void requireTaken(DescribedRequest request, RawAnswer answer, String what) {
        assertThat(answer.status()).as(shown(request, answer, what)).isIn(200, 201, 204, 304, 404, 409, 412, 429);
    }

    private static void requireRefused(Probe probe, RawAnswer answer) {
        String shown = shown(probe.request(), answer, probe.what());
        assertThat(answer.status()).as(shown).isBetween(400, 499).isNotIn(403, 409);
        JsonNode problem = answer.refusal();
        if (probe.field() != null) {
            assertThat(answer.status()).as(shown).isEqualTo(400);
            List<String> named = new ArrayList<>();
            problem.path("errors")
                    .forEach(error -> named.add(error.path("field").asText()));
            assertThat(named).as(shown).anyMatch(probe::isNamedBy);
        }
        Matcher known = KNOWN.matcher(problem.path("detail").asText());
        if (!probe.known().isEmpty() && known.find()) {
            assertThat(List.of(known.group(1).split(", ", -1)))
                    .as(shown)
                    .containsExactlyInAnyOrderElementsOf(probe.known());
        }
    }

    @Test
    void no_request_at_random_fails() throws Exception {
        send(randomRequests(), List.copyOf(CONTRACT.operations().values()), RANDOM);
        Figures.note("generated requests: " + RANDOM + " at random");
    }

    @Test
    void nothing_is_left_of_names_that_clients_make_up() throws Exception {
        // What is made once is made by then.
        askForOddNames(ODD_NAMES / 4);
        long before = usedAfterCollection();
        askForOddNames(ODD_NAMES);
        long after = usedAfterCollection();

        Figures.note("%,d made-up names, heap from %,d to %,d KiB".formatted(ODD_NAMES, before / 1024, after / 1024));
        assertThat(after - before)
                .as("bytes of heap that %,d requests left", ODD_NAMES)
                .isLessThan(NOISE_BYTES);
    }

    private static void askForOddNames(int many) throws IOException {
        int done = 0;
        while (done < many) {
            try (BareConnection connection = new BareConnection(service.port())) {
                for (; done < many && !connection.isClosing(); done++) {
                    String odd = "odd-" + names.incrementAndGet();
                    String path =
                            switch (done % 4) {
                                case 0 -> "/api/v1/jobs/" + odd;
                                case 1 -> "/" + odd;
                                case 2 -> "/api/v1/queues/" + odd;
                                default -> "/api/v1/jobs?" + odd + "=1";
                            };
                    BareConnection.Answer answer = connection.send(
                            "GET", path, "", "Authorization: Bearer " + key, "X-Request-Id: " + odd, odd + ": 1");
                    assertThat(answer.status()).as(path).isBetween(200, 499);
                }
            }
        }
    }

    private static RandomRequests randomRequests() {
        Random random = new Random(SEED);
        return new RandomRequests(CONTRACT, new FittingRequests(CONTRACT, random, things(10)), random);
    }

    private static void send(RandomRequests requests, List<Described> calls, int many) throws Exception {
        for (int i = 0; i < many; i++) {
            DescribedRequest request = requests.next(calls.get(i % calls.size()));
            RawAnswer answer = sent(request);
            requireDescribed(request, answer, "request " + i);
        }
    }

    /** A connection that is reset before the answer is read may be the machine's doing, once. */
    private static RawAnswer sent(DescribedRequest request) throws IOException {
        RawAnswer first = sentOnce(request);
        return first.reset() == null ? first : sentOnce(request);
    }

    private static RawAnswer sentOnce(DescribedRequest request) throws IOException {
        byte[] bytes = request.bytes(key);
        return request.call.path().equals("/api/v1/events")
                ? RawAnswer.begun(service.port(), bytes)
                : RawAnswer.to(service.port(), bytes);
    }

    /** No failure of ours, and nothing that the description doesn't say. */
    private static void requireDescribed(DescribedRequest request, RawAnswer answer, String what) {
        try {
            answer.isNoFailure();
            String type = answer.header("Content-Type").orElse(null);
            boolean stream = type != null && type.startsWith("text/event-stream");
            JsonNode body = stream || answer.body().isEmpty() ? null : ServiceClient.parse(answer.body());
            boolean ofItself = request.call.operation().path("responses").has(Integer.toString(answer.status()));
            if (ofItself || !OF_ANY_OPERATION.contains(answer.status())) {
                assertThat(CONTRACT.faults(request.call, answer.status(), type, body))
                        .isEmpty();
                assertThat(CONTRACT.headers(request.call, answer.status()))
                        .allMatch(name -> answer.header(name).isPresent());
            } else {
                assertThat(CONTRACT.faultsOfProblem(body)).isEmpty();
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(shown(request, answer, what), e);
        }
    }

    private static String shown(DescribedRequest request, RawAnswer answer, String what) {
        String sent = new String(request.bytes("KEY"), ISO_8859_1);
        return "seed " + SEED + ", " + what + ":\n" + (sent.length() < 3_000 ? sent : sent.substring(0, 3_000) + "…")
                + "\n\n" + answer.text();
    }

    private static long usedAfterCollection() {
        // Twice: what the first one finds unreachable may hold on to more until the second.
        IntStream.range(0, 2).forEach(i -> System.gc());
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
