package dev.pareto.evals.grade.sql;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The statement must be the key's, or one of them, once both are normalised ({@link SqlText}): layout, comments, case
 * of keywords and names, quoting of names, aliases' AS, a final semicolon, the order of conditions joined by AND, and
 * {@code <>} for {@code !=} do not count. Nothing is run, so statements that differ in form but not in meaning are
 * called different: a grader that must not be fooled, not one that forgives.
 */
public record SqlMatch() implements TextGrader {

    private static final Pattern FENCED = Pattern.compile("```(?:sql|SQL)?\\s*\\n(.*?)```", Pattern.DOTALL);

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        Matcher fenced = FENCED.matcher(answer);
        String statement = fenced.find() ? fenced.group(1) : answer;
        String got = SqlText.normalised(statement);
        if (!SqlText.isStatement(got)) {
            return Grade.unreadable("no SQL statement in " + Texts.shown(answer));
        }
        List<String> keys = Texts.scalars(expected).stream().map(SqlText::normalised).toList();
        return Grade.of(keys.contains(got), "expected " + Texts.shown(keys.getFirst()) + ", got " + Texts.shown(got));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        List<String> keys = Texts.scalars(expected);
        if (keys.isEmpty()) {
            return "needs an SQL statement, or a list of them, in 'expected'";
        }
        return keys.stream().map(SqlText::normalised).allMatch(SqlText::isStatement)
                ? null
                : "expects something that is no SQL statement";
    }
}
