package io.trayb.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.testing.ServiceClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Requests for declared routes that are nearly right, and wrong somewhere. The same seed makes the same ones. */
final class BentRequests {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "*",
            "mail",
            "mail-1",
            "jobs",
            "queue:mail",
            "job:x",
            "0",
            "-1",
            "1e9",
            "null",
            "a\u0000b",
            "\ud800",
            "a\r\nb",
            "\u202e",
            "\u00fc",
            "😀",
            "'",
            "\"",
            "\\",
            "../..",
            "%00",
            "%2e%2e",
            "${jndi:x}",
            "{{7*7}}",
            "' OR 1=1--",
            "x".repeat(65),
            "x".repeat(5_000),
            "2026-11-28T00:00:00Z",
            "9999-12-31T23:59:59.999Z",
            "+99999-01-01T00:00:00Z",
            "0 0 31 2 *",
            "* * * * *",
            "Europe/Vienna",
            "lease-1",
            "01890a5d-ac96-774b-bcce-b302099a8057",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "ffffffffffffffff-0-0");
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "2",
            "10",
            "499",
            "501",
            "1001",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "1.5",
            "1e3",
            "1e999999999",
            "-0",
            "0.0",
            "99999999999999999999999");
    private static final List<String> PARAMETERS =
            List.of("queue", "type", "state", "limit", "cursor", "topic", "after", "timeoutMs", "ticket", "nonsense");

    /** A body that each call takes as it is. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry(
                    "POST /jobs",
                    "{'queue':'mail','type':'nobody','payload':{'a':[1,2.50,null,true,'x']},'priority':5,'delayMs':0,'maxAttempts':5,'timeoutMs':60000,'uniqueKey':'u'}"),
            Map.entry(
                    "POST /jobs/batch",
                    "{'jobs':[{'type':'nobody'},{'queue':'mail','type':'nobody','runAt':'2026-11-28T00:00:00Z'}]}"),
            Map.entry(
                    "POST /jobs/{id}/heartbeat",
                    "{'leaseToken':'lease-1','leaseMs':30000,'progress':50,'log':'half way'}"),
            Map.entry("POST /jobs/{id}/complete", "{'leaseToken':'lease-1','result':{'a':1}}"),
            Map.entry("POST /jobs/{id}/fail", "{'leaseToken':'lease-1','error':'no','retry':true}"),
            Map.entry("POST /jobs/{id}/retry", "{}"),
            Map.entry("PUT /queues/{queue}", "{'maxActive':5,'maxStartsPerSecond':10}"),
            Map.entry(
                    "POST /queues/{queue}/replay",
                    "{'state':'failed','type':'nobody','failedAfter':'2026-11-01T00:00:00Z','limit':10}"),
            Map.entry(
                    "POST /queues/{queue}/leases",
                    "{'worker':'w','limit':2,'leaseMs':1000,'waitMs':0,'types':['nobody']}"),
            Map.entry(
                    "POST /schedules",
                    "{'name':'nightly','cron':'0 3 * * *','timeZone':'UTC','missedRuns':'once','enabled':true,'job':{'queue':'mail','type':'nobody','payload':[1]}}"),
            Map.entry("PUT /schedules/{name}", "{'intervalMs':86400000,'job':{'queue':'mail','type':'nobody'}}"),
            Map.entry("POST /events/tickets", "{'topics':['jobs','queue:mail']}"),
            Map.entry(
                    "POST /keys",
                    "{'name':'made','scopes':['read','submit'],'queues':'mail-*','rate':'10/s','expiresAt':'2099-01-01T00:00:00Z'}"));

    private final RandomGenerator random;
    private final String key;
    private final List<String> ids;

    /**
     * @param key goes with each request
     * @param ids of jobs that there are
     */
    BentRequests(RandomGenerator random, String key, List<String> ids) {
        this.random = random;
        this.key = key;
        this.ids = List.copyOf(ids);
    }

    static boolean knowsBodyOf(Routes.Route route) {
        return BODIES.containsKey(route.toString());
    }

    /** One for a route, as it goes over the wire. */
    byte[] next(Routes.Route route) {
        byte[] body = route.takesBody() ? body(route) : new byte[0];
        String head = route.method() + " /api/v1" + path(route)
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\n" + header() + "Content-Length: " + body.length + "\r\n\r\n";
        byte[] begun = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = new byte[begun.length + body.length];
        System.arraycopy(begun, 0, request, 0, begun.length);
        System.arraycopy(body, 0, request, begun.length, body.length);
        return request;
    }

    private String path(Routes.Route route) {
        String path = route.template()
                .replace("{id}", oneIn(4) ? encoded(any(TEXTS)) : any(ids))
                .replace("{queue}", oneIn(4) ? encoded(any(TEXTS)) : "mail")
                .replace("{name}", oneIn(4) ? encoded(any(TEXTS)) : "nightly");
        StringBuilder query = new StringBuilder();
        if (route.template().equals("/events/poll")) {
            // Else it would wait.
            query.append("&timeoutMs=0");
        }
        if (route.template().startsWith("/events") && !oneIn(5)) {
            query.append("&topic=").append(any(List.of("jobs", "queue:mail", "job:x")));
        }
        if ("GET".equals(route.method())) {
            for (int i = random.nextInt(3); i > 0; i--) {
                String value = random.nextBoolean() ? any(NUMBERS) : any(TEXTS);
                query.append('&')
                        .append(any(PARAMETERS))
                        .append('=')
                        .append(oneIn(10) ? any(List.of("%", "%zz", "%ff")) : encoded(value));
            }
        }
        return path + (query.isEmpty() ? "" : "?" + query.substring(1));
    }

    private String header() {
        if (!oneIn(5)) {
            return "";
        }
        String name = any(List.of(
                "Idempotency-Key",
                "If-None-Match",
                "Last-Event-ID",
                "Accept",
                "Accept-Language",
                "X-Request-Id",
                "Range",
                "Expect",
                "Content-Encoding"));
        String value = any(TEXTS).replaceAll("[^\\x20-\\x7e]", "?");
        return name + ": " + (value.length() > 1_000 ? "x" : value) + "\r\n";
    }

    private byte[] body(Routes.Route route) {
        JsonNode body = ServiceClient.parse(BODIES.get(route.toString()).replace('\'', '"'));
        for (int i = random.nextInt(3); i > 0; i--) {
            bend(body);
        }
        // Lone surrogates are escaped, as a client could write them.
        byte[] bytes = escaped(body.toString()).getBytes(StandardCharsets.UTF_8);
        if (oneIn(8)) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private void bend(JsonNode root) {
        List<JsonNode> places = new ArrayList<>();
        collect(root, places);
        JsonNode place = any(places);
        if (place instanceof ObjectNode object && !object.isEmpty()) {
            List<String> fields = new ArrayList<>();
            object.fieldNames().forEachRemaining(fields::add);
            String field = any(fields);
            switch (random.nextInt(4)) {
                case 0 -> object.remove(field);
                case 1 -> object.set(any(TEXTS), value());
                default -> object.set(field, value());
            }
        } else if (place instanceof ArrayNode array) {
            if (array.isEmpty() || random.nextBoolean()) {
                array.add(value());
            } else {
                array.set(random.nextInt(array.size()), value());
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> places) {
        if (node.isContainerNode()) {
            places.add(node);
            node.forEach(child -> collect(child, places));
        }
    }

    private JsonNode value() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (random.nextInt(8)) {
            case 0 -> json.nullNode();
            case 1 -> json.booleanNode(random.nextBoolean());
            case 2 -> json.arrayNode().add(any(TEXTS)).add(1);
            case 3 -> json.objectNode().put(any(TEXTS), any(TEXTS));
            case 4, 5 -> ServiceClient.parse(any(NUMBERS));
            default -> json.textNode(any(TEXTS));
        };
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> {
            if (Character.isSurrogate((char) c)) {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > 0 && Character.isLetterOrDigit(b);
            encoded.append(plain ? Character.toString(b) : String.format("%%%02x", b & 0xff));
        }
        return encoded.toString();
    }
}
