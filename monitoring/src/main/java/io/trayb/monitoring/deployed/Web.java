package io.trayb.monitoring.deployed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks for JSON over HTTP. Thread-safe. */
final class Web {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /**
     * The answer to a GET.
     *
     * @throws UnreachableException when there is none, or none of JSON
     */
    JsonNode json(URI address) throws InterruptedException {
        HttpResponse<String> response;
        try {
            response =
                    client.send(HttpRequest.newBuilder(address).timeout(TIMEOUT).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UnreachableException(address + " doesn't answer: " + e, e);
        }
        if (response.statusCode() != 200) {
            throw new UnreachableException(address + " answers " + response.statusCode());
        }
        try {
            return MAPPER.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new UnreachableException(address + " doesn't answer JSON", e);
        }
    }

    /** A path below an address, whether or not that ends in a slash. */
    static URI below(URI base, String path) {
        String text = base.toString();
        return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
    }
}
