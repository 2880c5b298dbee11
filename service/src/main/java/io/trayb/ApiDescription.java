package io.trayb;

import static io.trayb.openapi.Operation.describe;

import io.dropwizard.core.setup.Environment;
import io.trayb.events.EventOperations;
import io.trayb.events.Events;
import io.trayb.events.TicketResource;
import io.trayb.health.HealthOperations;
import io.trayb.http.HttpBundle;
import io.trayb.jobs.api.BatchResource;
import io.trayb.jobs.api.HeldJobResource;
import io.trayb.jobs.api.JobOperations;
import io.trayb.jobs.api.JobResource;
import io.trayb.jobs.api.LeaseResource;
import io.trayb.jobs.api.QueueOperations;
import io.trayb.jobs.api.QueueResource;
import io.trayb.jobs.api.ScheduleOperations;
import io.trayb.jobs.api.ScheduleResource;
import io.trayb.jobs.api.WorkerOperations;
import io.trayb.keys.Requires;
import io.trayb.keys.Scope;
import io.trayb.keys.api.KeyOperations;
import io.trayb.keys.api.KeyResource;
import io.trayb.openapi.ApiDocument;
import io.trayb.openapi.Call;
import io.trayb.openapi.DescriptionServlet;
import io.trayb.openapi.Example;
import io.trayb.openapi.Operation;
import io.trayb.openapi.Schema;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.ServletMapping;

/** The description of the whole API, put together of what each feature says of its calls. */
final class ApiDescription {
    /** Where it is committed. */
    static final String FILE = "docs/openapi.json";

    private static final String TAG = "description";

    private static final List<Class<?>> RESOURCES = List.of(
            JobResource.class,
            BatchResource.class,
            HeldJobResource.class,
            LeaseResource.class,
            QueueResource.class,
            ScheduleResource.class,
            TicketResource.class,
            KeyResource.class);

    /** What the application's port has beside the API: pages, and what they load. */
    private static final Set<String> PAGES = Set.of("", IndexPage.STYLE_PATH, Events.CLIENT_PATH);

    /** Each is a story that begins with nothing but a key for everything. In this order they are told on one service. */
    private static final List<String> STORIES =
            List.of("jobs", "workers", "queues", "schedules", "events", "keys", "health");

    private static final String ABOUT = """
            Jobs, schedules, workers and events over HTTP. JSON in UTF-8; times as RFC 3339 in UTC with milliseconds; durations as whole \
            milliseconds in a field that ends in `Ms`. Fields without a value are there as `null`. A request's field that isn't known, \
            or is there twice, is refused, and so is a whole number that is written with a fraction or an exponent. Ids and cursors are \
            opaque. There may be more fields, states of a gap and kinds of events one day: pass over what you \
            don't know. Every error is `application/problem+json` (RFC 9457), also what no operation can say of \
            itself: 400 for what is no HTTP or no path, 404 for a path that isn't there, 405, 414, 415 for a `Content-Type` that is \
            none, 417, 431. The guide is in `docs/` of the repository.""";

    private ApiDescription() {}

    /** Made once, by whoever asks first. */
    private static final class Holder {
        static final ApiDocument DOCUMENT = ApiDocument.of(ABOUT, tags(), calls(), operations(), examples());
    }

    static ApiDocument document() {
        return Holder.DOCUMENT;
    }

    /** The file that is generated from it. */
    static Map<String, String> files() {
        return Map.of(FILE, document().json());
    }

    /** Serves it. To be called when everything else is registered: what isn't described stops the start. */
    static void serve(Environment environment, HttpBundle http) {
        environment
                .servlets()
                .addServlet("openapi", new DescriptionServlet(document(), http.problemWriter()))
                .addMapping(DescriptionServlet.PATH);
        document().requireRoutes(served(environment));
    }

    private static Set<String> served(Environment environment) {
        Stream<String> resources = environment.jersey().getResourceConfig().getClasses().stream()
                .filter(resource -> resource.isAnnotationPresent(Path.class))
                .flatMap(resource -> Call.of(resource, ApiDescription::scope).stream())
                .map(Call::route);
        Stream<String> servlets = Arrays.stream(
                        environment.getApplicationContext().getServletHandler().getServletMappings())
                .map(ServletMapping::getPathSpecs)
                .flatMap(Arrays::stream)
                .filter(path -> !PAGES.contains(path))
                .map(path -> "GET " + path);
        return Stream.concat(resources, servlets).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(JobOperations.TAG, "Submit, read, cancel and put back jobs.");
        tags.put(WorkerOperations.TAG, "Work off jobs outside of the service. A token fences whoever lost its lease.");
        tags.put(QueueOperations.TAG, "See queues, pause and limit them, put back what failed.");
        tags.put(ScheduleOperations.TAG, "Have jobs submitted by the clock.");
        tags.put(EventOperations.TAG, "Follow every change of every job.");
        tags.put(KeyOperations.TAG, "Let others in.");
        tags.put(HealthOperations.TAG, "For load balancers.");
        tags.put(TAG, "This description.");
        return tags;
    }

    private static List<Operation> operations() {
        return Stream.of(
                        JobOperations.all(),
                        WorkerOperations.all(),
                        QueueOperations.all(),
                        ScheduleOperations.all(),
                        EventOperations.all(),
                        KeyOperations.all(),
                        HealthOperations.all(),
                        List.of(itself()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Call> calls() {
        String read = Scope.READ.wireName();
        Stream<Call> servlets = Stream.of(
                Call.ofServlet("GET", Events.STREAM_PATH, read),
                Call.ofServlet("GET", Events.POLL_PATH, read),
                Call.ofServlet("GET", DescriptionServlet.PATH, null),
                Call.ofServlet("GET", "/healthz", null),
                Call.ofServlet("GET", "/readyz", null));
        Stream<Call> resources =
                RESOURCES.stream().flatMap(resource -> Call.of(resource, ApiDescription::scope).stream());
        return Stream.concat(resources, servlets).toList();
    }

    private static List<Example> examples() {
        return STORIES.stream()
                .flatMap(story -> Example.read(ApiDescription.class, "examples/" + story + ".json").stream())
                .toList();
    }

    private static Optional<String> scope(Method method) {
        return Optional.ofNullable(method.getAnnotation(Requires.class))
                .map(requires -> requires.value().wireName());
    }

    private static Operation itself() {
        return describe("GET " + DescriptionServlet.PATH, "getDescription", TAG, "This document")
                .details("Any key will do.")
                .header("If-None-Match", Schema.text(), "The `ETag` of what the client has already.")
                .answers(
                        200,
                        Schema.map(Schema.anything()),
                        "OpenAPI 3.1.",
                        Map.of("ETag", "Changes when the document does."))
                .answersNothing(304, "The document is as the client has it.")
                .build();
    }
}
