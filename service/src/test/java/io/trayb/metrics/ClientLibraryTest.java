package io.trayb.metrics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Features know the declared metrics and this package's recorders; the client library is this package's own affair. */
@AnalyzeClasses(packages = "io.trayb", importOptions = DoNotIncludeTests.class)
class ClientLibraryTest {
    @ArchTest
    static final ArchRule ONLY_THIS_PACKAGE_KNOWS_THE_CLIENT_LIBRARY = noClasses()
            .that()
            .resideOutsideOfPackage("io.trayb.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.prometheus..");

    @ArchTest
    static final ArchRule METRICS_KNOW_NO_FEATURE = noClasses()
            .that()
            .resideInAPackage("io.trayb.metrics")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.trayb.jobs..", "io.trayb.events..", "io.trayb.health..", "io.trayb.http..");
}
