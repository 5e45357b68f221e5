package dev.pareto.evals.stats.agreement;

import dev.pareto.evals.stats.Interval;
import dev.pareto.evals.stats.Margins;
import dev.pareto.evals.stats.Moments;
import dev.pareto.evals.stats.Quantiles;

/**
 * PPI++ on differences within -1 and 1 that also holds where people's labels hardly vary, or hardly differ from the judge's: a
 * standard error from a handful of them is too small, and from equal ones zero. The correction's error is taken as if two labels more
 * had spoken for the candidate and two against it (Agresti &amp; Coull 1998, Am. Stat. 52:119), and its mean moved by one label, as
 * counts move in steps. The interval covers this one and that of PPI++.
 *
 * @param plain PPI++
 * @param estimate with the four labels more
 * @param standardError likewise
 * @param step what one label weighs
 */
public record SteadyPowered(PredictionPowered plain, double estimate, double standardError, double step) {

    private static final double ADDED = 4;

    /** From the same as {@link PredictionPowered#of(double[], double[], double[], double)}. */
    public static SteadyPowered of(PredictionPowered plain, double[] human, double[] judgeOnSame,
            double[] judgeOnRest) {
        double sum = 0;
        double squares = ADDED;
        for (int i = 0; i < human.length; i++) {
            double off = human[i] - plain.lambda() * judgeOnSame[i];
            sum += off;
            squares += off * off;
        }
        double n = human.length + ADDED;
        double mean = sum / n;
        double variance = plain.lambda() * plain.lambda() * Moments.populationVariance(judgeOnRest) / judgeOnRest.length
                + (squares / n - mean * mean) / n;
        return new SteadyPowered(plain, plain.lambda() * Moments.mean(judgeOnRest) + mean, Math.sqrt(variance),
                1.0 / human.length);
    }

    /** One-sided p of "worse by {@code margin} or more": the larger of both. */
    public double nonInferiorityP(double margin) {
        Margins.requireMargin(margin);
        double steady = Quantiles.normalUpperTail((estimate - step + margin) / standardError);
        return plain.standardError() == 0 ? steady : Math.max(steady, plain.nonInferiorityP(margin));
    }

    /** Two-sided. */
    public Interval interval(double confidence) {
        double half = Quantiles.twoSidedNormal(confidence) * standardError + step;
        Interval other = plain.interval(confidence);
        return new Interval(Math.max(-1, Math.min(other.lower(), estimate - half)),
                Math.min(1, Math.max(other.upper(), estimate + half)));
    }
}
