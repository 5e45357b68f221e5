package dev.pareto.policies.predict.learn;

import java.util.Arrays;

/** Rows of few non-zero features each, appended one after the other. Not safe for threads while it grows. */
public final class SparseRows {

    private int rows;
    /** Where each row begins; the last entry is where the next one will. */
    private int[] starts = new int[64];
    private int[] columns = new int[1024];
    private float[] values = new float[1024];
    private int width;

    /**
     * @param width how many columns there are; a row with a column beyond it widens the table
     */
    public SparseRows(int width) {
        this.width = width;
    }

    /** Adds a row. */
    public void add(SparseRow row) {
        int at = starts[rows];
        while (at + row.size() > columns.length) {
            columns = Arrays.copyOf(columns, columns.length * 2);
            values = Arrays.copyOf(values, values.length * 2);
        }
        for (int i = 0; i < row.size(); i++) {
            columns[at] = row.column(i);
            values[at++] = row.value(i);
            width = Math.max(width, row.column(i) + 1);
        }
        rows++;
        if (rows == starts.length) {
            starts = Arrays.copyOf(starts, rows * 2);
        }
        starts[rows] = at;
    }

    public int rows() {
        return rows;
    }

    /** One more than the largest column. */
    public int width() {
        return width;
    }

    /** For each output {@code h}: {@code into[h] += row · weights[·, h]}, the weights interleaved by output. */
    void multiply(int row, double[] weights, int outputs, double[] into) {
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            int base = columns[i] * outputs;
            double value = values[i];
            for (int h = 0; h < outputs; h++) {
                into[h] += value * weights[base + h];
            }
        }
    }

    /** The same with weights as they are kept. */
    public void multiply(int row, float[] weights, int outputs, double[] into) {
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            int base = columns[i] * outputs;
            double value = values[i];
            for (int h = 0; h < outputs; h++) {
                into[h] += value * weights[base + h];
            }
        }
    }

    /** {@code weights[·, h] += row * by[h]}. */
    void addTo(int row, double[] by, int offset, int outputs, double[] weights) {
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            int base = columns[i] * outputs;
            double value = values[i];
            for (int h = 0; h < outputs; h++) {
                weights[base + h] += value * by[offset + h];
            }
        }
    }
}
