package io.trayb.hostile;

import io.trayb.openapi.ApiContract;
import io.trayb.openapi.ApiContract.Described;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Requests for described operations that are nearly right, and wrong in one place or several. The same seed makes the same ones. */
final class RandomRequests {
    private static final List<String> HEADERS = List.of(
            "Idempotency-Key",
            "If-None-Match",
            "Last-Event-ID",
            "Accept",
            "Accept-Language",
            "X-Request-Id",
            "Range",
            "Content-Type",
            "Content-Encoding");
    private static final List<String> VALUES = List.of(
            "",
            "*",
            "\"",
            "\"a\", W/\"b\"",
            "-1",
            "text/html;q=0.1",
            "application/json;charset=utf-16",
            "application/json;q=nonsense",
            "bytes=0-1",
            "gzip",
            "x".repeat(999),
            "ffffffffffffffff-0-0");

    private final ApiContract contract;
    private final FittingRequests fitting;
    private final Random random;
    private final Map<Described, List<Probe>> probes = new HashMap<>();

    RandomRequests(ApiContract contract, FittingRequests fitting, Random random) {
        this.contract = contract;
        this.fitting = fitting;
        this.random = random;
    }

    /** All requests for an operation that are at a limit, or wrong in one place. */
    static List<Probe> probes(ApiContract contract, FittingRequests fitting, Described call) {
        List<Probe> all = new ArrayList<>(new BentParameters(contract, fitting).all(call));
        if (!call.body().isMissingNode()) {
            all.addAll(new BentBodies(contract, fitting).all(call));
        }
        return all;
    }

    DescribedRequest next(Described call) {
        List<Probe> ways = probes.computeIfAbsent(call, any -> probes(contract, fitting, any));
        DescribedRequest request = fitting.any(call);
        for (int i = random.nextInt(3); i > 0 && !ways.isEmpty(); i--) {
            take(request, ways.get(random.nextInt(ways.size())).request());
        }
        if (random.nextInt(4) == 0) {
            request.headers.add(
                    Map.entry(HEADERS.get(random.nextInt(HEADERS.size())), VALUES.get(random.nextInt(VALUES.size()))));
        }
        byte[] body = request.body();
        if (body != null && body.length > 0 && random.nextInt(6) == 0) {
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
        }
        return request;
    }

    /** A part of another one. */
    private void take(DescribedRequest request, DescribedRequest other) {
        switch (random.nextInt(3)) {
            case 0 -> {
                request.query.clear();
                request.query.addAll(other.query);
            }
            case 1 -> request.path.putAll(other.path);
            default -> request.takeBody(other);
        }
    }
}
