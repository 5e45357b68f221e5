package dev.pareto.evals.grade.text;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

import dev.pareto.evals.Spelling;
import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * How much of the key the answer shares, by a published measure; of several keys the best one counts.
 *
 * @param measure which
 * @param threshold the score from which it passes
 */
public record Overlap(Measure measure, double threshold) implements TextGrader {

    /** Cells of the table that a quadratic comparison may fill. */
    static final long MAX_CELLS = 100_000_000;

    /** What is shared. Each gives 0 to 1. */
    public enum Measure {
        /** F1 over words without articles and punctuation (SQuAD 1.1). */
        TOKEN_F1,
        /** 1 - Levenshtein distance / length of the longer text. */
        LEVENSHTEIN,
        /** F1 of the longest common subsequence of words (Lin 2004, as the package rouge_score without stemming). */
        ROUGE_L,
        /** Sentence BLEU-4, 13a tokens, exponential smoothing, effective order (Papineni 2002, as sacrebleu). */
        BLEU,
        /** Character n-gram F2, n = 1 to 6, without white space (Popović 2015, as sacrebleu). */
        CHRF
    }

    /** Checks the threshold. */
    public Overlap {
        requireNonNull(measure, "measure is null");
        requireThreshold(threshold);
    }

    static void requireThreshold(double threshold) {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("the threshold " + threshold + " is not within (0, 1]");
        }
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        double best = 0;
        for (String key : Texts.scalars(expected)) {
            if ((long) key.length() * answer.length() > MAX_CELLS) {
                return Grade.none("answer and key are too long to compare: " + answer.length() + " and "
                        + key.length() + " characters");
            }
            best = Math.max(best, score(answer, key));
        }
        return Grade.partial(best, threshold, "%s %.3f".formatted(measure, best));
    }

    /** The measure of one answer against one key. */
    double score(String answer, String key) {
        return switch (measure) {
            case TOKEN_F1 -> tokenF1(Texts.tokens(answer), Texts.tokens(key));
            case LEVENSHTEIN -> Spelling.similarity(answer, key);
            case ROUGE_L -> rougeL(answer, key);
            case BLEU -> Bleu.sentence(answer, key);
            case CHRF -> Chrf.score(answer, key);
        };
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return Texts.needsScalars(expected);
    }

    private static double tokenF1(List<String> answer, List<String> key) {
        if (answer.isEmpty() || key.isEmpty()) {
            return answer.equals(key) ? 1 : 0;
        }
        Map<String, Integer> counts = Ngrams.count(key, 1);
        int common = Ngrams.common(Ngrams.count(answer, 1), counts);
        return 2.0 * common / (answer.size() + key.size());
    }

    private static double rougeL(String answer, String key) {
        List<String> got = Ngrams.asciiWords(answer);
        List<String> wanted = Ngrams.asciiWords(key);
        int common = Sequences.longestCommon(got, wanted);
        return common == 0 ? 0 : 2.0 * common / (got.size() + wanted.size());
    }
}
