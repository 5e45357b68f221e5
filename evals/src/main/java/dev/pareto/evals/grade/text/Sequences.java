package dev.pareto.evals.grade.text;

import java.util.Arrays;
import java.util.List;

/** Quadratic comparisons of two sequences, in two rows of memory. */
final class Sequences {

    private Sequences() {}

    /** 1 - Levenshtein distance over code points / length of the longer; 1 for two empty texts. */
    static double similarity(String one, String other) {
        int[] a = one.codePoints().toArray();
        int[] b = other.codePoints().toArray();
        int longer = Math.max(a.length, b.length);
        return longer == 0 ? 1 : 1 - (double) distance(a, b) / longer;
    }

    private static int distance(int[] a, int[] b) {
        int[] previous = new int[b.length + 1];
        int[] current = new int[b.length + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= a.length; i++) {
            current[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int substituted = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.min(substituted, 1 + Math.min(previous[j], current[j - 1]));
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length];
    }

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
