package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A key and a certificate that is signed with it, made by keytool, both in PEM.
 *
 * @param key the private key's file
 * @param certificate the certificate's, which is also what to trust
 */
public record TestCertificate(Path key, Path certificate) {
    private static final String PASSWORD = "of-tests-only";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /**
     * Makes one.
     *
     * @param folder for its files, which are named after it
     * @param holder whom it names, in keytool's words, such as {@code ip:127.0.0.1}
     */
    public static TestCertificate of(Path folder, String name, String holder)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        Path log = folder.resolve(name + ".log");
        int code = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + holder)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(log)).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return new TestCertificate(
                Files.writeString(
                        folder.resolve(name + ".key"),
                        pem(
                                "PRIVATE KEY",
                                keys.getKey(name, PASSWORD.toCharArray()).getEncoded())),
                Files.writeString(
                        folder.resolve(name + ".crt"),
                        pem("CERTIFICATE", keys.getCertificate(name).getEncoded())));
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n" + LINES.encodeToString(content) + "\n-----END " + what + "-----\n";
    }
}
