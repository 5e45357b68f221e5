package dev.pareto.policies.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
public final class Nearest {

    private Nearest() {}

    /** The known name with the fewest edits, when a third of the letters or fewer differ. */
    public static Optional<String> to(String name, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String other) -> edits(name, other)).thenComparing(other -> other))
                .filter(other -> edits(name, other) <= Math.max(1, Math.max(name.length(), other.length()) / 3));
    }

    /** A sentence that names it, else one that lists what is known. */
    public static String remedy(String name, Collection<String> known) {
        return to(name, known).map(other -> "did you mean '" + other + "'?")
                .orElseGet(() -> known.isEmpty()
                        ? "none is known"
                        : "known: " + String.join(", ", known.stream().sorted().limit(20).toList()));
    }

    /** Edits that insert, delete, change or swap two neighbouring letters (optimal string alignment). */
    private static int edits(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
