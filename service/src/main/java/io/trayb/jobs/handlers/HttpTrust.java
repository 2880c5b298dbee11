package io.trayb.jobs.handlers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Whom calls over https trust: whom the JVM trusts, and beside them the authorities that the operator adds. The name in the
 * server's certificate is compared either way, by the client. Read once; immutable.
 */
public final class HttpTrust {
    /** What an operator does about a server that isn't trusted. */
    private static final String ADD = "the operator may add its authority in HTTP_JOB_CA_FILE (jobs.httpCaFile)";

    private final TrustManager[] trusting;
    private final SSLContext context;

    private HttpTrust(TrustManager[] trusting) {
        this.trusting = trusting;
        try {
            this.context = SSLContext.getInstance("TLS");
            context.init(null, trusting, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM can't make connections over TLS", e);
        }
    }

    /** Whom the JVM trusts and nobody else. */
    public static HttpTrust ofTheJvm() {
        return new HttpTrust(managers(null));
    }

    /**
     * Those in a file as well.
     *
     * @param file certificates in PEM
     * @throws IllegalArgumentException with a sentence that says what is wrong with it
     */
    public static HttpTrust with(Path file) {
        Collection<? extends Certificate> added;
        try (InputStream in = Files.newInputStream(file)) {
            added = CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "jobs.httpCaFile (HTTP_JOB_CA_FILE) is '" + file + "', which can't be read (" + e + ")", e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(refusal(file, String.valueOf(e.getMessage())), e);
        }
        if (added.isEmpty()) {
            throw new IllegalArgumentException(refusal(file, "it has none"));
        }
        return new HttpTrust(managers(together(added)));
    }

    private static String refusal(Path file, String what) {
        return "jobs.httpCaFile (HTTP_JOB_CA_FILE) is '" + file
                + "', which must hold certificates in PEM, each from -----BEGIN CERTIFICATE----- on, but: " + what;
    }

    /** Certificates beside those of the JVM. */
    private static KeyStore together(Collection<? extends Certificate> added) {
        try {
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int number = 0;
            for (Certificate authority : ofTheJvm().issuers()) {
                all.setCertificateEntry(Integer.toString(number++), authority);
            }
            for (Certificate authority : added) {
                all.setCertificateEntry(Integer.toString(number++), authority);
            }
            return all;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JVM can't put certificates together", e);
        }
    }

    /** @param store null for the JVM's own */
    private static TrustManager[] managers(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has certificates that it can't read", e);
        }
    }

    /** All authorities that are trusted. */
    List<X509Certificate> issuers() {
        return Arrays.stream(trusting)
                .filter(X509TrustManager.class::isInstance)
                .flatMap(known -> Arrays.stream(((X509TrustManager) known).getAcceptedIssuers()))
                .toList();
    }

    /**
     * How connections are encrypted. The policy is named, since the usual one compares no names in the client's version 5.5: it tells
     * the JVM to do so after the JVM was told everything.
     */
    TlsStrategy strategy() {
        return ClientTlsStrategyBuilder.create()
                .setSslContext(context)
                .setHostVerificationPolicy(HostnameVerificationPolicy.BOTH)
                .setHostnameVerifier(new DefaultHostnameVerifier())
                .buildAsync();
    }

    /**
     * Says why no encrypted connection came about; empty if that isn't what went wrong.
     *
     * @param cause why the call didn't come through
     */
    static Optional<String> refusal(Throwable cause) {
        if (!(cause instanceof SSLException)) {
            return Optional.empty();
        }
        // The reason is at the bottom, below general words.
        Throwable reason = cause;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return Optional.of(reason(cause, reason));
    }

    private static String reason(Throwable failure, Throwable bottom) {
        String said = String.valueOf(bottom.getMessage());
        if (bottom instanceof CertificateExpiredException) {
            return "the server's certificate has expired: " + said;
        }
        if (bottom instanceof CertificateNotYetValidException) {
            return "the server's certificate isn't valid yet: " + said;
        }
        if (bottom instanceof CertPathBuilderException || bottom instanceof CertPathValidatorException) {
            return "the server's certificate isn't trusted: " + said + "; " + ADD;
        }
        if (bottom instanceof CertificateException || bottom instanceof SSLPeerUnverifiedException) {
            return "the server's certificate is refused: " + said;
        }
        return "no encrypted connection came about: " + failure.getMessage();
    }
}
