package io.trayb.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * An array as a parameter of a statement. Immutable, if the values are.
 *
 * <p>Instead of Jdbi's {@code bindArray}, which works out the generic type of a list of such elements by reflection each time: for a
 * lone job, whose statements have some twenty of these, that was a quarter of what its way through the service allocates.
 */
public final class SqlArray implements Argument {
    private static final Map<Class<?>, String> TYPES = Map.of(
            String.class, "text", UUID.class, "uuid", Integer.class, "int4", Long.class, "int8", Boolean.class, "bool");

    private final String type;
    private final @Nullable Object[] values;

    private SqlArray(String type, @Nullable Object[] values) {
        this.type = type;
        this.values = values;
    }

    /**
     * An array of elements of a class, nulls included.
     *
     * @throws IllegalArgumentException if the class isn't that of a text, a UUID, an int, a long or a boolean
     */
    public static SqlArray of(Class<?> element, Collection<? extends @Nullable Object> values) {
        String type = TYPES.get(element);
        if (type == null) {
            throw new IllegalArgumentException("element is " + element + ", it must be one of " + TYPES.keySet());
        }
        return new SqlArray(type, values.toArray());
    }

    @Override
    public void apply(int position, PreparedStatement statement, StatementContext context) throws SQLException {
        statement.setArray(position, statement.getConnection().createArrayOf(type, values));
    }

    /** For messages of statements that failed: their parameters are named, and what is in them isn't told. */
    @Override
    public String toString() {
        return type + "[" + values.length + "]";
    }
}
