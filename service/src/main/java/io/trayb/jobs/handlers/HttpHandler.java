package io.trayb.jobs.handlers;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.lifecycle.Managed;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobFailure;
import io.trayb.jobs.JobHandler;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.jspecify.annotations.Nullable;

/**
 * {@code http}: calls a URL; its result is the status and the head of the body. An answer 5xx and a call that doesn't come
 * through are tried again; 4xx, and what the allow-list refuses, fail for good. Redirects aren't followed: their answer is the
 * result.
 */
public final class HttpHandler implements JobHandler<HttpHandler.@Nullable Payload>, Managed {
    /**
     * @param method GET by default
     * @param headers beside those that the call needs
     * @param body text is sent as it is, anything else as JSON
     */
    public record Payload(
            @JsonProperty @Nullable String method,
            @JsonProperty @Nullable String url,
            @JsonProperty @Nullable Map<String, String> headers,
            @JsonProperty @Nullable JsonNode body) {}

    /**
     * What is kept of a call.
     *
     * @param truncated whether the body was longer than what is kept
     */
    public record Result(int status, String body, boolean truncated) {}

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final int MAX_CONNECTIONS = 256;
    private static final long CONNECT_TIMEOUT_SECONDS = 10;

    private final HttpAllowList allowed;
    private final CloseableHttpAsyncClient client;

    public HttpHandler(HttpAllowList allowed) {
        this.allowed = allowed;
        this.client = HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setDnsResolver(new AllowedResolver(allowed))
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                                .build())
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .setUserAgent("trayb")
                .build();
    }

    @Override
    public void start() {
        client.start();
    }

    @Override
    public void stop() throws IOException {
        client.close();
    }

    @Override
    public String type() {
        return "http";
    }

    @Override
    public Object run(@Nullable Payload payload, JobContext job) throws JobFailure, InterruptedException {
        if (payload == null) {
            throw JobFailure.permanent("payload must be an object with a url");
        }
        Future<BoundedBody.Answer> call =
                client.execute(SimpleRequestProducer.create(request(payload)), new BoundedBody(MAX_BODY_BYTES), null);
        BoundedBody.Answer answer;
        try {
            // The job's own time-out interrupts this wait.
            answer = call.get();
        } catch (ExecutionException e) {
            throw notCalled(e.getCause() == null ? e : e.getCause());
        } finally {
            call.cancel(true);
        }
        if (answer.status() >= 500) {
            throw JobFailure.retry("answered " + answer.status());
        }
        if (answer.status() >= 400) {
            throw JobFailure.permanent("answered " + answer.status());
        }
        return new Result(answer.status(), answer.body(), answer.truncated());
    }

    private static JobFailure notCalled(Throwable cause) {
        if (cause instanceof AllowedResolver.NotAllowedException) {
            return JobFailure.permanent(String.valueOf(cause.getMessage()), cause);
        }
        return JobFailure.retry("the call didn't come through: " + cause.getMessage());
    }

    private SimpleHttpRequest request(Payload payload) throws JobFailure {
        String method = payload.method() == null ? "GET" : payload.method().toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw JobFailure.permanent("payload.method is '" + payload.method() + "', but must be one of " + METHODS);
        }
        SimpleRequestBuilder request = SimpleRequestBuilder.create(method).setUri(uri(payload.url()));
        if (payload.headers() != null) {
            payload.headers().forEach(request::addHeader);
        }
        JsonNode body = payload.body();
        if (body != null && !body.isNull()) {
            if (body.isTextual()) {
                request.setBody(body.textValue(), ContentType.TEXT_PLAIN.withCharset("UTF-8"));
            } else {
                request.setBody(body.toString(), ContentType.APPLICATION_JSON);
            }
        }
        return request.build();
    }

    private URI uri(@Nullable String url) throws JobFailure {
        URI uri;
        try {
            uri = new URI(url == null ? "" : url);
        } catch (URISyntaxException e) {
            throw JobFailure.permanent("payload.url is '" + url + "', but must be an http or https URL", e);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null || uri.getUserInfo() != null) {
            throw JobFailure.permanent(
                    "payload.url is '" + url + "', but must be an http or https URL with a host and without a user");
        }
        if (!allowed.allowsHost(uri.getHost())) {
            throw JobFailure.permanent("host '" + uri.getHost()
                    + "' may not be called: the operator names what may be in HTTP_JOB_ALLOW (jobs.httpAllow)");
        }
        return uri;
    }
}
