package dev.pareto.policies.predict.accuracy;

/**
 * How likely a model's answer is good.
 *
 * @param model whose answer
 * @param probability calibrated
 * @param deviation the standard error of that probability, from models that each had not seen a part of the labels
 * @param labels how many labels of this model it rests on
 */
public record Prediction(String model, double probability, double deviation, int labels) {

    /** The lower end of a 90 % interval. */
    public double low() {
        return Math.max(0, probability - 1.645 * deviation);
    }

    /** The upper end of a 90 % interval. */
    public double high() {
        return Math.min(1, probability + 1.645 * deviation);
    }
}
