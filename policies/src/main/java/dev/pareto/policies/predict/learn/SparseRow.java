package dev.pareto.policies.predict.learn;

import java.util.Arrays;

/** The non-zero features of one row; reused from row to row, so that filling it allocates nothing once it has grown. */
public final class SparseRow {

    private int[] columns = new int[1024];
    private float[] values = new float[1024];
    private int size;

    public void clear() {
        size = 0;
    }

    public void add(int column, float value) {
        if (size == columns.length) {
            columns = Arrays.copyOf(columns, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        columns[size] = column;
        values[size++] = value;
    }

    /** Replaces the value of a feature that was added. */
    public void set(int i, float value) {
        values[i] = value;
    }

    public int size() {
        return size;
    }

    public int column(int i) {
        return columns[i];
    }

    public float value(int i) {
        return values[i];
    }
}
