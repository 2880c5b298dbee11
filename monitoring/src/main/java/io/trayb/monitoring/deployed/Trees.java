package io.trayb.monitoring.deployed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Compares two trees of JSON or YAML, place by place. */
final class Trees {
    private static final int LONGEST = 120;

    private Trees() {}

    /**
     * Adds a sentence for each place where they differ.
     *
     * @param path of the two, as in JSON Pointer
     * @param mayHaveMore tells by its path whether a deployed object may have keys that ours lacks
     */
    static void compare(
            String what,
            String path,
            JsonNode ours,
            JsonNode deployed,
            Predicate<String> mayHaveMore,
            List<Deviation> deviations) {
        if (ours.isObject() && deployed.isObject()) {
            Set<String> names = new TreeSet<>();
            ours.fieldNames().forEachRemaining(names::add);
            if (!mayHaveMore.test(path)) {
                deployed.fieldNames().forEachRemaining(names::add);
            }
            names.forEach(name ->
                    compare(what, path + "/" + name, ours.path(name), deployed.path(name), mayHaveMore, deviations));
        } else if (ours.isArray() && deployed.isArray()) {
            for (int i = 0; i < Math.max(ours.size(), deployed.size()); i++) {
                compare(what, path + "/" + i, ours.path(i), deployed.path(i), mayHaveMore, deviations);
            }
        } else if (!same(ours, deployed)) {
            deviations.add(new Deviation(
                    what + " " + (path.isEmpty() ? "/" : path),
                    "is " + text(deployed) + ", but must be " + text(ours)));
        }
    }

    /** Numbers are equal by value; what YAML reads as a number in one text and as a string in another, by its text. */
    private static boolean same(JsonNode ours, JsonNode deployed) {
        if (ours.isNumber() && deployed.isNumber()) {
            return ours.asDouble() == deployed.asDouble();
        }
        return ours.equals(deployed)
                || (ours.isValueNode()
                        && deployed.isValueNode()
                        && ours.asText().equals(deployed.asText()));
    }

    private static String text(JsonNode node) {
        if (node instanceof MissingNode) {
            return "missing";
        }
        String text = node.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
