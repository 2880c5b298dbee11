package io.trayb.redis;

import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Says why no encrypted connection to Redis comes about, which the client hides below "could not get a resource from the pool". */
public final class EncryptionFailure {
    private EncryptionFailure() {}

    /** A sentence for operators; empty if it isn't the encryption that failed. */
    public static Optional<String> sentence(Throwable thrown) {
        List<Throwable> causes = Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(50)
                .toList();
        if (causes.stream().anyMatch(CertificateException.class::isInstance)) {
            return Optional.of("Redis' certificate is refused: "
                    + causes.get(causes.size() - 1).getMessage()
                    + "; it must lead to one of redis.caFile (REDIS_CA_FILE), or without that to one that the JVM trusts, and name the"
                    + " host as REDIS_URL does");
        }
        return causes.stream()
                .filter(SSLException.class::isInstance)
                .reduce((outer, inner) -> inner)
                .map(failure -> "no encrypted connection to Redis comes about: " + failure.getMessage()
                        + "; see whether it speaks TLS at the port that REDIS_URL names");
    }
}
