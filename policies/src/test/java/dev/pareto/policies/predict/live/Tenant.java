package dev.pareto.policies.predict.live;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.accuracy.EncodedPrompt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Traffic with a known truth: a weak model is good at easy questions, and words tell which those are, most of the time. */
final class Tenant {

    static final String ROUTE = "support";
    static final ModelId STRONG = ModelId.parse("openai/gpt-4o");
    static final ModelId WEAK = ModelId.parse("local/qwen3-8b");
    static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private static final List<String> EASY = List.of("reset password", "opening hours", "change address",
            "order status", "copy invoice");
    private static final List<String> HARD = List.of("prove theorem", "derive integral", "debug kernel panic",
            "reconcile ledger currency", "optimise query plan");

    private final RandomGenerator random;
    private int next;

    Tenant(RandomGenerator random) {
        this.random = random;
    }

    /** @param expectedLoss of keeping it with the weak model: how likely the strong one alone is right */
    record Asked(String item, String text, double strong, double weak, double expectedLoss) {

        LabelledItem labelled(LabelSource source, Instant at) {
            return new LabelledItem(item, EncodedPrompt.of(text, null),
                    List.of(new Label(ROUTE, item, STRONG, strong, source, 1, at),
                            new Label(ROUTE, item, WEAK, weak, source, 1, at)));
        }
    }

    Asked ask() {
        boolean hard = random.nextInt(10) < 4;
        List<String> topics = hard ? HARD : EASY;
        String topic = topics.get(random.nextInt(topics.size()));
        String text = "Customer " + random.nextInt(100_000) + " wants to " + topic + " today, case "
                + random.nextInt(1000);
        return new Asked("r" + next++, text, random.nextInt(100) < 93 ? 1 : 0,
                random.nextInt(100) < (hard ? 45 : 91) ? 1 : 0, 0.93 * (hard ? 0.55 : 0.09));
    }

    List<LabelledItem> labels(int count, LabelSource source, Instant from) {
        List<LabelledItem> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(ask().labelled(source, from.plusSeconds(i)));
        }
        return items;
    }
}
