package io.trayb.jobs.handlers;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.lifecycle.Managed;
import io.trayb.http.Loopback;
import io.trayb.jobs.JobContext;
import io.trayb.jobs.JobFailure;
import io.trayb.jobs.JobHandler;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.config.H2Config;
import org.jspecify.annotations.Nullable;

/**
 * {@code http}: calls a URL; its result is the status and the head of the body. An answer 5xx and a call that doesn't come
 * through are tried again; 4xx, and what the allow-list refuses, fail for good. Redirects are followed if the payload asks for it,
 * each of them checked like the first URL; else their answer is the result.
 *
 * <p>The time that a call may take is the job's own: its end interrupts the wait, and that closes the connection, however
 * slowly the other side goes on.
 */
public final class HttpHandler implements JobHandler<HttpHandler.@Nullable Payload>, Managed {
    /**
     * @param method GET by default
     * @param headers beside those that the call needs; {@code ${secret:NAME}} stands for a secret of the host
     * @param body text is sent as it is, anything else as JSON
     * @param maxRedirects how many redirects are followed, 0 to 10; none by default
     */
    public record Payload(
            @JsonProperty @Nullable String method,
            @JsonProperty @Nullable String url,
            @JsonProperty @Nullable Map<String, String> headers,
            @JsonProperty @Nullable JsonNode body,
            @JsonProperty @Nullable Integer maxRedirects) {}

    /**
     * What is kept of a call.
     *
     * @param truncated whether the body was longer than what is kept
     */
    public record Result(int status, String body, boolean truncated) {}

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final String CONTENT_TYPE = "Content-Type";
    private static final int MAX_REDIRECTS = 10;
    private static final int MAX_BODY_BYTES = 64 * 1024;
    /** Of an answer's header; the client's own bounds are none. */
    private static final int MAX_LINE = 16 * 1024;

    private static final int MAX_HEADERS = 200;
    /** Frames of HTTP/2 in which a header goes on; one holds as much as a header may have. */
    private static final int MAX_CONTINUATIONS = 16;

    private static final int MAX_CONNECTIONS = 256;
    private static final long CONNECT_TIMEOUT_SECONDS = 10;

    private final HttpTargets targets;
    private final HttpSecrets secrets;
    private final CloseableHttpAsyncClient client;

    public HttpHandler(HttpAllowList allowed, HttpSecrets secrets, HttpTrust trust) {
        this(allowed, secrets, trust, SystemDefaultDnsResolver.INSTANCE);
    }

