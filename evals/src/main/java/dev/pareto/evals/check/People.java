package dev.pareto.evals.check;

import java.util.Arrays;
import java.util.List;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/**
 * A judge put right by people (PPI++), from the estimator's definition.
 *
 * @param estimate the corrected difference
 * @param error its standard error
 * @param lambda the judge's weight
 * @param steady the estimate with two labels more for either side
 * @param steadyError its standard error
 * @param labels how many there are
 */
record People(double estimate, double error, double lambda, double steady, double steadyError, int labels) {

    private static final int FEWEST_LABELS = 50;
    private static final double ONE_IN_A_THOUSAND = 3.2905;

    /** Null where the labels cannot bear it. */
    static @Nullable People of(List<Pair> pairs, boolean plain) {
        List<Pair> marked = pairs.stream().filter(pair -> pair.human() != null).toList();
        List<Pair> rest = pairs.stream().filter(pair -> pair.human() == null).toList();
        if (!plain || marked.size() < FEWEST_LABELS || chosen(marked, rest)) {
            return null;
        }
        double[] y = marked.stream().mapToDouble(People::human).toArray();
        double[] f = marked.stream().mapToDouble(Pair::d).toArray();
        double[] others = rest.isEmpty() ? f : rest.stream().mapToDouble(Pair::d).toArray();
        double[] all = new double[f.length + others.length];
        System.arraycopy(f, 0, all, 0, f.length);
        System.arraycopy(others, 0, all, f.length, others.length);
        double lambda = 0;
        double spread = square(all) / (all.length - 1);
        if (!rest.isEmpty() && spread > 0) {
            double shared = 0;
            for (int i = 0; i < y.length; i++) {
                shared += y[i] * f[i] / y.length;
            }
            shared -= SecondOpinion.mean(y) * SecondOpinion.mean(f);
            lambda = Math.min(1, Math.max(0, shared / ((1 + (double) y.length / others.length) * spread)));
        }
        double[] corrected = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            corrected[i] = y[i] - lambda * f[i];
        }
        double judged = lambda * lambda * square(others) / others.length / others.length;
        double[] more = Arrays.copyOf(corrected, y.length + 4);
        for (int i = 0; i < 4; i++) {
            more[y.length + i] = i % 2 == 0 ? 1 : -1;
        }
        return new People(SecondOpinion.mean(corrected) + lambda * SecondOpinion.mean(others),
                Math.sqrt(judged + square(corrected) / y.length / y.length), lambda,
                SecondOpinion.mean(more) + lambda * SecondOpinion.mean(others),
                Math.sqrt(judged + square(more) / more.length / more.length), y.length);
    }

    SecondOpinion.Range interval(double confidence) {
        double z = NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
        double half = z * steadyError + 1.0 / labels;
        return new SecondOpinion.Range(Math.max(-1, Math.min(estimate - z * error, steady - half)),
                Math.min(1, Math.max(estimate + z * error, steady + half)));
    }

    double p(double margin) {
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double p = normal.survivalProbability((steady - 1.0 / labels + margin) / steadyError);
        return error == 0 ? p : Math.max(p, normal.survivalProbability((estimate + margin) / error));
    }

    static double human(Pair pair) {
        Double difference = pair.human();
        return difference == null ? 0 : difference;
    }

    /** Whether the judge sees differences more, or less, often where people looked. */
    private static boolean chosen(List<Pair> marked, List<Pair> rest) {
        if (rest.isEmpty()) {
            return false;
        }
        double ours = marked.stream().filter(pair -> pair.d() != 0).count();
        double theirs = rest.stream().filter(pair -> pair.d() != 0).count();
        double pooled = (ours + theirs) / (marked.size() + rest.size());
        double error = Math.sqrt(pooled * (1 - pooled) / marked.size() + pooled * (1 - pooled) / rest.size());
        return Math.abs(ours / marked.size() - theirs / rest.size()) > ONE_IN_A_THOUSAND * error;
    }

    /** Sum of squared distances from the mean. */
    private static double square(double[] values) {
        double mean = SecondOpinion.mean(values);
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum;
    }
}
