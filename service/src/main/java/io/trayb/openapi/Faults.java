package io.trayb.openapi;

import io.trayb.openapi.Operation.Argument;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether operations and examples are of calls that there are, and leave none out. Gathers all that is wrong. For one thread. */
final class Faults {
    private final List<String> found = new ArrayList<>();

    private Faults() {}

    /** @throws IllegalArgumentException naming everything that is wrong, each with the call that it is about */
    static void require(
            Collection<String> tags, Map<String, Call> calls, List<Operation> operations, List<Example> examples) {
        Faults faults = new Faults();
        faults.look(tags, calls, operations);
        faults.look(operations, examples);
        if (!faults.found.isEmpty()) {
            throw new IllegalArgumentException(
                    "the description of the API isn't right:\n  " + String.join("\n  ", faults.found));
        }
    }

    private void look(Collection<String> tags, Map<String, Call> calls, List<Operation> operations) {
        Set<String> undescribed = new TreeSet<>(calls.keySet());
        Set<String> ids = new HashSet<>();
        for (Operation operation : operations) {
            Call call = calls.get(operation.route());
            if (call == null) {
                found.add(operation.route() + " is described, but nothing serves it");
            } else if (!undescribed.remove(operation.route())) {
                found.add(operation.route() + " is described twice");
            } else {
                look(call, operation);
            }
            if (!ids.add(operation.id())) {
                found.add(operation.route() + " has the id '" + operation.id() + "', which another one has");
            }
            if (!tags.contains(operation.tag())) {
                found.add(operation.route() + " has the tag '" + operation.tag() + "', but there are " + tags);
            }
        }
        undescribed.forEach(route -> found.add(route + " has no description"));
    }

    private void look(Call call, Operation operation) {
        Set<String> named =
                operation.arguments().stream().map(Argument::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> missing = new TreeSet<>(call.parameters());
        missing.removeAll(named);
        missing.forEach(name -> found.add(call.route() + " has the parameter " + name + ", which isn't described"));
        operation.arguments().stream()
                .filter(argument -> argument.place() == Operation.Place.PATH)
                .filter(argument -> !call.parameters().contains(argument.name()))
                .forEach(argument -> found.add(call.route() + " has no {" + argument.name() + "}"));
        if ((operation.body() != null) != (call.bodyLimit() > 0)) {
            found.add(call.route() + (call.bodyLimit() > 0 ? " takes a body" : " takes no body") + " as "
                    + call.source() + " has it, but its description says otherwise");
        }
    }

    private void look(List<Operation> operations, List<Example> examples) {
        Set<String> shown = new HashSet<>();
        Set<String> names = new HashSet<>();
        Map<String, Operation> byId =
                operations.stream().collect(Collectors.toMap(Operation::id, operation -> operation, (a, b) -> a));
        for (Example example : examples) {
            Operation operation = byId.get(example.operation());
            if (operation == null) {
                found.add("example '" + example.name() + "' is of " + example.operation() + ", which there isn't");
                continue;
            }
            shown.add(example.operation());
            if (!names.add(example.operation() + " " + example.name())) {
                found.add(operation.route() + " has two examples '" + example.name() + "'");
            }
            Set<String> unknown = new TreeSet<>(example.arguments().keySet());
            operation.arguments().forEach(argument -> unknown.remove(argument.name()));
            if (!unknown.isEmpty()) {
                found.add(operation.route() + " has no parameter " + unknown + ", but example '" + example.name()
                        + "' gives one");
            }
        }
        operations.stream()
                .filter(operation -> !shown.contains(operation.id()))
                .forEach(operation -> found.add(operation.route() + " has no example"));
    }
}
