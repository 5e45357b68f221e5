package dev.pareto.policies.predict;

/**
 * How long one model's answer to one prompt will be.
 *
 * @param mean the expected number of output tokens: what a budget is charged with beforehand
 * @param bound no more than this in nine answers of ten: what is reserved
 * @param answers how many it rests on
 */
public record TokenForecast(int mean, int bound, int answers) {

    public TokenForecast {
        if (mean < 1 || bound < 1 || answers < 0) {
            throw new IllegalArgumentException(
                    "an answer has at least one token, not " + mean + " or " + bound + " after " + answers);
        }
    }
}
