package dev.pareto.dashboards.store;

/** The store cannot be used: the message says which file and why. An operator can mend it, so it is no bug. */
public final class StoreException extends IllegalStateException {

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
