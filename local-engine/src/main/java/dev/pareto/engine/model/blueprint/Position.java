package dev.pareto.engine.model.blueprint;

/** How attention knows where a token stands. */
public sealed interface Position permits Rope, Position.Slopes, Position.Unmarked {

    /** It does not: the embedding tells, or nothing. */
    record Unmarked() implements Position {}

    /**
     * ALiBi (arXiv:2108.12409): a score loses {@code slope} for each token between query and key.
     *
     * @param perHead one slope for each head of queries
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Slopes(float[] perHead) implements Position {

        /**
         * The usual geometric series; heads beyond a power of two take the odd terms of a series twice as fine.
         *
         * @param maxBias 8 in the paper
         */
        public static Slopes of(int heads, float maxBias) {
            int power = Integer.highestOneBit(heads);
            var slopes = new float[heads];
            for (int head = 0; head < heads; head++) {
                double exponent = head < power ? head + 1 : (2 * (head - power) + 1) / 2.0;
                slopes[head] = (float) Math.pow(2, -maxBias / power * exponent);
            }
            return new Slopes(slopes);
        }
    }
}
