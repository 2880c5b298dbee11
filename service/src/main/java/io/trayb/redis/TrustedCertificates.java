package io.trayb.redis;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import redis.clients.jedis.SslOptions;

/**
 * Whom a client of Redis trusts, and nobody else: the certificates of a file, to one of which the server's own must lead. Read once;
 * immutable.
 *
 * @param file where they are, for sentences
 * @param certificates one at least
 */
public record TrustedCertificates(Path file, List<Certificate> certificates) {
    /** It is read for each connection, and costs next to nothing, unlike PKCS12, which derives keys from its password. */
    private static final String STORE = "JKS";

    private static final String STORE_PASSWORD = "certificates";

    public TrustedCertificates {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("the file " + file
                    + " has no certificate; it must hold one or more in PEM, each from -----BEGIN CERTIFICATE----- on");
        }
    }

    /**
     * Reads a file of certificates in PEM.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong with it
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static TrustedCertificates read(String file) {
        Path path = Path.of(file);
        try (InputStream in = Files.newInputStream(path)) {
            return new TrustedCertificates(
                    path, List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in)));
        } catch (IOException e) {
            throw new IllegalArgumentException("the file " + path + " can't be read (" + e + ")", e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    "the file " + path + " must hold certificates in PEM, but: " + e.getMessage(), e);
        }
    }

    /** How a client connects that trusts them; the server's certificate must name the host too, which is the client's default. */
    SslOptions options() {
        byte[] store = store();
        return SslOptions.builder()
                .trustStoreType(STORE)
                .truststore(() -> new ByteArrayInputStream(store), STORE_PASSWORD.toCharArray())
                .build();
    }

    /** The form in which the client takes them. Certificates are no secret, and neither is its password. */
    private byte[] store() {
        try {
            KeyStore trusted = KeyStore.getInstance(STORE);
            trusted.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                trusted.setCertificateEntry(Integer.toString(i), certificates.get(i));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            trusted.store(out, STORE_PASSWORD.toCharArray());
            return out.toByteArray();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("this JVM can't trust the certificates of " + file, e);
        }
    }

    /** Where they are. */
    @Override
    public String toString() {
        return file.toString();
    }
}
