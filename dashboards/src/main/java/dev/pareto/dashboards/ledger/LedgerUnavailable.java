package dev.pareto.dashboards.ledger;

import org.jspecify.annotations.Nullable;

/** The ledger could not take an operation. A refusal, not an accident: it carries no stack trace. */
public final class LedgerUnavailable extends RuntimeException {

    public LedgerUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
