package dev.pareto.policies.predict.learn;

/** Maps a score in (0, 1) to a probability; never falls as the score rises. */
public sealed interface Calibration permits Platt, Isotonic {

    double apply(double score);

    /** The mean logarithmic loss of these scores once calibrated; outcomes in [0, 1], a NaN among them is left out. */
    default double loss(double[] scores, double[] outcomes) {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isNaN(outcomes[i])) {
                double p = Math.clamp(apply(scores[i]), 1e-9, 1 - 1e-9);
                sum -= outcomes[i] * Math.log(p) + (1 - outcomes[i]) * Math.log1p(-p);
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }
}
