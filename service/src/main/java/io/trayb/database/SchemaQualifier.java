package io.trayb.database;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * Writes the schema in front of Trayb's own names: {@code FROM trayb_jobs} becomes {@code FROM "public".trayb_jobs}.
 *
 * <p>Statements are written with the bare name, and nothing depends on {@code search_path}, which behind PgBouncer is
 * whatever the last client of a server connection left there.
 *
 * <p>What is rewritten: every identifier {@code trayb_…} (tables, sequences, functions, types), and a literal that is cast
 * to {@code regclass}, as in {@code nextval('trayb_leases'::regclass)}. What is left alone: other string literals, quoted
 * identifiers, comments, parameters ({@code :trayb_x}), names after a dot or after {@code CONSTRAINT}. Hence an alias or a
 * common table expression must not begin with {@code trayb_}.
 *
 * <p>Takes the place of jdbi's {@code <attribute>} templates: a statement is text and parameters, and {@code <} is
 * less-than. Thread-safe; each statement is rewritten once.
 */
public final class SchemaQualifier implements TemplateEngine {
    private static final Pattern TOKEN = Pattern.compile("""
            '(?<relation>trayb_[a-z0-9_]+)'(?=\\s*::\\s*regclass\\b)  # a name in a literal
            | \\b[eE]'(?:[^'\\\\]|\\\\.)*+'                # literals, the doubled quote being two in a row
            | '[^']*+'
            | "[^"]*+"                                    # quoted identifiers
            | \\$(?<tag>[A-Za-z_]\\w*+|)\\$.*?\\$\\k<tag>\\$ # dollar-quoted literals
            | --[^\\n]*+                                   # comments
            | /\\*.*?\\*/
            | (?<!:):[A-Za-z_]\\w*+                        # parameters, but not the type of a cast
            | \\.\\s*+trayb_\\w++                          # a column, or a name that has its schema
            | (?i:\\bconstraint\\s++)trayb_\\w++           # constraints have no schema
            | \\b(?<name>trayb_[a-z0-9_]++)\\b
            """, Pattern.COMMENTS | Pattern.DOTALL);

    private final String prefix;
    // Bounded by the number of statements in the code, since statements are never put together at run time.
    private final ConcurrentMap<String, String> qualified = new ConcurrentHashMap<>();

    /**
     * A qualifier for one schema.
     *
     * @param schema a name as {@link DatabaseUrl} allows it, so that quoting it is enough
     */
    public SchemaQualifier(String schema) {
        this.prefix = '"' + schema + "\".";
    }

    /** The statement with the schema in front of Trayb's names. */
    public String qualify(String sql) {
        return qualified.computeIfAbsent(sql, this::rewrite);
    }

    @Override
    public String render(String template, StatementContext context) {
        return qualify(template);
    }

    @Override
    public Optional<Function<StatementContext, String>> parse(String template, ConfigRegistry config) {
        String sql = qualify(template);
        return Optional.of(context -> sql);
    }

    private String rewrite(String sql) {
        Matcher token = TOKEN.matcher(sql);
        StringBuilder out = new StringBuilder(sql.length() + 64);
        while (token.find()) {
            token.appendReplacement(out, Matcher.quoteReplacement(replacement(token)));
        }
        return token.appendTail(out).toString();
    }

    private String replacement(Matcher token) {
        String name = token.group("name");
        if (name != null) {
            return prefix + name;
        }
        String relation = token.group("relation");
        return relation == null ? token.group() : "'" + prefix + relation + "'";
    }
}
