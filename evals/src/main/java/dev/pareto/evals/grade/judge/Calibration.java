package dev.pareto.evals.grade.judge;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import dev.pareto.evals.stats.agreement.Agreement;

import org.jspecify.annotations.Nullable;

/**
 * How a judge agreed with people, and whether that is enough to decide by (research: LLMBar, where ChatGPT's consistent verdicts
 * on adversarial pairs are right 12 % of the time).
 *
 * @param fingerprint of the judge ({@link Judge#fingerprint})
 * @param n labels on which it gave a readable word
 * @param passes those that people call good (for pairs: whose first answer people prefer)
 * @param unreadable labels on which it did not
 * @param agreement share on which both agree
 * @param kappa Cohen's; null when one of the two never varies
 * @param kappaLower lower end of its two-sided 95 % interval; null with it
 * @param ac1 Gwet's
 * @param truePositives share of the good that it calls good; null when there are none
 * @param trueNegatives share of the bad that it calls bad; null when there are none
 * @param order what two orders told of a pairwise judge; null for other kinds
 * @param sealed whether nobody can have edited it unseen since it was made
 */
public record Calibration(String fingerprint, int n, int passes, int unreadable, double agreement,
        @Nullable Double kappa, @Nullable Double kappaLower, double ac1, @Nullable Double truePositives,
        @Nullable Double trueNegatives, @Nullable Order order, boolean sealed) {

    /** Fewest labels, and half of it of either kind. */
    public static final int LEAST_LABELS = 100;
    /** Least kappa. */
    public static final double LEAST_KAPPA = 0.6;
    /** Least lower bound of kappa. */
    public static final double LEAST_KAPPA_LOWER = 0.4;
    /** Least share of pairs on which both orders agree. */
    public static final double LEAST_CONSISTENCY = 0.8;
    /** Most that the rate of picking the first answer may differ from one half. */
    public static final double MOST_POSITION_BIAS = 0.05;
    /** Largest share of unreadable replies. */
    public static final double MOST_UNREADABLE = 0.05;

    /**
     * One label.
     *
     * @param id of the item
     * @param human what people say: good, or for pairs that the first answer is better
     * @param judge the judge's word on the same; null when unreadable
     * @param swapped for pairs, its word when it was shown the second answer first; null when unreadable or no pair
     */
    public record Label(String id, boolean human, @Nullable Boolean judge, @Nullable Boolean swapped) {

        /** Checks the id. */
        public Label {
            requireNonNull(id, "id is null");
        }
    }

    /**
     * What showing each pair in both orders told.
     *
     * @param consistent share of pairs on which both orders agree
     * @param firstPositionRate how often the answer shown first was picked, over both orders; 0.5 without bias
     * @param agreementWhenConsistent share of the consistent pairs on which people agree; null when there are none
     */
    public record Order(double consistent, double firstPositionRate, @Nullable Double agreementWhenConsistent) {}

    /** Checks what must be there. */
    public Calibration {
        requireNonNull(fingerprint, "fingerprint is null");
    }

    /**
     * The calibration that labels give.
     *
     * @param pairs whether the labels are of pairs, shown in both orders
     */
    public static Calibration of(String fingerprint, List<Label> labels, boolean pairs) {
        List<Label> readable = labels.stream()
                .filter(label -> label.judge() != null && (!pairs || label.swapped() != null))
                .toList();
        if (readable.isEmpty()) {
            throw new IllegalArgumentException("the judge's word on not one label can be read");
        }
        int[] human = readable.stream().mapToInt(label -> label.human() ? 1 : 0).toArray();
        int[] judge = readable.stream().mapToInt(label -> Boolean.TRUE.equals(label.judge()) ? 1 : 0).toArray();
        Agreement agreement = Agreement.of(human, judge, 2);
        Agreement.Kappa kappa = agreement.kappa(Agreement.Weighting.EXACT);
        return new Calibration(fingerprint, readable.size(), Arrays.stream(human).sum(),
                labels.size() - readable.size(), agreement.raw(), kappa == null ? null : (Double) kappa.value(),
                kappa == null ? null : (Double) lower(kappa, human), agreement.gwetAc1(), agreement.recall(1),
                agreement.recall(0), pairs ? order(readable) : null, true);
    }

    /** Labels that all agree have no spread: then by how often people and judge may differ and yet agree on so many (exactly). */
    private static double lower(Agreement.Kappa kappa, int[] human) {
        double lower = kappa.interval(0.95).lower();
        if (kappa.value() < 1) {
            return lower;
        }
        double n = human.length;
        double good = Arrays.stream(human).sum() / n;
        return 1 - (1 - Math.pow(0.025, 1 / n)) / (2 * good * (1 - good));
    }

    private static Order order(List<Label> labels) {
        int consistent = 0;
        int first = 0;
        int right = 0;
        for (Label label : labels) {
            boolean forward = Boolean.TRUE.equals(label.judge());
            boolean backward = Boolean.TRUE.equals(label.swapped());
            first += (forward ? 1 : 0) + (backward ? 0 : 1);
            consistent += forward == backward ? 1 : 0;
            right += forward == backward && forward == label.human() ? 1 : 0;
        }
        double n = labels.size();
        return new Order(consistent / n, first / (2 * n),
                consistent == 0 ? null : (Double) ((double) right / consistent));
    }

    /** The same from a file that anyone may have edited. */
    Calibration unsealed() {
        return new Calibration(fingerprint, n, passes, unreadable, agreement, kappa, kappaLower, ac1, truePositives,
                trueNegatives, order, false);
    }

    /** What is missing before its word may decide a swap; empty when nothing is. */
    public List<String> shortfalls() {
        List<String> shortfalls = new ArrayList<>();
        if (!sealed) {
            shortfalls.add("its calibration has no seal; make it with eval calibrate --out");
        }
        if (n < LEAST_LABELS || Math.min(passes, n - passes) < LEAST_LABELS / 2) {
            shortfalls.add("%d labels, %d of them good; it takes %d, %d of either kind".formatted(n, passes,
                    LEAST_LABELS, LEAST_LABELS / 2));
        }
        if (unreadable > MOST_UNREADABLE * (n + unreadable)) {
            shortfalls.add(unreadable + " of " + (n + unreadable) + " replies could not be read");
        }
        below(shortfalls, "kappa", kappa, LEAST_KAPPA);
        below(shortfalls, "the lower 95 % bound of kappa", kappaLower, LEAST_KAPPA_LOWER);
        if (order != null) {
            below(shortfalls, "the share of pairs judged alike in both orders", order.consistent, LEAST_CONSISTENCY);
            if (Math.abs(order.firstPositionRate - 0.5) > MOST_POSITION_BIAS) {
                shortfalls.add(String.format(Locale.ROOT,
                        "picks the first answer in %.3f of all cases, more than %.2f from one half",
                        order.firstPositionRate, MOST_POSITION_BIAS));
            }
        }
        return shortfalls;
    }

    private static void below(List<String> shortfalls, String what, @Nullable Double value, double least) {
        if (value == null || value < least) {
            shortfalls.add(value == null
                    ? what + " cannot be told: one of the two never varies"
                    : String.format(Locale.ROOT, "%s is %.3f, below %.2f", what, value, least));
        }
    }

    /** Whether its word may decide a swap. */
    public boolean opensGate() {
        return shortfalls().isEmpty();
    }
}
