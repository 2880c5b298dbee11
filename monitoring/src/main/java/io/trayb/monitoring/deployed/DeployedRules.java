package io.trayb.monitoring.deployed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the rules that a Prometheus has loaded with those of a build, rule by rule. Groups that aren't Trayb's are passed over.
 * Thread-safe.
 */
public final class DeployedRules {
    private static final String OURS = "trayb-";

    private final Web web = new Web();
    private final Map<String, Rule> expected = new LinkedHashMap<>();

    /**
     * The rules of a build.
     *
     * @param rules the text of {@code rules.yml}
     */
    public DeployedRules(String rules) {
        try {
            for (JsonNode group : new YAMLMapper().readTree(rules).path("groups")) {
                for (JsonNode entry : group.path("rules")) {
                    Rule rule = Rule.ofFile(group.path("name").asText(), entry);
                    expected.put(rule.name(), rule);
                }
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the generated rules must be YAML", e);
        }
    }

    /**
     * Every difference, rule by rule; empty when there is none.
     *
     * @param prometheus its address
     * @throws UnreachableException when Prometheus can't be asked
     */
    public List<Deviation> compare(URI prometheus) throws InterruptedException {
        JsonNode answer = web.json(Web.below(prometheus, "/api/v1/rules"));
        if (!answer.path("data").path("groups").isArray()) {
            throw new UnreachableException(prometheus + " answers without rules: is it a Prometheus?");
        }
        List<Deviation> deviations = new ArrayList<>();
        Map<String, Rule> missing = new LinkedHashMap<>(expected);
        for (JsonNode group : answer.path("data").path("groups")) {
            String name = group.path("name").asText();
            if (name.startsWith(OURS)) {
                for (JsonNode entry : group.path("rules")) {
                    Rule loaded = Rule.ofPrometheus(name, entry);
                    Rule ours = missing.remove(loaded.name());
                    String what = "rule " + loaded.name();
                    if (ours == null) {
                        deviations.add(new Deviation(
                                what,
                                expected.containsKey(loaded.name())
                                        ? "is loaded twice"
                                        : "is loaded, but isn't among this build's"));
                    } else {
                        differences(ours, loaded).forEach(text -> deviations.add(new Deviation(what, text)));
                    }
                }
            }
        }
        missing.keySet().forEach(name -> deviations.add(new Deviation("rule " + name, "isn't loaded")));
        return List.copyOf(deviations);
    }

    private static List<String> differences(Rule ours, Rule loaded) {
        List<String> texts = new ArrayList<>();
        differ("group", ours.group(), loaded.group(), texts);
        differ("expr", ours.expression(), loaded.expression(), texts);
        differ("for", ours.hold().toSeconds() + "s", loaded.hold().toSeconds() + "s", texts);
        differ("labels", ours.labels(), loaded.labels(), texts);
        differ("annotations", ours.annotations(), loaded.annotations(), texts);
        return texts;
    }

    private static void differ(String part, Object ours, Object loaded, List<String> texts) {
        if (!ours.equals(loaded)) {
            texts.add("has " + part + " " + loaded + ", but must have " + ours);
        }
    }
}
