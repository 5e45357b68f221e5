package dev.pareto.evals.grade.text;

import java.util.Set;
import java.util.stream.Collectors;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;
import dev.pareto.evals.grade.json.JsonAnswer;
import dev.pareto.evals.grade.json.JsonPath;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * The answer must be one label of a closed set. Case, punctuation and spaces do not count ("Card arrival." is
 * card_arrival); an answer that is no label at all is a format failure.
 *
 * @param labels the set; empty when it is not known, and then nothing counts as a format failure
 * @param path where the label stands when the answer is JSON; null when the answer is the label
 */
public record LabelMatch(Set<String> labels, @Nullable JsonPath path) implements TextGrader {

    /** Normalises and copies the labels. */
    public LabelMatch {
        labels = labels.stream().map(LabelMatch::normalised).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        String key = Texts.requireScalar(expected);
        String label = answer;
        if (path != null) {
            JsonNode found = JsonAnswer.parse(answer, false).map(path::find).orElse(null);
            if (found == null || !found.isValueNode()) {
                return Grade.unreadable("no label at " + path + " in " + Texts.shown(answer));
            }
            label = found.asString();
        }
        String normalised = normalised(label);
        if (normalised.equals(normalised(key))) {
            return Grade.right("as expected");
        }
        String reason = "expected " + Texts.shown(key) + ", got " + Texts.shown(label);
        if (normalised.isEmpty() || (!labels.isEmpty() && !labels.contains(normalised))) {
            return Grade.unreadable(reason + ", which is none of the " + labels.size() + " labels");
        }
        return Grade.wrong(reason);
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        String text = Texts.scalar(expected);
        if (text == null) {
            return "needs a label in 'expected'";
        }
        return labels.isEmpty() || labels.contains(normalised(text))
                ? null
                : "expects " + Texts.shown(text) + ", which is not among the grader's labels";
    }

    private static String normalised(String label) {
        return Texts.words(label, "_");
    }
}
