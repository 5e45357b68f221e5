package dev.pareto.proxy.cli;

/** Something the user asked for that cannot be done, told in one line that says how to mend it. */
final class UsageException extends RuntimeException {

    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
