package dev.pareto.proxy.hub;

/** A download that cannot go on, with a message that tells the user what to do about it. */
public final class HubException extends RuntimeException {

    HubException(String message) {
        super(message);
    }

    HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
