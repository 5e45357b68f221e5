package dev.pareto.policies.predict.learn;

/**
 * Maps a score in (0, 1) to a probability by a logistic curve over its log-odds (Platt 1999, with the smoothed targets of Lin, Lin
 * and Weng 2007 as a weak prior for "the score is right already").
 *
 * @param slope of the log-odds, above 0
 * @param intercept added to them
 */
public record Platt(double slope, double intercept) implements Calibration {

    public static final Platt IDENTITY = new Platt(1, 0);

    private static final int STEPS = 50;
    private static final double PRIOR = 2;
    private static final double LEAST_SLOPE = 0.05;

    public Platt {
        if (!(slope > 0) || !Double.isFinite(slope) || !Double.isFinite(intercept)) {
            throw new IllegalArgumentException("not a calibration: slope " + slope + ", intercept " + intercept);
        }
    }

    @Override
    public double apply(double score) {
        return sigmoid(slope * logit(score) + intercept);
    }

    /** Fits to outcomes in [0, 1]; a NaN among them is left out. */
    public static Platt fit(double[] scores, double[] outcomes) {
        double slope = 1;
        double intercept = 0;
        for (int step = 0; step < STEPS; step++) {
            double g0 = -PRIOR * (slope - 1);
            double g1 = -PRIOR * intercept;
            double h00 = PRIOR;
            double h01 = 0;
            double h11 = PRIOR;
            for (int i = 0; i < scores.length; i++) {
                if (Double.isNaN(outcomes[i])) {
                    continue;
                }
                double z = logit(scores[i]);
                double p = sigmoid(slope * z + intercept);
                double error = outcomes[i] - p;
                double weight = p * (1 - p);
                g0 += error * z;
                g1 += error;
                h00 += weight * z * z;
                h01 += weight * z;
                h11 += weight;
            }
            double determinant = h00 * h11 - h01 * h01;
            double moveSlope = (h11 * g0 - h01 * g1) / determinant;
            double moveIntercept = (h00 * g1 - h01 * g0) / determinant;
            slope += Math.clamp(moveSlope, -1, 1);
            intercept += Math.clamp(moveIntercept, -1, 1);
            if (Math.abs(moveSlope) + Math.abs(moveIntercept) < 1e-9) {
                break;
            }
        }
        return new Platt(Math.max(LEAST_SLOPE, slope), intercept);
    }

    static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    private static double logit(double p) {
        double inside = Math.clamp(p, 0.001, 0.999);
        return Math.log(inside / (1 - inside));
    }
}
