package dev.pareto.engine.machine;

/**
 * How a few vectors lie that are multiplied together, rounded to bytes of which 32, a run, share a scale, as llama.cpp's Q8_0
 * does. Run after run there are, for each vector: 32 signed bytes, -127 to 127; and then, each for all vectors, a float: what a
 * byte is worth; a float: the negative sum of the run's bytes times that; ints: the negative sums of the first 16 bytes, of
 * the others, and of all. Offsets are from the start of a run.
 *
 * @param tokens vectors, 1 to {@link #MOST}
 */
public record RoundedTile(int tokens) {

    /** Vectors that the registers have room for. */
    public static final int MOST = 6;
    /** Elements that share a scale. */
    public static final int RUN = 32;
    /** Bytes of a run of one vector. */
    public static final int RUN_BYTES = RUN + 5 * Integer.BYTES;

    /** Checks the number. */
    public RoundedTile {
        if (tokens < 1 || tokens > MOST) {
            throw new IllegalArgumentException(tokens + " vectors; 1 to " + MOST + " are allowed");
        }
    }

    /** Bytes of a run. */
    public int runBytes() {
        return tokens * RUN_BYTES;
    }

    /** Bytes of whole vectors. */
    public long bytes(int columns) {
        return (long) (columns / RUN) * runBytes();
    }

    /** Where a vector's bytes lie. */
    public int codes(int token) {
        return RUN * token;
    }

    /** Where its scale lies. */
    public int scale(int token) {
        return number(0, token);
    }

    /** Where its bytes' negative sum times the scale lies. */
    public int minusValue(int token) {
        return number(1, token);
    }

    /** Where the negative sum of 16 of its bytes lies; {@code half} is 0 or 1. */
    public int minusHalfSum(int half, int token) {
        return number(2 + half, token);
    }

    /** Where the negative sum of its bytes lies. */
    public int minusSum(int token) {
        return number(4, token);
    }

    private int number(int index, int token) {
        return RUN * tokens + Integer.BYTES * (index * tokens + token);
    }
}
