package dev.pareto.evals.grade.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;
import dev.pareto.evals.grade.json.JsonAnswer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer is a set (lines, or separated by commas or semicolons, or a JSON array of texts); scored by F1 against
 * the key's set. Order, repetition, case, punctuation and bullets do not count.
 *
 * @param threshold the F1 from which it passes
 */
public record SetF1(double threshold) implements TextGrader {

    private static final Pattern SEPARATOR = Pattern.compile("[,;\\n]");
    private static final Pattern BULLET = Pattern.compile("^\\s*(?:[-*•]|\\d{1,3}[.)])\\s+");

    /** Checks the threshold. */
    public SetF1 {
        Overlap.requireThreshold(threshold);
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        Set<String> key = elements(Texts.scalars(expected));
        Set<String> got = elements(split(answer));
        if (got.isEmpty()) {
            return Grade.unreadable("no elements in " + Texts.shown(answer));
        }
        Set<String> missing = new TreeSet<>(key);
        missing.removeAll(got);
        Set<String> surplus = new TreeSet<>(got);
        surplus.removeAll(key);
        double common = key.size() - missing.size();
        double f1 = common == 0 ? 0 : 2 * common / (key.size() + got.size());
        return Grade.partial(f1, threshold, missing.isEmpty() && surplus.isEmpty()
                ? "as expected"
                : "missing " + missing + ", too much " + surplus);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return Texts.needsScalars(expected);
    }

    private static List<String> split(String answer) {
        Optional<JsonNode> json = JsonAnswer.parse(answer, true);
        if (json.isPresent() && json.get().isArray()) {
            List<String> elements = new ArrayList<>();
            json.get().forEach(element -> elements.add(element.asString("")));
            return elements;
        }
        return SEPARATOR.splitAsStream(answer).map(part -> BULLET.matcher(part).replaceFirst("")).toList();
    }

    private static Set<String> elements(List<String> texts) {
        Set<String> elements = new TreeSet<>();
        for (String text : texts) {
            elements.add(Texts.words(text, " "));
        }
        elements.remove("");
        return elements;
    }
}
