package dev.pareto.proxy.cli.terminal;

/** Something the user asked for that cannot be done, told in one line that says how to mend it. */
public final class UsageException extends RuntimeException {

    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
