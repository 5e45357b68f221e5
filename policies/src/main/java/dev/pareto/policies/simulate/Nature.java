package dev.pareto.policies.simulate;

import dev.pareto.policies.price.UnitPrice;

/**
 * What a simulated model truly is at a moment.
 *
 * @param firstTokenSeconds median until the first token
 * @param secondsPerToken after it
 * @param spread standard deviation of the logarithm of latency
 * @param input price of a million tokens
 * @param output price of a million tokens
 * @param quality probability that an answer to a middling request is good
 * @param tilt by which it is better at easy and worse at hard requests
 * @param up whether calls succeed
 */
public record Nature(double firstTokenSeconds, double secondsPerToken, double spread, String input, String output,
        double quality, double tilt, boolean up) {

    /** 95 % quantile of the standard normal distribution. */
    private static final double Z95 = 1.6449;

    public Nature slower(double times) {
        return new Nature(firstTokenSeconds * times, secondsPerToken * times, spread, input, output, quality, tilt, up);
    }

    public Nature priced(String newInput, String newOutput) {
        return new Nature(firstTokenSeconds, secondsPerToken, spread, newInput, newOutput, quality, tilt, up);
    }

    public Nature good(double newQuality) {
        return new Nature(firstTokenSeconds, secondsPerToken, spread, input, output, newQuality, tilt, up);
    }

    public Nature down() {
        return new Nature(firstTokenSeconds, secondsPerToken, spread, input, output, quality, tilt, false);
    }

    /** @param ease from -1 (hard) to 1 (easy) */
    double success(double ease) {
        return Math.clamp(quality + tilt * ease, 0, 1);
    }

    double medianSeconds(int outputTokens) {
        return firstTokenSeconds + secondsPerToken * outputTokens;
    }

    double p95Seconds(int outputTokens) {
        return medianSeconds(outputTokens) * Math.exp(Z95 * spread);
    }

    double cost(int promptTokens, int outputTokens) {
        return (promptTokens * UnitPrice.perMillion(input).price().doubleValue()
                + outputTokens * UnitPrice.perMillion(output).price().doubleValue()) / 1e6;
    }
}
