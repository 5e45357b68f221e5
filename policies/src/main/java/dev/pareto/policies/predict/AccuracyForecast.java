package dev.pareto.policies.predict;

import static java.util.Objects.requireNonNull;

/**
 * How likely one model answers one prompt well.
 *
 * @param probability calibrated
 * @param low the lower end of a 90 % interval
 * @param high its upper end
 * @param labels how many labels of this model it rests on
 * @param version of the predictor that said so
 */
public record AccuracyForecast(double probability, double low, double high, int labels, String version) {

    public AccuracyForecast {
        requireNonNull(version, "version is null");
        if (!(low >= 0 && low <= probability && probability <= high && high <= 1)) {
            throw new IllegalArgumentException(
                    "a probability lies in its interval and that in [0, 1], not " + probability + " in [" + low + ", "
                            + high + "]");
        }
    }
}
