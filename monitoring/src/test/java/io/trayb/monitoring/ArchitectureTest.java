package io.trayb.monitoring;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may know which: from what is measured up to what is written. */
@AnalyzeClasses(packages = "io.trayb.monitoring", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule DEPENDENCIES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("metric")
            .definedBy("..monitoring.metric")
            .layer("threshold")
            .definedBy("..monitoring.threshold")
            .layer("promql")
            .definedBy("..monitoring.promql")
            .layer("alert")
            .definedBy("..monitoring.alert")
            .layer("dashboard")
            .definedBy("..monitoring.dashboard")
            .layer("model")
            .definedBy("io.trayb.monitoring")
            .layer("lint")
            .definedBy("..monitoring.lint")
            .layer("render")
            .definedBy("..monitoring.render")
            .layer("setup")
            .definedBy("..monitoring.setup")
            .layer("deployed")
            .definedBy("..monitoring.deployed")
            .layer("catalog")
            .definedBy("..monitoring.catalog")
            .layer("generate")
            .definedBy("..monitoring.generate")
            .whereLayer("generate")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("catalog")
            .mayOnlyBeAccessedByLayers("generate")
            .whereLayer("render")
            .mayOnlyBeAccessedByLayers("generate")
            .whereLayer("lint")
            .mayOnlyBeAccessedByLayers("render")
            .whereLayer("deployed")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("setup")
            .mayOnlyBeAccessedByLayers("model", "render", "catalog", "generate")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("lint", "render", "catalog", "generate")
            .whereLayer("dashboard")
            .mayOnlyBeAccessedByLayers("model", "lint", "render", "catalog")
            .whereLayer("alert")
            .mayOnlyBeAccessedByLayers("setup", "model", "lint", "render", "catalog")
            .whereLayer("promql")
            .mayOnlyBeAccessedByLayers("alert", "dashboard", "lint", "render", "catalog")
            .whereLayer("threshold")
            .mayOnlyBeAccessedByLayers("promql", "alert", "dashboard", "model", "lint", "render", "catalog");
}
