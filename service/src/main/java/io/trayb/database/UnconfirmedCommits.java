package io.trayb.database;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * Commits that Postgres calls done although its synchronous standby hasn't said that it has them: somebody cancelled the wait for it
 * ({@code pg_cancel_backend}, {@code statement_timeout}). There is a warning of that, and no error; should the standby take over, they
 * never were. So they are taken for what they are: nobody knows.
 */
final class UnconfirmedCommits {
    /** transaction_resolution_unknown: PostgreSQL's manual, appendix A. */
    private static final String UNKNOWN = "08007";
    /** The routine that waits; the warning's text is in the server's language, and its SQLSTATE that of any warning. */
    private static final String WAIT = "SyncRepWaitForLSN";

    private UnconfirmedCommits() {}

    /** What to throw for a commit with these warnings; empty if it was confirmed, or nobody had to confirm it. */
    static Optional<SQLException> among(@Nullable SQLWarning first) {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            if (warning instanceof PSQLWarning ours && isOfTheWait(ours.getServerErrorMessage())) {
                return Optional.of(new SQLException(
                        "the wait for the synchronous standby was cancelled; it may lack what was committed",
                        UNKNOWN,
                        warning));
            }
        }
        return Optional.empty();
    }

    private static boolean isOfTheWait(@Nullable ServerErrorMessage message) {
        return message != null && WAIT.equals(message.getRoutine());
    }
}
