package dev.pareto.evals;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

import org.jspecify.annotations.Nullable;

/** How near two spellings are. */
public final class Spelling {

    /** Two letters of four: enough for a hint. */
    private static final double ALIKE = 0.5;
    private static final double SURE = 0.77;
    /** Longer words are nobody's slip; comparing them takes quadratic time. */
    private static final int LONGEST = 64;

    private Spelling() {}

    /** Of the known words the one that was probably meant; null when none is near. */
    public static @Nullable String nearest(String word, Collection<String> known) {
        return known.stream()
                .filter(one -> one.length() <= LONGEST && word.length() <= LONGEST && similarity(word, one) >= ALIKE)
                .min(Comparator.<String>comparingDouble(one -> -similarity(word, one))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }

    /** Whether one is surely a slip of the other: two letters of nine, one of five. */
    public static boolean slip(String one, String other) {
        return one.length() <= LONGEST && other.length() <= LONGEST && similarity(one, other) > SURE;
    }

    /** 1 - Levenshtein distance over code points / length of the longer; 1 for two empty texts. */
    public static double similarity(String one, String other) {
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
}