    HttpHandler(HttpAllowList allowed, HttpSecrets secrets, HttpTrust trust, DnsResolver names) {
        this.targets = new HttpTargets(allowed);
        this.secrets = secrets;
        this.client = HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setDnsResolver(new AllowedResolver(allowed, names))
                        .setTlsStrategy(trust.strategy())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                                .build())
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .build())
                .setHttp1Config(Http1Config.custom()
                        .setMaxLineLength(MAX_LINE)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .setH2Config(H2Config.custom()
                        .setMaxHeaderListSize(MAX_LINE)
                        .setMaxContinuations(MAX_CONTINUATIONS)
                        .setPushEnabled(false)
                        .build())
                .addExecInterceptorLast("call's end", HttpExchange::connected)
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
        HttpCall call = read(payload);
        List<String> used = new ArrayList<>();
        try {
            return follow(call, used);
        } catch (JobFailure e) {
            // What was answered is repeated in many of them, and a server may answer with what it was sent.
            throw HttpSecrets.masked(e, used);
        }
    }

    /** @param used takes the secrets that were sent */
    private Result follow(HttpCall first, Collection<String> used) throws JobFailure, InterruptedException {
        HttpCall call = first;
        BoundedBody.Answer answer = send(request(call, used));
        while (call.isSentOn(answer)) {
            call = call.sentOn(answer.status(), target(call, answer));
            answer = send(request(call, used));
        }
        return result(answer, used);
    }

    private static Result result(BoundedBody.Answer answer, Collection<String> used) throws JobFailure {
        if (answer.status() >= 500) {
            throw JobFailure.retry("answered " + answer.status());
        }
        if (answer.status() >= 400) {
            throw JobFailure.permanent("answered " + answer.status());
        }
        String body = answer.truncated()
                ? HttpSecrets.maskedHead(answer.body(), used)
                : HttpSecrets.masked(answer.body(), used);
        return new Result(answer.status(), body, answer.truncated());
    }

    private BoundedBody.Answer send(SimpleHttpRequest request) throws JobFailure, InterruptedException {
        try (HttpExchange exchange = new HttpExchange(client, request, MAX_BODY_BYTES)) {
            // The job's own time-out interrupts this wait.
            return exchange.answer();
        } catch (ExecutionException e) {
            throw notCalled(e.getCause() == null ? e : e.getCause());
        }
    }

    private static JobFailure notCalled(Throwable cause) {
        if (cause instanceof AllowedResolver.NotAllowedException) {
            return JobFailure.permanent(String.valueOf(cause.getMessage()), cause);
        }
        // The client says no more than how long it waited.
        String usual = (cause instanceof SocketTimeoutException ? "nothing came within " : "") + cause.getMessage();
        // A certificate that is refused is tried again too: nothing was sent, and it is renewed, or trusted, one day.
        return JobFailure.retry(
                "the call didn't come through: " + HttpTrust.refusal(cause).orElse(usual));
    }

    private HttpCall read(Payload payload) throws JobFailure {
        String method = payload.method() == null ? "GET" : payload.method().toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw JobFailure.permanent("payload.method is '" + payload.method() + "', but must be one of " + METHODS);
        }
        int redirects = payload.maxRedirects() == null ? 0 : payload.maxRedirects();
        if (redirects < 0 || redirects > MAX_REDIRECTS) {
            throw JobFailure.permanent(
                    "payload.maxRedirects is " + redirects + ", but must be from 0 to " + MAX_REDIRECTS);
        }
        Map<String, String> headers = payload.headers() == null ? Map.of() : payload.headers();
        return new HttpCall(
                method,
                targets.check("payload.url", payload.url() == null ? "" : payload.url()),
                HttpHeaders.checked(headers),
                payload.body(),
                redirects);
    }

    private URI target(HttpCall call, BoundedBody.Answer answer) throws JobFailure {
        String location = Objects.requireNonNull(answer.location(), "location");
        try {
            return targets.check(
                    "the redirect", call.uri().resolve(URI.create(location)).toString());
        } catch (IllegalArgumentException e) {
            throw JobFailure.permanent("redirected to what is no URL", e);
        }
    }

    private SimpleHttpRequest request(HttpCall call, Collection<String> used) throws JobFailure {
        SimpleRequestBuilder request =
                SimpleRequestBuilder.create(call.method()).setUri(call.uri());
        JsonNode body = call.body() == null || call.body().isNull() ? null : call.body();
        String contentType = null;
        for (Map.Entry<String, String> header : call.headers().entrySet()) {
            if (body != null && header.getKey().equalsIgnoreCase(CONTENT_TYPE)) {
                contentType = header.getValue();
            } else {
                request.addHeader(header.getKey(), filled(call, header, used));
            }
        }
        if (body != null) {
            String text = body.isTextual() ? body.textValue() : body.toString();
            ContentType type = contentType == null ? usual(body) : parsed(contentType);
            request.setBody(text.getBytes(type.getCharset(StandardCharsets.UTF_8)), type);
        }
        return request.build();
    }

    private String filled(HttpCall call, Map.Entry<String, String> header, Collection<String> used) throws JobFailure {
        if (!HttpSecrets.isNamedIn(header.getValue())) {
            return header.getValue();
        }
        boolean readable = "http".equalsIgnoreCase(call.uri().getScheme());
        if (readable && !Loopback.is(call.uri().getHost())) {
            throw JobFailure.permanent("payload.headers has a secret in '" + header.getKey()
                    + "', which is sent over https or to this machine only");
        }
        return secrets.filled(header.getKey(), header.getValue(), call.uri().getHost(), used);
    }

    private static ContentType usual(JsonNode body) {
        return body.isTextual() ? ContentType.TEXT_PLAIN.withCharset("UTF-8") : ContentType.APPLICATION_JSON;
    }

    private static ContentType parsed(String contentType) throws JobFailure {
        try {
            ContentType type = ContentType.parse(contentType);
            if (type != null) {
                return type;
            }
        } catch (IllegalArgumentException e) {
            // Such as a charset that there isn't; told below, like a type that is blank.
        }
        throw JobFailure.permanent(
                "payload.headers has '" + contentType + "' for Content-Type, which is no media type");
    }
}
