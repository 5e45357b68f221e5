package dev.pareto.evals.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.pareto.evals.grade.text.TextMatch;
import dev.pareto.policies.detect.InputMix;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class InputFeaturesTest {

    @Test
    void aRequestIsItsLengthTheUsersLanguageAndWhetherToolsAreOffered() {
        Map<String, String> features = InputFeatures.of(List.of(Map.of("role", "system", "content", "You are helpful."),
                Map.of("role", "user", "content", List.of(Map.of("type", "text", "text",
                        "Bitte schreibe mir einen Brief an die Bank, in dem ich um einen Kredit bitte.")))),
                true);
        assertThat(features).containsExactlyInAnyOrderEntriesOf(
                Map.of("length", "below 256 characters", "language", "de", "tools", "offered"));
        assertThat(InputFeatures.of(List.of(Map.of("role", "user", "content", "x".repeat(20_000))), false))
                .containsEntry("length", "16384 characters or more")
                .containsEntry("tools", "none");
        assertThat(InputFeatures.of(List.of(), false)).containsEntry("language", "unknown");
    }

    @Test
    void itemsCountByStratumAndAsTheSuiteWeighsThem() {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            items.add(item("b" + i, "billing"));
        }
        items.add(item("r1", "refund"));
        items.add(item("r2", "refund"));
        Map<String, InputMix> plain = InputFeatures.of(suite(items, new Grouping.None()), items);
        assertThat(plain.keySet()).containsExactly("billing", "refund");
        assertThat(plain.values()).extracting(InputMix::n).containsExactly(8.0, 2.0);
        Map<String, InputMix> weighed = InputFeatures.of(
                suite(items, new Grouping.Strata(Map.of("billing", 0.5, "refund", 0.5))), items);
        assertThat(weighed.values()).extracting(InputMix::n).containsExactly(5.0, 5.0);
        assertThat(InputFeatures.of(suite(items, new Grouping.None()), List.of(item("x", null)))).containsOnlyKeys("");
    }

    private static Item item(String id, @Nullable String stratum) {
        return new Item(id, List.of(Map.of("role", "user", "content", "Where is my order, and why is it late?")), null,
                null, stratum, List.of(), List.of("same"));
    }

    private static Suite suite(List<Item> items, Grouping grouping) {
        return new Suite("s", "f".repeat(64), null, "r", Map.of(),
                List.of(new SuiteGrader("same", true, false, new TextMatch(TextMatch.Rule.EXACT))),
                new DecisionPlan(null, 0.05, grouping, 1, null, List.of(), null, List.of()), items);
    }
}
