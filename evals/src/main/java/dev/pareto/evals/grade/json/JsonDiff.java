package dev.pareto.evals.grade.json;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.TextGrader;
import dev.pareto.evals.grade.Texts;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/**
 * How much of the key's JSON the answer holds: matching leaves / all leaves of either side. A leaf is a value at its
 * path; equality as {@link JsonFields} has it.
 *
 * @param threshold the share from which it passes
 * @param tolerant whether prose and code fences around the JSON are forgiven
 */
public record JsonDiff(double threshold, boolean tolerant) implements TextGrader {

    private static final JsonEquality EQUALITY = new JsonEquality(false);
    private static final int MOST_SHOWN = 5;
    private static final int MAX_LEAVES = 100_000;

    /** Checks the threshold. */
    public JsonDiff {
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("the threshold " + threshold + " is not within (0, 1]");
        }
    }

    @Override
    public Grade grade(String answer, @Nullable JsonNode expected) {
        if (expected == null) {
            throw new IllegalArgumentException("the item has no JSON in 'expected'");
        }
        Optional<JsonNode> parsed = JsonAnswer.parse(answer, tolerant);
        if (parsed.isEmpty()) {
            return Grade.unreadable("not JSON: " + Texts.shown(answer));
        }
        Map<String, JsonNode> wanted = new TreeMap<>();
        leaves("$", expected, wanted);
        Map<String, JsonNode> got = new TreeMap<>();
        leaves("$", parsed.get(), got);
        Set<String> all = new TreeSet<>(wanted.keySet());
        all.addAll(got.keySet());
        List<String> different = all.stream().filter(path -> !EQUALITY.equal(wanted.get(path), got.get(path))).toList();
        double share = all.isEmpty() ? 1 : 1 - (double) different.size() / all.size();
        return Grade.partial(share, threshold, different.isEmpty()
                ? "as expected"
                : different.size() + " of " + all.size() + " values differ: "
                        + different.subList(0, Math.min(MOST_SHOWN, different.size())));
    }

    @Override
    public @Nullable String problemWith(@Nullable JsonNode expected) {
        return expected == null ? "needs JSON in 'expected'" : null;
    }

    private static void leaves(String path, JsonNode node, Map<String, JsonNode> into) {
        if (into.size() >= MAX_LEAVES) {
            return;
        }
        if (node.isObject() && !node.isEmpty()) {
            node.properties().forEach(entry -> leaves(path + "." + entry.getKey(), entry.getValue(), into));
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                leaves(path + "[" + i + "]", node.get(i), into);
            }
        } else {
            into.put(path, node);
        }
    }
}
