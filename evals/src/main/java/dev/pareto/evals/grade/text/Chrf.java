package dev.pareto.evals.grade.text;

import java.util.List;
import java.util.regex.Pattern;

/** chrF2 as sacrebleu computes it by default: character n-grams to 6, no words, no white space, effective order. */
final class Chrf {

    private static final int ORDER = 6;
    private static final double BETA_SQUARED = 4;
    private static final Pattern SPACES = Pattern.compile("\\s+");

    private Chrf() {}

    static double score(String answer, String key) {
        List<String> got = characters(answer);
        List<String> wanted = characters(key);
        double precision = 0;
        double recall = 0;
        int order = 0;
        for (int n = 1; n <= ORDER && n <= Math.min(got.size(), wanted.size()); n++) {
            double common = Ngrams.common(Ngrams.count(got, n), Ngrams.count(wanted, n));
            precision += common / (got.size() - n + 1);
            recall += common / (wanted.size() - n + 1);
            order++;
        }
        if (order == 0 || precision + recall == 0) {
            return 0;
        }
        precision /= order;
        recall /= order;
        return (1 + BETA_SQUARED) * precision * recall / (BETA_SQUARED * precision + recall);
    }

    private static List<String> characters(String text) {
        return SPACES.matcher(text).replaceAll("").codePoints().mapToObj(Character::toString).toList();
    }
}
