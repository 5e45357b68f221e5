package dev.pareto.engine.text;

import java.util.Arrays;

/** A growing list of ints without boxes. */
final class Ints {

    private int[] values;
    private int size;

    Ints(int capacity) {
        values = new int[Math.max(8, capacity)];
    }

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    /** Forgets what lies behind the first {@code length} values. */
    void truncate(int length) {
        size = length;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return values[index];
    }

    void sort() {
        Arrays.sort(values, 0, size);
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
