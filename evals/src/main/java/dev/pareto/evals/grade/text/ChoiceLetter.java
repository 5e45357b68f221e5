package dev.pareto.evals.grade.text;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Multiple choice: the answer must name the key's letter, in whatever dress: "B", "(b)", "B. Paris", "The answer is
 * **(B)**.", {@code {"answer": "B"}}, {@code \boxed{B}}. A stated answer beats a letter that merely occurs; of several
 * the last counts, for models think first. A reply in which no letter can be told is a format failure.
 *
 * @param letters how many choices there are, from A on
 */
public record ChoiceLetter(int letters) implements TextGrader {

    private static final int MOST = 26;
    private static final int TAIL = 4_000;
    private static final String LETTER = "[*_(\\[{`'\"\\s]*([A-Za-z])(?![\\p{L}\\p{N}'’])";
    private static final Pattern ALONE = Pattern.compile("\\W*([A-Za-z])\\W*");
    private static final Pattern STATED = Pattern.compile(
            "(?i:answer|choice|option|\"answer\")[*_`\"]*\\s*(?:(?i:is|would be|should be)\\b)?\\s*[:=]?"
                    + "(?:\\s*(?i:option|choice)\\b)?" + LETTER);
    private static final Pattern BOXED = Pattern
            .compile("\\\\boxed\\s*\\{\\s*(?:\\\\text\\s*\\{)?\\s*\\(?([A-Za-z])\\)?");
    private static final Pattern BRACKETED = Pattern.compile("\\(([A-Z])\\)");
    private static final Pattern LEADING = Pattern.compile("\\W*([A-Z])[.):]\\s.*", Pattern.DOTALL);
    private static final Pattern STANDING = Pattern.compile("(?<![\\p{L}\\p{N}'’])([B-HJ-Z])(?![\\p{L}\\p{N}'’])");

    /** Checks the number of choices. */
    public ChoiceLetter {
        if (letters < 2 || letters > MOST) {
            throw new IllegalArgumentException("there must be 2 to " + MOST + " choices, not " + letters);
        }
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        String key = letter(expected);
        if (key == null) {
            throw new IllegalArgumentException("the item has no letter in 'expected'");
        }
        String chosen = chosen(answer);
        if (chosen == null) {
            return Grade.unreadable("no choice in " + Texts.shown(answer));
        }
        return Grade.of(chosen.equals(key), "expected " + key + ", got " + chosen);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        String key = letter(expected);
        return key == null || !valid(key)
                ? "needs a letter from A to " + (char) ('A' + letters - 1) + " in 'expected'"
                : null;
    }

    private static @Nullable String letter(@Nullable JsonNode expected) {
        String text = Texts.scalar(expected);
        Matcher matcher = ALONE.matcher(text == null ? "" : text);
        return matcher.matches() ? matcher.group(1).toUpperCase(Locale.ROOT) : null;
    }

    private @Nullable String chosen(String answer) {
        Matcher alone = ALONE.matcher(answer.length() > 40 ? "" : answer);
        if (alone.matches() && valid(alone.group(1))) {
            return alone.group(1).toUpperCase(Locale.ROOT);
        }
        String tail = answer.length() > TAIL ? answer.substring(answer.length() - TAIL) : answer;
        for (Pattern pattern : List.of(STATED, BOXED, BRACKETED)) {
            String last = last(pattern, tail);
            if (last != null) {
                return last;
            }
        }
        Matcher leading = LEADING.matcher(answer);
        if (leading.matches() && valid(leading.group(1))) {
            return leading.group(1);
        }
        return last(STANDING, tail);
    }

    private @Nullable String last(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        String last = null;
        while (matcher.find()) {
            if (valid(matcher.group(1))) {
                last = matcher.group(1).toUpperCase(Locale.ROOT);
            }
        }
        return last;
    }

    private boolean valid(String letter) {
        int index = Character.toUpperCase(letter.charAt(0)) - 'A';
        return index >= 0 && index < letters;
    }
}
