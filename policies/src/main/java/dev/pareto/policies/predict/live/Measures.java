package dev.pareto.policies.predict.live;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.util.Map;

/**
 * How good a predictor is on one model, measured on labels that it had not seen.
 *
 * @param bySource how many labels came from where
 * @param labels that were measured on
 * @param mean success
 * @param ece expected calibration error, in ten equal bins
 * @param brier mean squared error of the probability
 * @param plainBrier the same of someone who always says the mean: a predictor that is no better knows nothing of the prompts
 */
public record Measures(ModelId model, Map<LabelSource, Integer> bySource, int labels, double mean, double ece,
        double brier, double plainBrier) {

    private static final int BINS = 10;

    public Measures {
        requireNonNull(model, "model is null");
        bySource = Map.copyOf(bySource);
    }

    /** @param outcomes in [0, 1]; a NaN among them is left out */
    static Measures of(ModelId model, Map<LabelSource, Integer> bySource, double[] said, double[] outcomes) {
        double[] saidIn = new double[BINS];
        double[] wasIn = new double[BINS];
        double squares = 0;
        double sum = 0;
        double sumSquares = 0;
        int n = 0;
        for (int i = 0; i < said.length; i++) {
            if (Double.isNaN(outcomes[i])) {
                continue;
            }
            int bin = Math.min(BINS - 1, (int) (said[i] * BINS));
            saidIn[bin] += said[i];
            wasIn[bin] += outcomes[i];
            squares += (said[i] - outcomes[i]) * (said[i] - outcomes[i]);
            sum += outcomes[i];
            sumSquares += outcomes[i] * outcomes[i];
            n++;
        }
        double ece = 0;
        for (int bin = 0; bin < BINS; bin++) {
            ece += Math.abs(saidIn[bin] - wasIn[bin]) / Math.max(1, n);
        }
        int count = Math.max(1, n);
        double mean = sum / count;
        return new Measures(model, bySource, n, mean,
                ece, squares / count, Math.max(0, sumSquares / count - mean * mean));
    }
}
