package dev.pareto.engine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.pareto.engine.EmbeddedModels;
import dev.pareto.engine.LocalEngine;

final class MaskBenchmarkTest {

    /** On the small vocabulary on board: what is followed is every token of every text. */
    @Test
    void measuresEveryGrammarOverTextsThatItMatches(@TempDir Path folder) throws IOException {
        var model = new EmbeddedModels(folder).extract(EmbeddedModels.SUPPORT_DESK);
        var benchmark = new MaskBenchmark(LocalEngine.tokenizerOf(model));

        assertThat(MaskCases.all()).map(which -> benchmark.measure(which, 0)).allSatisfy(cost -> {
            assertThat(cost.warm().nanos()).hasSizeGreaterThan(5 * cost.cold().nanos().length);
            assertThat(cost.warm().micros(0.5)).isPositive().isLessThanOrEqualTo(cost.warm().micros(0.99));
            assertThat(cost.toString()).startsWith("| " + cost.name() + " | " + cost.states() + " | ");
        });
    }
}
