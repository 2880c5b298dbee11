package io.trayb.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Asks a database, over a connection that is open already, which change sets it lacks. Thread-safe. */
public final class SchemaCheck {
    private final ChangeSets known;
    private final String table;

    /**
     * The check against the product's own migrations.
     *
     * @param schema as {@link DatabaseUrl} allows it
     */
    public SchemaCheck(String schema) {
        this(schema, ChangeSets.in("migrations/"));
    }

    SchemaCheck(String schema, ChangeSets known) {
        this.known = known;
        this.table = "\"" + schema + "\".databasechangelog";
    }

    /**
     * The change sets that haven't been applied, in order; all of them on a database that has never been migrated. Only reads.
     *
     * @throws SQLException when the database can't be asked
     */
    public List<String> pending(Connection connection) throws SQLException {
        return known.without(applied(connection));
    }

    private List<String> applied(Connection connection) throws SQLException {
        // A schema's name can't be a parameter where a table is read; DatabaseUrl allows nothing in it that quotes
        // don't hold.
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there = statement.executeQuery("SELECT to_regclass('" + table + "') IS NOT NULL")) {
                if (!there.next() || !there.getBoolean(1)) {
                    return List.of();
                }
            }
            List<String> ids = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("SELECT author || ':' || id FROM " + table)) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
            return ids;
        }
    }
}
