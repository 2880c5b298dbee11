package io.trayb.supply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the build has written down of what goes into the jar (CycloneDX). Licences have their SPDX names here, also where a library
 * says it in words of its own.
 */
record BillOfMaterials(JsonNode root) {
    static final Path FILE = Path.of("target/classes/META-INF/sbom/application.cdx.json");

    /** In the words of those who wrote them down; by lower-case beginning. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("apache license, 2.0", "Apache-2.0"),
            Map.entry("modified bsd", "BSD-3-Clause"),
            Map.entry("the (new) bsd license", "BSD-3-Clause"),
            Map.entry("public domain", "LicenseRef-Public-Domain"),
            Map.entry("jquery license", "MIT"),
            Map.entry("w3c license", "W3C-19980720"),
            Map.entry("gnu lesser general public license", "LGPL-2.1-only"),
            Map.entry(
                    "gnu general public license, version 2 with the gnu classpath", "GPL-2.0-with-classpath-exception"),
            Map.entry(
                    "the gnu general public license (gpl), version 2, with classpath",
                    "GPL-2.0-with-classpath-exception"));

    /** By group, where what a library says is taken for another licence: JLine's "The BSD License" has three clauses, not four. */
    private static final Map<String, Set<String>> CORRECTED = Map.of("org.jline", Set.of("BSD-3-Clause"));

    /**
     * One library.
     *
     * @param licences any of which one may choose, or all of which hold for parts of it; as the library says
     */
    record Component(String name, String version, Set<String> licences) {}

    static BillOfMaterials read() throws IOException {
        return new BillOfMaterials(new ObjectMapper().readTree(FILE.toFile()));
    }

    /** All of them by name, but our own modules. */
    List<Component> components() {
        List<Component> components = new ArrayList<>();
        for (JsonNode component : root.path("components")) {
            String group = component.path("group").asText();
            if (!group.equals("io.trayb")) {
                components.add(new Component(
                        group + ":" + component.path("name").asText(),
                        component.path("version").asText(),
                        CORRECTED.getOrDefault(group, licences(component.path("licenses")))));
            }
        }
        components.sort(Comparator.comparing(Component::name));
        return components;
    }

    private static Set<String> licences(JsonNode entries) {
        Set<String> licences = new TreeSet<>();
        for (JsonNode entry : entries) {
            JsonNode licence = entry.path("license");
            if (entry.has("expression")) {
                licences.add(entry.path("expression").asText());
            } else {
                licences.add(
                        licence.has("id")
                                ? licence.path("id").asText()
                                : inSpdx(licence.path("name").asText()));
            }
        }
        return licences;
    }

    private static String inSpdx(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        return WORDS.entrySet().stream()
                .filter(word -> lower.startsWith(word.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(words);
    }
}
