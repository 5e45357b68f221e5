package dev.pareto.evals.grade.text;

import java.util.List;

/** Quadratic comparisons of two sequences of words, in two rows of memory. */
final class Sequences {

    private Sequences() {}

    /** Length of the longest common subsequence. */
    static int longestCommon(List<String> one, List<String> other) {
        int[] previous = new int[other.size() + 1];
        int[] current = new int[other.size() + 1];
        for (String word : one) {
            for (int j = 1; j <= other.size(); j++) {
                current[j] = word.equals(other.get(j - 1))
                        ? previous[j - 1] + 1
                        : Math.max(previous[j], current[j - 1]);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[other.size()];
    }
}
