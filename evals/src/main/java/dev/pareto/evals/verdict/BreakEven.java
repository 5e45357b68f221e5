package dev.pareto.evals.verdict;

import java.math.BigDecimal;
import java.util.Locale;

import dev.pareto.evals.stats.Margins;

/**
 * A margin from money: how many more wrong answers the saving pays for. All amounts in USD, for one request.
 *
 * @param incumbentCost what a request to the incumbent costs
 * @param candidateCost what a request to the candidate costs
 * @param failCost what one wrong answer costs
 * @param basis where the costs come from
 */
public record BreakEven(BigDecimal incumbentCost, BigDecimal candidateCost, BigDecimal failCost, String basis) {

    /** No saving buys a greater loss than this. */
    public static final double LARGEST_MARGIN = 0.05;
    /** Only half of the saving is spent on wrong answers. */
    private static final double SHARE = 0.5;

    /** Checks the amounts. */
    public BreakEven {
        if (failCost.signum() <= 0 || incumbentCost.signum() < 0 || candidateCost.signum() < 0) {
            throw new IllegalArgumentException("costs are not negative, and that of a wrong answer is positive");
        }
        if (candidateCost.compareTo(incumbentCost) >= 0) {
            throw new IllegalArgumentException(String.format(Locale.ROOT,
                    "no margin follows from money: a request costs %s USD with the candidate and %s USD with the"
                            + " incumbent, so a wrong answer more is never worth it; state a margin instead",
                    candidateCost.toPlainString(), incumbentCost.toPlainString()));
        }
    }

    /** The loss of accuracy at which the saving is used up. */
    public double point() {
        return Margins.breakEven(incumbentCost.doubleValue(), candidateCost.doubleValue(), failCost.doubleValue());
    }

    /** Half of that, and never more than {@link #LARGEST_MARGIN}. */
    public double margin() {
        return Math.min(SHARE * point(), LARGEST_MARGIN);
    }

    /** In words. */
    String words() {
        return String.format(Locale.ROOT, "a wrong answer costs %s USD, so the saving is used up at %s points; half of"
                + " that, at most %s (%s)", failCost.toPlainString(), Sentence.points(point()),
                Sentence.points(LARGEST_MARGIN), basis);
    }
}
