package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.Shared;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.model.LogitsWanted;
import dev.pareto.engine.model.Slice;
import dev.pareto.engine.serve.BatchModel.Output;
import dev.pareto.engine.tensor.ComputePool;

final class DecoderModelTest {

    @Test
    void reservesWhatACacheReallyTakes() throws IOException {
        try (var pool = new ComputePool(1);
                var file = GgufFile.open(Shared.path("weights/stories260K/stories260K-F32.gguf"));
                var decoder = Decoder.load(file, pool)) {
            for (var type : CacheType.values()) {
                var model = new DecoderModel(decoder, type);
                for (int tokens : new int[]{1, 63, 64, 65, 128}) {
                    var cache = decoder.newCache(tokens, type);
                    decoder.forward(List.of(Slice.of(cache, LogitsWanted.NONE, new int[tokens])));
                    assertThat(Math.ceilDiv(tokens, model.pageTokens()) * model.pageBytes()).isEqualTo(cache.bytes());
                }
            }
        }
    }

    @Test
    void aMixedBatchGivesEachSliceItsOwnRows() throws IOException {
        try (var pool = new ComputePool(1);
                var file = GgufFile.open(Shared.path("weights/stories260K/stories260K-F32.gguf"));
                var decoder = Decoder.load(file, pool)) {
            var model = new DecoderModel(decoder, CacheType.F32);
            var alone = row(model.forward(List.of(slice(model, Output.LOGITS, 1, 403, 407))).getFirst(), 0);
            var rows = model
                    .forward(List.of(slice(model, Output.NONE, 1, 5), slice(model, Output.HIDDEN, 407, 261, 378),
                            slice(model, Output.LOGITS, 1, 403, 407), slice(model, Output.HIDDEN, 407)));
            assertThat(rows).extracting(BatchModel.Rows::count).containsExactly(0, 3, 1, 1);
            assertThat(rows).extracting(BatchModel.Rows::width).containsExactly(0, 64, 512, 64);
            // Batches of other sizes add up in another order.
            assertThat(row(rows.get(2), 0)).usingComparatorWithPrecision(1e-3f).containsExactly(alone);
            var state = row(rows.get(1), 0);
            assertThat(row(rows.get(3), 0)).usingComparatorWithPrecision(1e-3f).containsExactly(state);
            assertThat(Math.abs(row(rows.get(1), 1)[0] - state[0])).isGreaterThan(1e-2f);
        }
    }

    @Test
    void warmingUpEndsWhenItGetsNoFasterOrTheTimeIsOver() {
        var model = FakeModel.scrambler();
        long[] nanos = {0};
        model.duringForward = () -> nanos[0] += Duration.ofMillis(10).toNanos();
        int stepsOfARound = 5 + 8;
        // The first round is the best so far; then 400 ms and three rounds of 130 ms bring nothing better.
        assertThat(new WarmUp(model, () -> nanos[0]).run(Duration.ofSeconds(60))).isEqualTo(1 + 4);
        assertThat(model.batches).hasSize(5 * stepsOfARound);
        assertThat(new WarmUp(model, () -> nanos[0]).run(Duration.ofMillis(35))).isOne();
        assertThat(model.batches).hasSize(5 * stepsOfARound + 4);
        assertThat(new WarmUp(model, () -> nanos[0]).run(Duration.ZERO)).isZero();
    }

    private static BatchModel.Slice slice(BatchModel model, Output output, int... tokens) {
        var cache = model.newCache(8);
        cache.add(model.newPage());
        return new BatchModel.Slice(cache, tokens, output);
    }

    private static float[] row(BatchModel.Rows rows, int index) {
        int from = rows.offset() + index * rows.width();
        return Arrays.copyOfRange(rows.values(), from, from + rows.width());
    }
}
