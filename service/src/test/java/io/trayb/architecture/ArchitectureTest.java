package io.trayb.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way: features stand on what serves all of them, and never on each other in a circle. */
@AnalyzeClasses(packages = "io.trayb", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule features_depend_on_each_other_in_no_circle =
            slices().matching("io.trayb.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_packages_of_jobs_depend_on_each_other_in_no_circle =
            slices().matching("io.trayb.jobs.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule a_job_knows_nothing_of_how_it_is_kept_run_or_served = noClasses()
            .that()
            .resideInAPackage("io.trayb.jobs")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.trayb.jobs.*..");

    @ArchTest
    static final ArchRule events_know_nothing_of_jobs = noClasses()
            .that()
            .resideInAPackage("io.trayb.events..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.trayb.jobs..");

    @ArchTest
    static final ArchRule what_serves_all_features_knows_none = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.trayb.http..",
                    "io.trayb.openapi..",
                    "io.trayb.metrics..",
                    "io.trayb.database..",
                    "io.trayb.redis..",
                    "io.trayb.threads..",
                    "io.trayb.pressure..",
                    "io.trayb.cache..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.trayb.jobs..", "io.trayb.events..", "io.trayb.keys..", "io.trayb.health..", "io.trayb.demo..");

    @ArchTest
    static final ArchRule sql_is_written_in_stores_and_in_the_database_part_alone = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.trayb.jobs.store..",
                    "io.trayb.keys.store..",
                    "io.trayb.database..",
                    "io.trayb.health..",
                    "io.trayb.embedded..")
            .should()
            .callMethod(org.jdbi.v3.core.Handle.class, "createQuery", String.class)
            .orShould()
            .callMethod(org.jdbi.v3.core.Handle.class, "createUpdate", String.class);

    @ArchTest
    static final ArchRule the_demo_knows_the_service_by_its_contract_alone = noClasses()
            .that()
            .resideInAPackage("io.trayb.demo..")
            .should()
            .dependOnClassesThat(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage("io.trayb..")
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(
                            com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                                    "io.trayb.demo.."))));

    @ArchTest
    static final ArchRule one_sequence_says_what_happens_when_the_server_begins_to_stop =
            methods().that().haveName("lifeCycleStopping").should().beDeclaredIn("io.trayb.StopSequence");

    @ArchTest
    static final ArchRule only_the_root_package_puts_parts_together = classes()
            .that()
            .resideInAPackage("io.trayb")
            .should()
            .onlyBeAccessed()
            .byClassesThat()
            .resideInAPackage("io.trayb");
}
