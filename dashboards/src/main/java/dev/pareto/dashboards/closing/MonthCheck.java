package dev.pareto.dashboards.closing;

import org.jspecify.annotations.Nullable;

/**
 * One thing that must hold before a month is closed.
 *
 * @param subject its name, e.g. {@code reconciled:openai:2026-11-03}; what is waived is waived by it
 * @param question in words
 * @param finding what was found
 * @param waiver why it was let pass and by whom; null for none
 */
public record MonthCheck(String subject, String question, State state, String finding, @Nullable Waiver waiver) {

    /** Where it stands. */
    public enum State {
        DONE,
        /** It keeps the month open. */
        OPEN,
        /** Somebody let it pass. */
        WAIVED
    }

    /** Who let it pass. */
    public record Waiver(String reason, String by) {}

    /** Whether it may be let pass at all; time and calls under way may not. */
    public boolean waivable() {
        return !subject.equals(MonthChecklist.OVER) && !subject.equals(MonthChecklist.OPEN_ATTEMPTS);
    }
}
