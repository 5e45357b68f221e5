package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.Shared;
import dev.pareto.engine.TokenLogprob;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.tensor.ComputePool;

/** Guesses under real decoders, one of each way to attend: tokens stay, whatever is computed and taken back. */
final class SpeculativeDecoderTest {

    private static final int PROMPT = 50;
    private static final int TOKENS = 60;

    @ParameterizedTest
    @ValueSource(strings = {"llama32-tied-ropefreqs", "yi", "quant-Q4_0", "phi3-longrope-long", "gemma2", "gemma3",
            "gpt-oss-f32", "mpt", "falcon40b", "deepseek-v2", "deepseek-v2-lite-mla", "qwen3moe"})
    void greedyAndSeededAnswersStayTheSameTokenForToken(String name) throws IOException {
        try (var file = GgufFile.open(model(name));
                var pool = new ComputePool(1);
                var decoder = Decoder.load(file, pool, Kernels.scalar())) {
            for (double temperature : new double[]{0, 0.7}) {
                var plain = answer(decoder, null, temperature);
                assertThat(plain.tokens).hasSize(TOKENS);
                var draft = mostlyRight(plain.tokens, decoder.shape().vocabulary());
                var guessed = answer(decoder, draft, temperature);
                assertThat(guessed.tokens).isEqualTo(plain.tokens);
                assertThat(guessed.load.guesses().accepted()).isGreaterThan(TOKENS / 3)
                        .isLessThan(guessed.load.guesses().drafted());
            }
        }
    }

    @Test
    void aModelThatDraftsForItselfIsRightNearlyEachTime() throws IOException {
        try (var file = GgufFile.open(model("quant-Q4_0"));
                var pool = new ComputePool(1);
                var decoder = Decoder.load(file, pool, Kernels.scalar());
                var draft = Decoder.load(file, pool, Kernels.scalar())) {
            var guessed = answer(decoder, new DecoderModel(draft, CacheType.F32), 0);
            assertThat(guessed.tokens).isEqualTo(answer(decoder, null, 0).tokens);
            assertThat(guessed.load.guesses().accepted()).isGreaterThan(TOKENS / 2);
            assertThat(guessed.load.guesses().drafted()).isLessThan(TOKENS);
        }
    }

    private record Told(List<Integer> tokens, EngineLoad load) {}

    /** Knows the answer but for every fifth token. */
    private static FakeModel mostlyRight(List<Integer> answer, int vocabulary) {
        return new FakeModel(history -> {
            int at = history.size() - PROMPT;
            int right = at < answer.size() ? answer.get(at) : 0;
            return at % 5 == 4 ? (right + 1) % vocabulary : right;
        }) {
            @Override
            public int vocabulary() {
                return vocabulary;
            }
        };
    }

    /** Ends of turn are not for random weights to choose. */
    private static Told answer(Decoder decoder, @Nullable BatchModel draft, double temperature) {
        var prompt = new SplittableRandom(3).ints(PROMPT, 0, 256).toArray();
        var sampling = new Sampling(temperature, 0, 1, 0, 1, 0, 0, 0, 5L, Map.of(FakeTokenizer.END, -100f));
        var scheduler = new Scheduler("golden", new DecoderModel(decoder, CacheType.F32),
                draft, new FakeTokenizer(), Bench.settings(2, 2), () -> 0L, () -> 1L, Runnable::run);
        var heard = new Heard();
        var _ = scheduler.submit(
                new GenerationRequest(prompt, TOKENS, sampling, List.of(), 0, Duration.ofHours(1)), heard);
        while (scheduler.runOnce()) {
            assertThat(heard.ends).isLessThan(2);
        }
        assertThat(heard.requireResult().completionTokens()).isEqualTo(TOKENS);
        assertThat(scheduler.load().cacheBytes()).isZero();
        return new Told(heard.logprobs().stream().map(TokenLogprob::token).toList(), scheduler.load());
    }

    private static Path model(String name) {
        var here = Decoder.class.getResource(name + ".gguf");
        return here == null ? Shared.path("golden/" + name + ".gguf") : Path.of(URI.create(here.toString()));
    }
}
