package io.trayb.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

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
     * @param more of keytool's options, such as {@code -startdate}
     */
    public static TestCertificate of(Path folder, String name, String holder, String... more)
            throws IOException, InterruptedException, GeneralSecurityException {
        return make(folder.resolve(name + ".p12"), name, holder, more);
    }

    /** The same, signed by this one instead of itself, which must have been made with {@code -ext bc=ca:true}. */
    public TestCertificate signing(String name, String holder, String... more)
            throws IOException, InterruptedException, GeneralSecurityException {
        List<String> options = new ArrayList<>(List.of("-signer", name()));
        options.addAll(List.of(more));
        Path store = Files.copy(store(), key.resolveSibling(name + ".p12"));
        return make(store, name, holder, options.toArray(String[]::new));
    }

    private static TestCertificate make(Path store, String name, String holder, String... more)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path folder = store.getParent();
        Path log = folder.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
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
                "san=" + holder));
        command.addAll(List.of(more));
        int code = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(log)).isZero();
        KeyStore keys = read(store);
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

    /** What a server shows that has it. */
    public SSLContext server() throws IOException, GeneralSecurityException {
        KeyStore made = read(store());
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        char[] password = PASSWORD.toCharArray();
        own.setKeyEntry(name(), made.getKey(name(), password), password, made.getCertificateChain(name()));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private String name() {
        return key.getFileName().toString().replace(".key", "");
    }

    private Path store() {
        return key.resolveSibling(name() + ".p12");
    }

    private static KeyStore read(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n" + LINES.encodeToString(content) + "\n-----END " + what + "-----\n";
    }
}
