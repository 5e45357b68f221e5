package dev.pareto.evals.suite.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.pareto.evals.suite.Grouping;
import dev.pareto.evals.suite.Item;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SuiteCutTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void cutsMaskedDistinctQuestionsWithTheirShares() throws Exception {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            samples.add(tagged("t" + i, "Where is order " + i + "? I am u" + i + "@example.com", "tracking"));
        }
        for (int i = 0; i < 10; i++) {
            samples.add(tagged("r" + i, "Refund number " + i + ", please", "refund"));
        }
        samples.add(tagged("again", "Refund number 1, please", "refund"));
        SuiteCut.Cut cut = new SuiteCut(new CutPlan("support", 40, "tag:intent", 8, "seed"), NOW).write(samples, "live",
                folder.resolve("live"));
        assertThat(cut.seen()).isEqualTo(101);
        assertThat(cut.repeated()).isEqualTo(1);
        assertThat(cut.masked()).containsEntry(PiiMask.Kind.EMAIL, 90);
        assertThat(cut.suite().items()).hasSize(40);
        assertThat(cut.suite().items().stream().filter(item -> "refund".equals(item.stratum()))).as("the floor")
                .hasSize(8);
        assertThat(cut.suite().decision().grouping()).as("weights are the traffic's, not the suite's")
                .isEqualTo(new Grouping.Strata(Map.of("refund", 0.108911, "tracking", 0.891089)));
        assertThat(cut.shares()).containsEntry("refund", new BigDecimal("0.108911"));
        assertThat(Files.readString(folder.resolve("live/items.jsonl"))).contains("[EMAIL_1]")
                .doesNotContain("example.com");
        assertThat(cut.suite().description()).contains("route support on 2026-11-22");
    }

    @Test
    void theSameSamplesAndSeedGiveTheSameVersion() throws Exception {
        List<Sample> samples = SampleStoreTest.samples("a?", "b?", "c?", "d?", "e?");
        CutPlan plan = new CutPlan("support", 3, "none", 0, "s1");
        String version = new SuiteCut(plan, NOW).write(samples, "live", folder.resolve("1")).suite().version();
        assertThat(new SuiteCut(plan, NOW).write(samples.reversed(), "live", folder.resolve("2")).suite().version())
                .isEqualTo(version);
        assertThat(new SuiteCut(new CutPlan("support", 3, "none", 0, "s2"), NOW)
                .write(samples, "live", folder.resolve("3"))
                .suite()
                .items())
                .extracting(Item::id)
                .isNotEqualTo(new SuiteCut(plan, NOW).write(samples, "live", folder.resolve("4"))
                        .suite()
                        .items()
                        .stream()
                        .map(Item::id)
                        .toList());
    }

    @Test
    void refusesWhenThereIsNothingAndNeverOverwrites() throws Exception {
        SuiteCut cut = new SuiteCut(new CutPlan("support", 3, "length", 0, "s"), NOW);
        assertThatThrownBy(() -> cut.write(List.of(), "live", folder.resolve("live")))
                .hasMessageContaining("sample: 1 %");
        cut.write(SampleStoreTest.samples("a?"), "live", folder.resolve("live"));
        assertThatThrownBy(() -> cut.write(SampleStoreTest.samples("b?"), "live", folder.resolve("live")))
                .hasMessageContaining("there is something already");
    }

    @Test
    void sharesOutByLargestRemainders() {
        assertThat(Strata.allocate(new TreeMap<>(Map.of("a", 60, "b", 30, "c", 10)), 10, 0))
                .isEqualTo(Map.of("a", 6, "b", 3, "c", 1));
        assertThat(Strata.allocate(new TreeMap<>(Map.of("a", 97, "b", 2, "c", 1)), 10, 2))
                .isEqualTo(Map.of("a", 7, "b", 2, "c", 1));
        assertThat(Strata.allocate(new TreeMap<>(Map.of("a", 2, "b", 1)), 100, 50)).isEqualTo(Map.of("a", 2, "b", 1));
    }

    private static Sample tagged(String id, String question, String intent) {
        Sample plain = SampleStoreTest.sample(id, "support", question);
        return new Sample(id, plain.at(), plain.route(), plain.messages(), new TreeMap<>(Map.of("intent", intent)));
    }
}
