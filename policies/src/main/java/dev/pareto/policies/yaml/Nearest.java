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

    /** Levenshtein distance, two rows. */
    private static int edits(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
