package dev.pareto.evals.grade;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the {@code answer} field of a reply that first reasons and then answers in JSON, as ZeroEval does
 * (github.com/WildEval/ZeroEval, {@code math_eval.py} and {@code crux_eval.py}): the first object in braces, else the field by
 * its name, else a closing {@code \boxed{…}}. Published accuracies are reproduced to the item.
 *
 * @param compare what makes two answers equal
 */
public record ReasonedAnswer(Compare compare) implements Grader {

    /** What makes two answers equal. */
    public enum Compare {
        /** The first number of each, thousands separators and dollar signs aside; a plain fraction is a number. */
        NUMBER,
        /** The same text, quotes around it aside. */
        TEXT
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern QUOTED = Pattern.compile("\"answer\"\\s*+:\\s*+\"([^\"]*+)\"");
    private static final Pattern BARE = Pattern.compile("\"answer\"\\s*+:\\s*+([^,\\s]*+)");
    private static final Pattern UNQUOTED_KEY = Pattern.compile("answer\\s*+:\\s*+([^,\\s]*+)");
    private static final Pattern BOXED = Pattern.compile("\\\\boxed\\{(\\w+)\\}");
    private static final int BOXED_WITHIN = 30;
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,300}+(?:\\.\\d{1,300}+)?");
    private static final Pattern FRACTION = Pattern
            .compile("\\s*+(-?\\d{1,30}+(?:\\.\\d{1,30}+)?)\\s*+/\\s*+(-?\\d{1,30}+(?:\\.\\d{1,30}+)?)\\s*+");

    /** Checks the rule. */
    public ReasonedAnswer {
        requireNonNull(compare, "compare is null");
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        String key = Texts.requireScalar(expected);
        String given = answerOf(answer);
        if (given == null) {
            return Grade.unreadable("no field 'answer' in " + Texts.shown(answer));
        }
        boolean right = switch (compare) {
            case NUMBER -> sameNumber(given, key);
            case TEXT -> unquoted(given).replace("\n", "\\n").equals(unquoted(key));
        };
        return Grade.of(right, "expected " + Texts.shown(key) + ", got " + Texts.shown(given));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return Texts.needsScalar(expected);
    }

    private static @Nullable String answerOf(String reply) {
        JsonNode object = firstObject(reply);
        if (object != null && object.has("answer")) {
            return spelt(object.get("answer"), false);
        }
        for (Pattern pattern : new Pattern[]{QUOTED, BARE, UNQUOTED_KEY}) {
            Matcher matcher = pattern.matcher(reply);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        if (reply.indexOf("boxed", Math.max(0, reply.length() - BOXED_WITHIN)) >= 0) {
            Matcher matcher = BOXED.matcher(reply);
            return matcher.find() ? matcher.group(1) : null;
        }
        return null;
    }

    /** The text from the first opening brace to the one that closes it, as JSON; null when it is none. */
    private static @Nullable JsonNode firstObject(String reply) {
        int start = -1;
        int depth = 0;
        for (int i = 0; i < reply.length(); i++) {
            char c = reply.charAt(i);
            if (c == '{') {
                start = start < 0 ? i : start;
                depth++;
            } else if (c == '}' && depth > 0 && --depth == 0) {
                try {
                    return JSON.readTree(reply.substring(start, i + 1).replace("\n", ""));
                } catch (JacksonException noJson) {
                    return null;
                }
            }
        }
        return null;
    }

    /** A value as Python spells it, in which the published keys are written. */
    private static String spelt(JsonNode value, boolean nested) {
        if (value.isString()) {
            return nested ? "'" + value.stringValue() + "'" : value.stringValue();
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        if (value.isNull()) {
            return "None";
        }
        if (value.isArray()) {
            return value.valueStream().map(one -> spelt(one, true)).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value.isObject()) {
            return value.properties()
                    .stream()
                    .map(field -> "'" + field.getKey() + "': " + spelt(field.getValue(), true))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.asString();
    }

    private static boolean sameNumber(String given, String key) {
        Double ours = number(given);
        Double theirs = number(key);
        return ours != null && theirs != null && ours.doubleValue() == theirs.doubleValue();
    }

    private static @Nullable Double number(String text) {
        String bare = text.replace("$", "").replace("#", "").strip().replace(",", "");
        Matcher fraction = FRACTION.matcher(bare);
        if (fraction.matches() && Double.parseDouble(fraction.group(2)) != 0) {
            double value = Double.parseDouble(fraction.group(1)) / Double.parseDouble(fraction.group(2));
            bare = String.format(Locale.ROOT, "%.17f", value);
        }
        Matcher matcher = NUMBER.matcher(bare);
        return matcher.find() ? (Double) Double.parseDouble(matcher.group()) : null;
    }

    private static String unquoted(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (text.charAt(from) == '"' || text.charAt(from) == '\'')) {
            from++;
        }
        while (to > from && (text.charAt(to - 1) == '"' || text.charAt(to - 1) == '\'')) {
            to--;
        }
        return text.substring(from, to);
    }
}
