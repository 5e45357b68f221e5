package dev.pareto.engine.grammar;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** An immutable set of Unicode characters. Surrogates are never part of one: UTF-8 cannot write them. */
final class CodePoints {

    static final CodePoints ALL = of(0, 0x10FFFF);

    /** Pairs of first and last, ascending, with gaps between. */
    private final int[] ranges;

    private CodePoints(int[] ranges) {
        this.ranges = ranges;
    }

    /** The set of these ranges, each given by its first and last character, in any order. */
    static CodePoints of(int... pairs) {
        long[] sorted = new long[pairs.length / 2 + 1];
        int count = 0;
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            if (pairs[i] <= pairs[i + 1]) {
                sorted[count++] = (long) pairs[i] << 32 | pairs[i + 1];
            }
        }
        Arrays.sort(sorted, 0, count);
        var merged = new int[count * 2];
        int size = 0;
        for (int i = 0; i < count; i++) {
            int first = (int) (sorted[i] >>> 32);
            int last = (int) sorted[i];
            if (size > 0 && first <= merged[size - 1] + 1) {
                merged[size - 1] = Math.max(merged[size - 1], last);
            } else {
                merged[size++] = first;
                merged[size++] = last;
            }
        }
        return new CodePoints(withoutSurrogates(Arrays.copyOf(merged, size)));
    }

    private static int[] withoutSurrogates(int[] ranges) {
        var out = new int[ranges.length + 2];
        int size = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            int below = Math.min(ranges[i + 1], 0xD7FF);
            if (ranges[i] <= below) {
                out[size++] = ranges[i];
                out[size++] = below;
            }
            int above = Math.max(ranges[i], 0xE000);
            if (above <= ranges[i + 1]) {
                out[size++] = above;
                out[size++] = ranges[i + 1];
            }
        }
        return Arrays.copyOf(out, size);
    }

    /** The characters of the basic plane and beyond that a test holds for. */
    static CodePoints where(IntPredicate test) {
        var pairs = new int[2048];
        int size = 0;
        int first = -1;
        for (int code = 0; code <= 0x110000; code++) {
            boolean holds = code < 0x110000 && test.test(code);
            if (holds && first < 0) {
                first = code;
            } else if (!holds && first >= 0) {
                if (size + 2 > pairs.length) {
                    pairs = Arrays.copyOf(pairs, size * 2);
                }
                pairs[size++] = first;
                pairs[size++] = code - 1;
                first = -1;
            }
        }
        return of(Arrays.copyOf(pairs, size));
    }

    CodePoints and(CodePoints other) {
        return not().or(other.not()).not();
    }

    CodePoints or(CodePoints other) {
        var both = Arrays.copyOf(ranges, ranges.length + other.ranges.length);
        System.arraycopy(other.ranges, 0, both, ranges.length, other.ranges.length);
        return of(both);
    }

    CodePoints not() {
        var out = new int[ranges.length + 2];
        int size = 0;
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            out[size++] = next;
            out[size++] = ranges[i] - 1;
            next = ranges[i + 1] + 1;
        }
        out[size++] = next;
        out[size++] = 0x10FFFF;
        return of(Arrays.copyOf(out, size));
    }

    boolean isEmpty() {
        return ranges.length == 0;
    }

    boolean contains(int code) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (code >= ranges[i] && code <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** How many ranges there are. */
    int count() {
        return ranges.length / 2;
    }

    int first(int range) {
        return ranges[2 * range];
    }

    int last(int range) {
        return ranges[2 * range + 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints set && Arrays.equals(ranges, set.ranges);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ranges);
    }

    @Override
    public String toString() {
        return Arrays.toString(ranges);
    }
}
