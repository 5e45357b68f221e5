package dev.pareto.evals.grade.text;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.BoundedText;
import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Searches the answer with a regular expression. With a group, its text must equal the key; without one, the match
 * itself is enough. Work is bounded by counting the characters that the matcher looks at, so a pattern that
 * explodes on some answer fails the grader instead of hanging the run.
 *
 * @param pattern the expression
 */
public record PatternMatch(Pattern pattern) implements TextGrader {

    /** Checks the pattern. */
    public PatternMatch {
        requireNonNull(pattern, "pattern is null");
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        Matcher matcher = pattern.matcher(BoundedText.of(answer));
        try {
            if (!matcher.find()) {
                return Grade.unreadable("no match for " + pattern + " in " + Texts.shown(answer));
            }
        } catch (BoundedText.StepsExceeded | StackOverflowError e) {
            return Grade.none("the pattern " + pattern + " took more than " + BoundedText.MAX_STEPS
                    + " steps; rewrite it without nested repetition");
        }
        if (matcher.groupCount() == 0) {
            return Grade.right("matches");
        }
        String group = matcher.group(1);
        String key = Texts.requireScalar(expected);
        return Grade.of(group != null && group.strip().equals(key.strip()),
                "expected " + Texts.shown(key) + ", got " + (group == null ? "nothing" : Texts.shown(group)));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return pattern.matcher("").groupCount() == 0 ? null : Texts.needsScalar(expected);
    }
}
