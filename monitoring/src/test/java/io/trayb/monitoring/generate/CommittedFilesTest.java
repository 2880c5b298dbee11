package io.trayb.monitoring.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.trayb.monitoring.Repository;
import io.trayb.monitoring.catalog.TraybCatalog;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The first of three guards against drift: what is committed is what the code says. */
class CommittedFilesTest {
    @Test
    void the_committed_files_are_those_of_the_code_and_every_alert_has_a_whole_runbook() throws IOException {
        Generator generator = new Generator(Repository.root(), TraybCatalog.withDefaults());
        assertThat(generator.check().stream().map(Difference::toString).collect(Collectors.joining("\n")))
                .as("run `./trayb generate`, and look at what it changes")
                .isEmpty();
    }
}
