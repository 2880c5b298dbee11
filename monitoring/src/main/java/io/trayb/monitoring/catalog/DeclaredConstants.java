package io.trayb.monitoring.catalog;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Finds the public constants of a type in classes of declarations, so that no list beside them has to be kept. */
final class DeclaredConstants {
    private DeclaredConstants() {}

    /** In the order of the classes, and by name within each: the JVM promises no order of fields. */
    static <T> List<T> of(Class<T> type, Class<?>... declarations) {
        return Arrays.stream(declarations)
                .flatMap(declaration -> Arrays.stream(declaration.getDeclaredFields())
                        .filter(field -> type.isAssignableFrom(field.getType()) && isConstant(field))
                        .sorted(Comparator.comparing(Field::getName)))
                .map(field -> type.cast(value(field)))
                .toList();
    }

    private static boolean isConstant(Field field) {
        return Modifier.isStatic(field.getModifiers())
                && Modifier.isFinal(field.getModifiers())
                && Modifier.isPublic(field.getModifiers());
    }

    private static Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " must be public in a public class, to be found", e);
        }
    }
}
