package dev.pareto.evals.grade;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Searches the answer with a regular expression. With a group, its text must equal the key; without one, the match
 * itself is enough. Work is bounded by counting the characters that the matcher looks at, so a pattern that
 * explodes on some answer fails the grader instead of hanging the run.
 *
 * @param pattern the expression
 */
public record PatternMatch(Pattern pattern) implements Grader {

    static final int MAX_STEPS = 2_000_000;

    /** Checks the pattern. */
    public PatternMatch {
        requireNonNull(pattern, "pattern is null");
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        Matcher matcher = pattern.matcher(new CountedText(answer, new AtomicInteger(MAX_STEPS), 0, answer.length()));
        try {
            if (!matcher.find()) {
                return Grade.unreadable("no match for " + pattern + " in " + Texts.shown(answer));
            }
        } catch (StepsExceeded | StackOverflowError e) {
            return Grade.none("the pattern " + pattern + " took more than " + MAX_STEPS
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

    private static final class StepsExceeded extends RuntimeException {

        StepsExceeded() {
            super("too many steps", null, false, false);
        }
    }

    /** A view of a text that counts every look at it; views of it share the count. */
    private record CountedText(String text, AtomicInteger left, int from, int to) implements CharSequence {

        @Override
        public char charAt(int index) {
            if (left.decrementAndGet() < 0) {
                throw new StepsExceeded();
            }
            return text.charAt(from + index);
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CountedText(text, left, from + start, from + end);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }
}
