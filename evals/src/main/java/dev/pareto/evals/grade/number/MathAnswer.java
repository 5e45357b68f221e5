package dev.pareto.evals.grade.number;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;
import dev.pareto.evals.grade.json.AnswerField;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * Final answers of mathematics as models write them: the last {@code \boxed{…}}, else the JSON field {@code answer},
 * else what follows the last "answer is", else the whole reply. LaTeX dress does not count; expressions of numbers
 * are worked out, so {@code \frac{1}{2}}, 0.5 and 1/2 are equal; lists and tuples agree part by part; all else must be
 * the same text.
 *
 * @param tolerance largest difference, relative to the key where that is above 1, that still counts as equal
 */
public record MathAnswer(double tolerance) implements TextGrader {

    private static final Pattern STATED = Pattern.compile("(?i)answer\\s*(?:is|:|=)\\s*([^\\n]{1,300})");
    private static final Pattern WRAPPER = Pattern
            .compile("\\\\(?:text|mathrm|mathbf|mbox|textbf|operatorname)\\s*\\{([^{}]*)\\}");
    private static final Pattern NOISE = Pattern
            .compile("\\\\(?:left|right|displaystyle|[,;:!> ])|\\$|\\^\\{?\\\\circ\\}?|°|\\\\%|%|[{}]");
    private static final Pattern FRACTION = Pattern.compile("\\\\[dt]?frac\\{([^{}]*)\\}\\{([^{}]*)\\}");
    private static final Pattern SHORT_FRACTION = Pattern.compile("\\\\[dt]?frac(\\d)(\\d)");
    private static final Pattern ROOT = Pattern.compile("\\\\sqrt\\{([^{}]*)\\}");
    private static final Pattern GROUPED = Pattern.compile("(?<=\\d),(?=\\d{3}(?!\\d))");
    private static final Pattern TIMES = Pattern.compile("(?<=[\\d)])\\s*(?=sqrt|pi|\\()");
    private static final Pattern ASSIGNED = Pattern.compile("^[a-zA-Z]\\s*=\\s*");
    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** Checks the tolerance. */
    public MathAnswer {
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new IllegalArgumentException("the tolerance " + tolerance + " is not within [0, 1)");
        }
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        String key = plain(Texts.requireScalar(expected));
        String got = plain(stated(answer));
        if (got.isEmpty()) {
            return Grade.unreadable("no answer in " + Texts.shown(answer));
        }
        return Grade.of(equal(got, key), "expected " + Texts.shown(key) + ", got " + Texts.shown(got));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return Texts.needsScalar(expected);
    }

    private static String stated(String answer) {
        int box = answer.lastIndexOf("\\boxed");
        String boxed = box < 0 ? null : braced(answer, answer.indexOf('{', box));
        if (boxed != null) {
            return boxed;
        }
        String field = AnswerField.find(answer);
        if (field != null) {
            return field;
        }
        Matcher matcher = STATED.matcher(answer);
        String stated = null;
        while (matcher.find()) {
            stated = matcher.group(1);
        }
        return stated == null ? answer : stated;
    }

    private static @Nullable String braced(String text, int open) {
        int depth = 0;
        for (int i = open; i >= 0 && i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return text.substring(open + 1, i);
            }
        }
        return null;
    }

    private static String plain(String text) {
        String plain = text.length() > 1_000 ? text.substring(text.length() - 1_000) : text;
        plain = WRAPPER.matcher(plain).replaceAll("$1");
        plain = SHORT_FRACTION.matcher(plain).replaceAll("(($1)/($2))");
        String before;
        do {
            before = plain;
            plain = ROOT.matcher(plain).replaceAll("sqrt($1)");
            plain = FRACTION.matcher(plain).replaceAll("(($1)/($2))");
        } while (!plain.equals(before));
        plain = NOISE.matcher(plain).replaceAll("");
        plain = plain.replace("\\pi", "pi")
                .replace("\\cdot", "*")
                .replace("\\times", "*")
                .replace("\\infty", "inf")
                .replace("^", "**")
                .replace('−', '-');
        plain = SPACES.matcher(plain).replaceAll(" ").strip();
        plain = ASSIGNED.matcher(plain).replaceFirst("");
        plain = GROUPED.matcher(plain).replaceAll("");
        return plain.endsWith(".") ? plain.substring(0, plain.length() - 1) : plain;
    }

    private boolean equal(String got, String key) {
        if (got.replace(" ", "").equalsIgnoreCase(key.replace(" ", ""))) {
            return true;
        }
        Double x = value(got);
        Double y = value(key);
        if (x != null && y != null) {
            return Math.abs(x - y) <= Math.max(tolerance, 1e-9) * Math.max(1, Math.abs(y));
        }
        List<String> parts = parts(got);
        List<String> wanted = parts(key);
        if (parts.size() != wanted.size() || parts.size() < 2 || !brackets(got).equals(brackets(key))) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!equal(parts.get(i), wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Double value(String text) {
        return Arithmetic.evaluate(TIMES.matcher(text).replaceAll("*"));
    }

    private static String brackets(String text) {
        char first = text.charAt(0);
        char last = text.charAt(text.length() - 1);
        return (first == '(' || first == '[' ? String.valueOf(first) : "")
                + (last == ')' || last == ']' ? String.valueOf(last) : "");
    }

    /** Parts between commas that stand in no inner bracket. */
    private static List<String> parts(String text) {
        boolean enclosed = brackets(text).length() == 2;
        String inner = enclosed ? text.substring(1, text.length() - 1) : text;
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < inner.length(); i++) {
            char c = inner.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(inner.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(inner.substring(start).strip());
        return parts;
    }
}
