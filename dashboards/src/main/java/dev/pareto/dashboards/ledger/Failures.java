package dev.pareto.dashboards.ledger;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;

/** Tells a write that is wrong from a store that fails. */
final class Failures {

    private static final Set<Integer> SQLITE = Set.of(SQLiteErrorCode.SQLITE_CONSTRAINT.code,
            SQLiteErrorCode.SQLITE_MISMATCH.code, SQLiteErrorCode.SQLITE_TOOBIG.code);
    /** A value that does not fit, a rule that is broken, and a trigger that says no. */
    private static final Set<String> SQL_CLASSES = Set.of("22", "23", "P0");

    private Failures() {}

    /** A broken rule belongs to one operation and the others are tried alone; a full disk or a lock concerns them all. */
    static boolean concernsOneOperation(Exception failure) {
        if (!(failure instanceof SQLException)) {
            return true;
        }
        // a batch's failure wraps the statement's
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && (sqlState(sql) || SQLITE.contains(sql.getErrorCode() & 0xff))) {
                return true;
            }
        }
        return false;
    }

    static RuntimeException tell(Exception failure, boolean one) {
        return switch (failure) {
            case IllegalStateException wrong -> wrong;
            case SQLException sql when one ->
                new IllegalStateException("the ledger refuses this: " + why(sql), sql);
            case SQLException sql -> new LedgerUnavailable("the ledger's store failed: " + why(sql), sql);
            default -> new IllegalStateException("the ledger cannot write this: " + failure.getMessage(), failure);
        };
    }

    /** What the store said. A batch's failure says first the whole statement with its values, and the reason after it. */
    static String why(Exception failure) {
        SQLException reason = failure instanceof BatchUpdateException batch ? batch.getNextException() : null;
        return String.valueOf((reason == null ? failure : reason).getMessage());
    }

    private static boolean sqlState(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && state.length() == 5 && SQL_CLASSES.contains(state.substring(0, 2));
    }
}
