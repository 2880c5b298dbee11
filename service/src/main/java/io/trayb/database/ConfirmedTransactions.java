package io.trayb.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jdbi.v3.core.transaction.TransactionHandler;

/** Jdbi's transactions, in which a commit fails that is one of the {@link UnconfirmedCommits}. Thread-safe as those are. */
final class ConfirmedTransactions extends DelegatingTransactionHandler {
    ConfirmedTransactions() {
        this(LocalTransactionHandler.binding());
    }

    private ConfirmedTransactions(TransactionHandler delegate) {
        super(delegate);
    }

    @Override
    public TransactionHandler specialize(Handle handle) throws SQLException {
        return new ConfirmedTransactions(getDelegate().specialize(handle));
    }

    @Override
    public void commit(Handle handle) {
        getDelegate().commit(handle);
        Optional<SQLException> unconfirmed;
        try {
            Connection connection = handle.getConnection();
            unconfirmed = UnconfirmedCommits.among(connection.getWarnings());
            if (unconfirmed.isPresent()) {
                // The next transaction of this connection isn't to blame.
                connection.clearWarnings();
            }
        } catch (SQLException e) {
            throw new TransactionException("whether a commit was confirmed can't be read", e);
        }
        if (unconfirmed.isPresent()) {
            throw new TransactionException("a commit was not confirmed", unconfirmed.get());
        }
    }
}
