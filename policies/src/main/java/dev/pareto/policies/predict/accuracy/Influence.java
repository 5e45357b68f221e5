package dev.pareto.policies.predict.accuracy;

/**
 * What one feature did to a prediction.
 *
 * @param feature a word or pair of words of the prompt, a measure of its shape, or its segment
 * @param effect what it added to the probability, before calibration
 */
public record Influence(String feature, double effect) {}
