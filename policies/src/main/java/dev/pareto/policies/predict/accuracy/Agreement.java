package dev.pareto.policies.predict.accuracy;

import dev.pareto.policies.predict.accuracy.FinalAnswer.Mark;
import org.jspecify.annotations.Nullable;

/** Whether two answers to one question say the same, where that can be told: numbers, choices, labels and short texts. */
public final class Agreement {

    /** Longer final lines are prose, which can say the same in other words. */
    private static final int LONGEST_LABEL = 60;

    private Agreement() {}

    /** Null where the two cannot be compared. */
    public static @Nullable Boolean of(String one, String other) {
        FinalAnswer first = FinalAnswer.of(one);
        FinalAnswer second = FinalAnswer.of(other);
        if (first.number() != null && second.number() != null) {
            return first.agrees(second);
        }
        return (label(first) && label(second)) ? first.agrees(second) : null;
    }

    private static boolean label(FinalAnswer answer) {
        return answer.mark() != Mark.NONE && answer.text().length() <= LONGEST_LABEL;
    }
}
