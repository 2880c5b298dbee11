package io.trayb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.trayb.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed document, held against OpenAPI's own schemas by a validator that others wrote. */
class OpenApiSchemaTest {
    private static final Path SOURCES = Path.of("src", "test", "openapi-check");
    private static final Path VALIDATOR =
            Path.of("node_modules", "@seriousme", "openapi-schema-validator", "bin", "validate-api-cli.js");
    private static final Path DOCUMENT = Path.of("..", ApiDescription.FILE).toAbsolutePath();

    private static Path home;

    @TempDir
    private Path folder;

    /** What package-lock.json names, below {@code target} in a folder of the lock's own: fetched once. */
    @BeforeAll
    static void install() throws Exception {
        byte[] lock = Files.readAllBytes(SOURCES.resolve("package-lock.json"));
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(lock));
        home = Path.of("target", "openapi-check", hash.substring(0, 12)).toAbsolutePath();
        Path complete = home.resolve("node_modules").resolve("complete");
        if (!Files.exists(complete)) {
            Files.createDirectories(home);
            Files.write(home.resolve("package-lock.json"), lock);
            Files.copy(SOURCES.resolve("package.json"), home.resolve("package.json"));
            List<String> said = new ArrayList<>();
            int code = run(said, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
            assertThat(code).as(String.join("\n", said)).isZero();
            Files.createFile(complete);
        }
    }

    private static int run(List<String> said, String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Programs.find(program).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        said.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        return process.waitFor();
    }

    @Test
    void the_document_is_openapi_3_1() throws Exception {
        List<String> said = new ArrayList<>();
        int code = run(said, "node", VALIDATOR.toString(), DOCUMENT.toString());
        assertThat(code).as(String.join("\n", said)).isZero();
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of("a misspelt field", change(post -> post.put("operationID", "submitJob"))),
                Arguments.of(
                        "a parameter that is nowhere",
                        change(post -> ((ObjectNode) post.at("/parameters/0")).remove("in"))));
    }

    private static Consumer<ObjectNode> change(Consumer<ObjectNode> change) {
        return document -> change.accept((ObjectNode) document.at("/paths/~1api~1v1~1jobs/post"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void what_is_not_openapi_is_refused(String what, Consumer<ObjectNode> change) throws Exception {
        ObjectMapper json = new ObjectMapper();
        ObjectNode document = (ObjectNode) json.readTree(Files.readString(DOCUMENT));
        change.accept(document);
        Path file = Files.writeString(folder.resolve("broken.json"), document.toString());
        List<String> said = new ArrayList<>();
        assertThat(run(said, "node", VALIDATOR.toString(), file.toString())).isNotZero();
    }
}
