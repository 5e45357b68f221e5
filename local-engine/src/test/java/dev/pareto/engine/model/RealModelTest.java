package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.Shared;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.tensor.ComputePool;

/** A hundred greedy tokens of a small model that was really trained. */
final class RealModelTest {

    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "Q8_0", "Q4_0"})
    void storiesGoOnAsInTheReference(String type) throws IOException {
        var folder = Shared.path("weights/stories260K");
        var golden = Golden.read(folder, "stories260K-" + type);
        var prompt = golden.prompts().getFirst();
        try (var pool = new ComputePool(1);
                var file = GgufFile.open(folder.resolve("stories260K-" + type + ".gguf"));
                var decoder = Decoder.load(file, pool);
                var cache = decoder.newCache(128)) {
            var actual = new ArrayList<Integer>();
            var logits = decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, prompt.tokens())));
            while (actual.size() < prompt.greedy().length) {
                actual.add(logits.argMax(0));
                logits = decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, actual.getLast())));
            }
            assertThat(actual)
                    .containsExactly(Arrays.stream(prompt.greedy()).boxed().toArray(Integer[]::new));
        }
    }
}
