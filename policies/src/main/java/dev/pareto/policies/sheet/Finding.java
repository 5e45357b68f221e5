package dev.pareto.policies.sheet;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * Something that a lint noticed about a price.
 *
 * @param severity how bad it is
 * @param rule a stable name, e.g. {@code tier-ratio}
 * @param subject the thing sold or the price version concerned
 * @param message a sentence without a full stop
 */
public record Finding(Severity severity, String rule, String subject, String message) {

    /** From what must not be accepted to what is good to know. */
    public enum Severity {
        ERROR, WARNING, NOTE;

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Finding {
        requireNonNull(severity, "severity is null");
        requireNonNull(rule, "rule is null");
        requireNonNull(subject, "subject is null");
        requireNonNull(message, "message is null");
    }

    @Override
    public String toString() {
        return severity.id() + " " + rule + " " + subject + ": " + message;
    }
}
