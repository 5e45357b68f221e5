package dev.pareto.evals.grade.text;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Counted n-grams. */
final class Ngrams {

    private static final Pattern NOT_ASCII_WORD = Pattern.compile("[^a-z0-9]+");
    private static final String BETWEEN = "\u0000";

    private Ngrams() {}

    /** Lower-case runs of a-z and 0-9, as rouge_score splits. */
    static List<String> asciiWords(String text) {
        return NOT_ASCII_WORD.splitAsStream(text.toLowerCase(Locale.ROOT)).filter(word -> !word.isEmpty()).toList();
    }

    /** How often each n-gram occurs. */
    static Map<String, Integer> count(List<String> tokens, int n) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= tokens.size(); i++) {
            counts.merge(String.join(BETWEEN, tokens.subList(i, i + n)), 1, Integer::sum);
        }
        return counts;
    }

    /** Occurrences in both, each as often as in the rarer. */
    static int common(Map<String, Integer> one, Map<String, Integer> other) {
        int common = 0;
        for (Map.Entry<String, Integer> entry : one.entrySet()) {
            common += Math.min(entry.getValue(), other.getOrDefault(entry.getKey(), 0));
        }
        return common;
    }
}
