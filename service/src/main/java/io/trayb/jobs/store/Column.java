package io.trayb.jobs.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one column of an array parameter takes from each row. */
@FunctionalInterface
interface Column<R> {
    @Nullable
    Object of(R row);

    /** The column of all rows, nulls included, to be bound as an array. */
    static <R> List<@Nullable Object> of(List<R> rows, Column<R> column) {
        List<@Nullable Object> values = new ArrayList<>(rows.size());
        for (R row : rows) {
            values.add(column.of(row));
        }
        return values;
    }
}
