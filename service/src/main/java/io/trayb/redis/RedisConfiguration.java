package io.trayb.redis;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which Redis, and how long it may take ({@code redis} in {@code config.yml}).
 *
 * <p>The times are short: Redis only makes things fast, and a job's submission must not wait for it.
 *
 * @param url null starts the embedded Redis
 * @param caFile whom to trust where the connection is encrypted; null trusts whom the JVM trusts
 * @param connectTimeout how long the opening of a connection may take
 * @param commandTimeout how long an answer may take
 * @param maxConnections connections of the shared client, 1 to 1000
 */
public record RedisConfiguration(
        @Nullable RedisUrl url,
        @Nullable TrustedCertificates caFile,

        @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
        Duration connectTimeout,

        @MinDuration(value = 10, unit = TimeUnit.MILLISECONDS)
        Duration commandTimeout,

        @Min(1) @Max(1000) int maxConnections) {
    public static final RedisConfiguration DEFAULT = of(null, null, null, null, null);

    @JsonCreator
    static RedisConfiguration of(
            @JsonProperty("url") @Nullable RedisUrl url,
            @JsonProperty("caFile") @Nullable TrustedCertificates caFile,
            @JsonProperty("connectTimeout") @Nullable Duration connectTimeout,
            @JsonProperty("commandTimeout") @Nullable Duration commandTimeout,
            @JsonProperty("maxConnections") @Nullable Integer maxConnections) {
        return new RedisConfiguration(
                url,
                caFile,
                Objects.requireNonNullElse(connectTimeout, Duration.milliseconds(500)),
                Objects.requireNonNullElse(commandTimeout, Duration.seconds(1)),
                Objects.requireNonNullElse(maxConnections, 16));
    }

    /** The same with another Redis. */
    public RedisConfiguration at(RedisUrl otherUrl) {
        return new RedisConfiguration(otherUrl, caFile, connectTimeout, commandTimeout, maxConnections);
    }

    @ValidationMethod(
            message =
                    "caFile (REDIS_CA_FILE) is of use with rediss:// and rediss+sentinel:// only: with what REDIS_URL is, nothing is"
                            + " encrypted and nobody's certificate is looked at")
    boolean isCaFileOfAnEncryptedConnection() {
        return caFile == null || (url != null && url.tls());
    }
}
