package dev.pareto.policies.predict.live;

/**
 * Prompts with labels of more than one model that the predictor was not taught with: thresholds are set on them, for a promise that is
 * made on what was learned from would not hold.
 *
 * @param said {@code [prompt][model]}: the predictor's probability
 * @param was {@code [prompt][model]}: the label; NaN where unknown
 * @param traffic by prompt, whether it was a request of the route itself
 */
record Holdout(float[][] said, float[][] was, boolean[] traffic) {

    /** One prompt in so many of those that could be held out is. */
    static final int ONE_IN = 3;

    Holdout {
        if (said.length != was.length || said.length != traffic.length) {
            throw new IllegalArgumentException(
                    "as many forecasts as labels, not " + said.length + " and " + was.length);
        }
    }

    int size() {
        return said.length;
    }

    /** Whether an item is held out: by chance, but the same in every version, so that nothing moves between the two sides. */
    static boolean holds(String item) {
        int mixed = item.hashCode() * 0x9e3779b9;
        mixed ^= mixed >>> 15;
        mixed *= 0x85ebca6b;
        mixed ^= mixed >>> 13;
        return Math.floorMod(mixed, ONE_IN) == 0;
    }
}
