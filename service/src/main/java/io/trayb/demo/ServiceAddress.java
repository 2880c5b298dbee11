package io.trayb.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the service listens: as told, else as the environment says, else as a running service has noted. */
final class ServiceAddress {
    private static final String DEFAULT_PORT = "8080";

    private final Map<String, String> environment;

    ServiceAddress(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * @param url what {@code --url} says, if it was given
     * @return an absolute http or https URL without a path
     * @throws DemoException with a sentence when the URL, the port or the service's note is malformed
     */
    URI resolve(@Nullable String url) {
        if (url != null) {
            return parse(url);
        }
        String port = environment.getOrDefault("PORT", "");
        if (port.isBlank() || port.equals("0")) {
            port = notedPort();
        }
        return parse("http://" + host() + ":" + port);
    }

    private static URI parse(String url) {
        try {
            URI uri = new URI(url);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawPath() == null
                    || uri.getRawPath().isEmpty()
                    || uri.getRawPath().equals("/");
            if (web && uri.getHost() != null && bare && uri.getPort() <= 65535) {
                return uri.resolve("/");
            }
        } catch (URISyntaxException e) {
            throw new DemoException(explain(url), e);
        }
        throw new DemoException(explain(url));
    }

    private static String explain(String url) {
        return "the service's URL is '" + url + "'; it must be like http://127.0.0.1:8080, without a path";
    }

    private String host() {
        String host = environment.getOrDefault("BIND_HOST", "");
        if (host.isBlank() || host.equals("0.0.0.0")) {
            return "127.0.0.1";
        }
        if (host.equals("::")) {
            return "[::1]";
        }
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    private String notedPort() {
        Path note = Path.of(environment.getOrDefault("DATA_DIR", "data"), "trayb.json");
        if (!Files.exists(note)) {
            return DEFAULT_PORT;
        }
        try {
            JsonNode port = new ObjectMapper().readTree(note.toFile()).path("port");
            if (!port.canConvertToInt() || !port.isIntegralNumber()) {
                throw new DemoException(note + " names no port; is it the file that a running service writes?");
            }
            return port.asText();
        } catch (IOException e) {
            throw new DemoException("cannot read " + note + ", where a running service notes its port", e);
        }
    }
}
