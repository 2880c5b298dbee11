package io.trayb.supply;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.supply.BillOfMaterials.Component;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every library that goes into the jar is written down, with a licence that lets us put it there. */
class DependenciesTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "dependencies.md");
    private static final Path WRITTEN = Path.of("target", "dependencies.md");

    /** A library must have one of these at least. Whoever adds one reads it first. */
    private static final Set<String> ALLOWED = Set.of(
            "Apache-2.0",
            "MIT",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "0BSD",
            "EPL-1.0",
            "EPL-2.0",
            "MPL-1.1",
            "LicenseRef-Public-Domain",
            "PostgreSQL");

    @Test
    void the_build_writes_down_what_goes_into_the_jar_the_same_each_time() throws IOException {
        BillOfMaterials bill = BillOfMaterials.read();

        assertThat(bill.root().path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(bill.components())
                .hasSizeGreaterThan(100)
                .allSatisfy(component -> assertThat(component.version()).isNotBlank());
        // A number and a time of its own would make another jar of the same sources.
        assertThat(bill.root().has("serialNumber")).isFalse();
        assertThat(bill.root().path("metadata").path("timestamp").asText()).isIn("", "2026-11-24T00:00:00Z");
    }

    @Test
    void every_library_has_a_licence_that_is_known_and_allowed() throws IOException {
        for (Component component : BillOfMaterials.read().components()) {
            assertThat(component.licences())
                    .as(
                            "licences of %s; a new one is read, and added to this test and to docs/dependencies.md",
                            component.name())
                    .isNotEmpty()
                    .anyMatch(ALLOWED::contains);
        }
    }

    @Test
    void the_document_lists_exactly_these() throws IOException {
        String document = document(BillOfMaterials.read().components());
        Files.createDirectories(WRITTEN.getParent());
        Files.writeString(WRITTEN, document);

        assertThat(DOCUMENT)
                .as("the list of libraries; cp service/%s docs/", WRITTEN)
                .hasContent(document);
    }

    private static String document(List<Component> components) {
        StringBuilder document = new StringBuilder("""
                # Libraries

                Generated from the bill of materials that the build puts into the jar (`META-INF/sbom/application.cdx.json`, CycloneDX): what goes into it, by whose licence. `DependenciesTest` writes this list to
                `service/target/dependencies.md`, holds it to this one, and refuses a licence that nobody has looked at. Where there are several, the library's own pages say whether one may choose.

                | library | version | licences |
                | --- | --- | --- |
                """);
        for (Component component : components) {
            document.append("| `" + component.name() + "` | " + component.version() + " | "
                    + String.join(", ", component.licences()) + " |\n");
        }
        return document.toString();
    }
}
