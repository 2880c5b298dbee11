package io.trayb.roles;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The roles of one process; at least one. Immutable.
 *
 * @param set in the order of {@link Role}
 */
public record Roles(Set<Role> set) {
    /** What a process has that isn't told otherwise. */
    public static final Roles ALL = new Roles(EnumSet.allOf(Role.class));

    private static final String ALLOWED =
            Arrays.stream(Role.values()).map(Role::wireName).collect(Collectors.joining(", "));

    public Roles {
        if (set.isEmpty()) {
            throw new IllegalArgumentException("roles must be one or more of " + ALLOWED + "; leave it out for all");
        }
        set = Set.copyOf(set);
    }

    /**
     * From the configuration: a list, or names with commas between them, as an environment variable has them.
     *
     * @throws IllegalArgumentException naming the one that is none, or when there is none at all
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Roles read(JsonNode written) {
        if (!written.isArray()) {
            return of(List.of(written.asText().split(",", -1)));
        }
        List<String> names = new ArrayList<>();
        written.forEach(name -> names.add(name.asText()));
        return of(names);
    }

    /**
     * By their names.
     *
     * @throws IllegalArgumentException naming the one that is none, or when there is none at all
     */
    public static Roles of(Collection<String> names) {
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : names) {
            roles.add(role(name.strip()));
        }
        return new Roles(roles);
    }

    private static Role role(String name) {
        return Arrays.stream(Role.values())
                .filter(role -> role.wireName().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + name + "' is no role; roles must be of " + ALLOWED));
    }

    public boolean has(Role role) {
        return set.contains(role);
    }

    /**
     * The same without one.
     *
     * @throws IllegalArgumentException when nothing is left
     */
    public Roles without(Role role) {
        return new Roles(set.stream().filter(one -> one != role).collect(Collectors.toSet()));
    }

    /** In the order of {@link Role}. */
    public List<String> names() {
        return set.stream().sorted().map(Role::wireName).toList();
    }

    @Override
    public String toString() {
        return String.join(", ", names());
    }
}
