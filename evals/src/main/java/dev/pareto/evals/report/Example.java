package dev.pareto.evals.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.StoredAnswer;
import dev.pareto.evals.suite.Item;

import org.jspecify.annotations.Nullable;

/**
 * One item that went wrong, cut to what fits a page.
 *
 * @param id the item
 * @param stratum its stratum, when it has one
 * @param question the last message
 * @param expected the key as JSON, when there is one
 * @param answer what the model said; null when it said nothing
 * @param otherAnswer what the incumbent said; null when there is none or nothing to compare
 * @param reason the grader's
 */
record Example(String id, @Nullable String stratum, String question, @Nullable String expected,
        @Nullable String answer, @Nullable String otherAnswer, String reason) {

    private static final int LONGEST = 200;

    static Example of(ItemOutcome outcome, @Nullable ItemOutcome other) {
        Item item = outcome.item();
        var expected = item.expected();
        return new Example(item.id(), item.stratum(), cut(String.valueOf(item.messages().getLast().get("content"))),
                expected == null ? null : cut(expected.toString()), text(outcome),
                other == null ? null : text(other), cut(outcome.reason()));
    }

    /** Items that only the incumbent passed, in the order of the run: these are what a swap would lose. */
    static List<Example> lost(Comparison comparison, int most) {
        Map<String, ItemOutcome> incumbents = new HashMap<>();
        comparison.incumbent().outcomes().forEach(outcome -> incumbents.put(outcome.item().id(), outcome));
        List<Example> examples = new ArrayList<>();
        for (ItemOutcome outcome : comparison.candidate().outcomes()) {
            ItemOutcome incumbent = incumbents.get(outcome.item().id());
            if (examples.size() < most && incumbent != null && score(outcome) < score(incumbent)) {
                examples.add(of(outcome, incumbent));
            }
        }
        return examples;
    }

    /** Items that the model did not pass. */
    static List<Example> failed(List<ItemOutcome> outcomes, int most) {
        return outcomes.stream()
                .filter(outcome -> score(outcome) < 1)
                .limit(most)
                .map(outcome -> of(outcome, null))
                .toList();
    }

    private static double score(ItemOutcome outcome) {
        Double score = outcome.score();
        return score == null ? 0 : score;
    }

    private static @Nullable String text(ItemOutcome outcome) {
        StoredAnswer answer = outcome.answer();
        return answer == null ? null : cut(answer.answer().text());
    }

    private static String cut(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
