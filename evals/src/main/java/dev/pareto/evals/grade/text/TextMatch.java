package dev.pareto.evals.grade.text;

import static java.util.Objects.requireNonNull;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** Compares the whole answer with the key by one rule. */
public record TextMatch(Rule rule) implements TextGrader {

    /** How answer and key are compared; white space around both never counts. */
    public enum Rule {
        /** Character by character. */
        EXACT,
        /** Without regard to case and runs of white space. */
        IEXACT,
        /** Without regard to case, punctuation and white space. */
        NORMALIZED,
        /** The answer begins with the key. */
        STARTS_WITH
    }

    /** Checks the rule. */
    public TextMatch {
        requireNonNull(rule, "rule is null");
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        String key = Texts.requireScalar(expected);
        boolean right = switch (rule) {
            case EXACT -> answer.strip().equals(key.strip());
            case IEXACT -> Texts.folded(answer).equals(Texts.folded(key));
            case NORMALIZED -> Texts.words(answer, " ").equals(Texts.words(key, " "));
            case STARTS_WITH -> answer.strip().startsWith(key.strip());
        };
        return Grade.of(right, "expected " + Texts.shown(key) + ", got " + Texts.shown(answer));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return Texts.needsScalar(expected);
    }
}
