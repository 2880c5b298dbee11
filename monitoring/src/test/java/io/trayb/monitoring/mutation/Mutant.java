package io.trayb.monitoring.mutation;

/**
 * One rule with one thing changed.
 *
 * @param rule the rule's name
 * @param change what was changed, and into what; unique within the rule
 * @param group the text of a rules file with the rule's group, changed
 */
record Mutant(String rule, String change, String group) {
    @Override
    public String toString() {
        return rule + ": " + change;
    }
}
