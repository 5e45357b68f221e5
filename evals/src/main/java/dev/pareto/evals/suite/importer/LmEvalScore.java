package dev.pareto.evals.suite.importer;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a task of lm-eval scores: one filter pipeline and {@code exact_match}.
 *
 * @param name of the pipeline
 * @param pattern what the answer is taken from; null for all of it
 * @param ignored patterns whose matches count on neither side
 * @param ignoreCase whether case counts
 * @param ignorePunctuation whether punctuation counts
 * @param chosen the grader that the user named instead; null for none
 */
record LmEvalScore(String name, @Nullable String pattern, List<Pattern> ignored, boolean ignoreCase,
        boolean ignorePunctuation, @Nullable ObjectNode chosen) {

    LmEvalScore {
        ignored = List.copyOf(ignored);
    }

    static LmEvalScore read(String where, ObjectNode task, @Nullable ObjectNode chosen, Draft draft) {
        JsonNode exact = null;
        for (JsonNode metric : task.path("metric_list")) {
            if (metric.path("metric").asString("").equals("exact_match")) {
                exact = metric;
            } else {
                draft.drop(where, "metric " + metric.path("metric"), "only exact_match can be kept");
            }
        }
        List<Pattern> ignored = new ArrayList<>();
        for (JsonNode regex : exact == null ? task.path("none") : exact.path("regexes_to_ignore")) {
            try {
                ignored.add(Pattern.compile(regex.asString("")));
            } catch (PatternSyntaxException e) {
                draft.drop(where, "regexes_to_ignore: " + regex, "Java cannot read it: " + e.getDescription());
            }
        }
        boolean ignoreCase = exact != null && exact.path("ignore_case").asBoolean(false);
        boolean ignorePunctuation = exact != null && exact.path("ignore_punctuation").asBoolean(false);
        String name = "exact_match";
        String pattern = null;
        boolean found = false;
        for (JsonNode pipeline : task.path("filter_list")) {
            String problem = found ? "a suite grades an answer one way" : problem(pipeline);
            if (problem == null) {
                found = true;
                name = pipeline.path("name").asString(name);
                pattern = pattern(pipeline);
            } else {
                draft.drop(where, "filter '" + pipeline.path("name").asString("?") + "': " + pipeline.path("filter"),
                        problem);
            }
        }
        return new LmEvalScore(name, pattern, ignored, ignoreCase, ignorePunctuation, chosen);
    }

    private static @Nullable String problem(JsonNode pipeline) {
        int regexes = 0;
        for (JsonNode filter : pipeline.path("filter")) {
            String function = filter.path("function").asString("");
            switch (function) {
                case "take_first", "remove_whitespace" -> {
                    // One answer is taken, and white space around it never counts.
                }
                case "regex" -> regexes++;
                default -> {
                    return "the filter " + function + " has no equal here";
                }
            }
        }
        try {
            String pattern = pattern(pipeline);
            return regexes > 1 || (pattern != null && Pattern.compile(pattern).matcher("").groupCount() != 1)
                    ? "its expression has several groups"
                    : null;
        } catch (PatternSyntaxException e) {
            return "Java cannot read its expression: " + e.getDescription();
        }
    }

    /** With one group, as our regex grader wants it; the last match where the filter wants that. */
    private static @Nullable String pattern(JsonNode pipeline) {
        for (JsonNode filter : pipeline.path("filter")) {
            if (filter.path("function").asString("").equals("regex")) {
                String written = filter.path("regex_pattern").asString("#### (\\-?[0-9\\.\\,]+)");
                String grouped = Pattern.compile(written).matcher("").groupCount() == 0 ? "(" + written + ")" : written;
                return filter.path("group_select").asInt(0) == -1 ? "(?s:.*)(?:" + grouped + ")" : grouped;
            }
        }
        return null;
    }

    /** A target without what is to be ignored. */
    String plain(String target) {
        String plain = target;
        for (Pattern pattern : ignored) {
            plain = pattern.matcher(plain).replaceAll("");
        }
        if (pattern != null) {
            var matcher = Pattern.compile(pattern).matcher(plain);
            plain = matcher.find() && matcher.group(1) != null ? String.valueOf(matcher.group(1)) : plain;
        }
        return plain.strip();
    }

    /** Numbers are compared as numbers where the task takes away their commas and signs. */
    ObjectNode spec(List<String> targets) {
        if (chosen != null) {
            return chosen;
        }
        if (!ignored.isEmpty() && !targets.isEmpty() && targets.stream().allMatch(LmEvalScore::number)) {
            return Specs.spec("number");
        }
        if (pattern != null) {
            return ignoreCase ? Specs.regex(pattern).put("ignore_case", true) : Specs.regex(pattern);
        }
        return Specs.spec(ignorePunctuation ? "normalized" : ignoreCase ? "iexact" : "exact");
    }

    private static boolean number(String text) {
        try {
            return new BigDecimal(text.replace(",", "")).scale() < 100;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
