package dev.pareto.engine.kernel;

/**
 * A vector as the kernels of interleaved copies multiply it: in bytes, 32 of which share a scale, as llama.cpp's Q8_0 does. Its errors, half
 * of a 127th of the largest of 32 elements, are a tenth of those of weights in four bits. For one writer; readers may be many.
 */
public final class Activations {

    /** Elements that share a scale. */
    static final int BLOCK = 32;
    /** Elements of a {@link #sums sum}. */
    static final int PART = 8;

    private static final int HIGH = 0xFFFF0000;

    /** Each element twice, in both halves of an int: what is broadcast to lanes of two rows each. */
    int[] pairs = new int[0];
    /** What an element of a block is worth. */
    float[] scales = new float[0];
    /** Sums of eight elements in the bytes' units. */
    int[] sums = new int[0];
    /** Sums of the elements of a block. */
    int[] blockSums = new int[0];

    /**
     * Rounds a vector to bytes.
     *
     * @param columns a multiple of 32
     */
    public void round(float[] x, int xAt, int columns) {
        if (pairs.length < columns) {
            pairs = new int[columns];
            scales = new float[columns / BLOCK];
            sums = new int[columns / PART];
            blockSums = new int[columns / BLOCK];
        }
        for (int from = 0; from < columns; from += BLOCK) {
            float most = 0;
            for (int i = xAt + from; i < xAt + from + BLOCK; i++) {
                most = Math.max(most, Math.abs(x[i]));
            }
            scales[from / BLOCK] = most / 127;
            float perUnit = most < Float.MIN_NORMAL ? 0 : 127 / most;
            int blockSum = 0;
            for (int part = from; part < from + BLOCK; part += PART) {
                int sum = 0;
                for (int i = part; i < part + PART; i++) {
                    int code = (int) Math.rint(x[xAt + i] * perUnit);
                    pairs[i] = (code & ~HIGH) | code << 16;
                    sum += code;
                }
                sums[part / PART] = sum;
                blockSum += sum;
            }
            blockSums[from / BLOCK] = blockSum;
        }
    }

    /** What has become of an element. */
    float value(int column) {
        return (short) pairs[column] * scales[column / BLOCK];
    }
}
