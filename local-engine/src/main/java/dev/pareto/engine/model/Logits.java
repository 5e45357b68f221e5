package dev.pareto.engine.model;

import java.util.Arrays;
import java.util.Objects;

/**
 * The rows of logits of one forward pass, in the order of the slices and, within a slice, of its tokens. The numbers
 * lie in a buffer that the next forward pass of the same decoder overwrites; a row may be changed in place.
 */
public final class Logits {

    private final int vocabulary;
    private final float[] values;
    private final int[] firstRows;

    Logits(int vocabulary, float[] values, int[] firstRows) {
        this.vocabulary = vocabulary;
        this.values = values;
        this.firstRows = firstRows;
    }

    /** Rows in all. */
    public int rows() {
        return firstRows[firstRows.length - 1];
    }

    /** The first row of a slice of the batch; its other rows follow. */
    public int firstRow(int slice) {
        return firstRows[slice];
    }

    /** Floats of a row: one for each token id. */
    public int vocabulary() {
        return vocabulary;
    }

    /** The buffer; row {@code r} starts at {@link #offset}. */
    public float[] values() {
        return values;
    }

    /** Where a row starts in {@link #values}. */
    public int offset(int row) {
        return Objects.checkIndex(row, rows()) * vocabulary;
    }

    /** A copy of a row. */
    public float[] copy(int row) {
        int from = offset(row);
        return Arrays.copyOfRange(values, from, from + vocabulary);
    }

    /** The token with the highest logit of a row; the lowest id where several share it. */
    public int argMax(int row) {
        int from = offset(row);
        int best = 0;
        for (int i = 1; i < vocabulary; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
