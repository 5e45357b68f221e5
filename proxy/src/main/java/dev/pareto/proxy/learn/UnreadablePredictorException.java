package dev.pareto.proxy.learn;

import java.io.IOException;

/** A file that is no predictor of this release: damaged, or of a format that is no longer read. Trying again does not help. */
public final class UnreadablePredictorException extends IOException {

    private static final long serialVersionUID = 1;

    UnreadablePredictorException(String message) {
        super(message);
    }

    UnreadablePredictorException(String message, Throwable cause) {
        super(message, cause);
    }
}
