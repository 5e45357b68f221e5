package dev.pareto.evals.grade.text;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;
import dev.pareto.evals.grade.json.AnswerField;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The JSON field {@code answer} ({@link AnswerField}) must be the key's Python literal, quotes around it not counted
 * and the key's {@code \n} and {@code \'} taken for the characters they stand for. The rule that grades CRUXEval as
 * ZeroEval publishes it.
 */
public record PythonLiteral() implements TextGrader {

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        String key = Texts.requireScalar(expected);
        String field = AnswerField.find(answer);
        if (field == null) {
            return Grade.unreadable("no answer field in " + Texts.shown(answer));
        }
        String got = bare(field);
        return Grade.of(got.equals(bare(key)) || got.equals(bare(key.replace("\\n", "\n").replace("\\'", "'"))),
                "expected " + Texts.shown(key) + ", got " + Texts.shown(field));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return Texts.needsScalar(expected);
    }

    private static String bare(String literal) {
        int start = 0;
        int end = literal.length();
        while (start < end && quote(literal.charAt(start))) {
            start++;
        }
        while (end > start && quote(literal.charAt(end - 1))) {
            end--;
        }
        return literal.substring(start, end);
    }

    private static boolean quote(char c) {
        return c == '\'' || c == '"';
    }
}
