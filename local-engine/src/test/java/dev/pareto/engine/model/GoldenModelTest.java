package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.Shared;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.tensor.ComputePool;

/** Logits and greedy tokens of tiny models against llama.cpp's, by the pass rule that comes with them. */
final class GoldenModelTest {

    private static ComputePool pool;

    @BeforeAll
    static void start() {
        pool = new ComputePool(2);
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama2-mha", "llama3-ropefreqs", "llama32-tied-ropefreqs", "llama-linear-rope",
            "llama-yarn", "llama-attn-bias", "yi", "mistral-headdim", "r1-distill-llama", "mixtral-moe",
            "qwen2", "r1-distill-qwen", "qwen3", "qwen3moe",
            "phi3-plain", "phi3-longrope-long", "phi3-longrope-short",
            "gemma2", "gemma3", "gemma3-linear-rope",
            "falcon7b", "falcon40b",
            "dbrx",
            "openelm",
            "gpt-oss-f32",
            "deepseek-v2", "deepseek-v3", "deepseek-v3-nogroup",
            "mpt", "gpt2"})
    void logitsAndGreedyTokensOfFloatModelsAreTheReferences(String name) throws IOException {
        assertReference(name, 0.05);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quant-F16", "quant-BF16", "quant-Q8_0", "quant-Q4_0", "quant-Q4_1", "quant-Q5_0",
            "quant-Q5_1", "quant-IQ4_NL", "quant-MXFP4", "quant-Q2_K", "quant-Q3_K", "quant-Q4_K", "quant-Q5_K",
            "quant-Q6_K", "quant-IQ4_XS", "quant-mix-Q4_K_M",
            "quant-mix-moe-Q4_K",
            "gemma2-27b-scale",
            "gpt-oss-mxfp4", "quant-gptoss-q8-mxfp4",
            "deepseek-v2-lite-legacy", "deepseek-v2-lite-mla"})
    void logitsAndGreedyTokensOfQuantisedModelsAreThoseOfTheExactWeights(String name) throws IOException {
        assertReference(name, 0.3);
    }

    /**
     * What few files say and llama.cpp heeds: patterns of windows and bases of their own, other kinds of stretching, groups
     * in any mixture, biases apart, matrices in one, keys left out, layers beyond the next token.
     */
    @ParameterizedTest
    @ValueSource(strings = {"llama-stretches", "llama-groups", "llama-longrope", "phi3-longrope-linear",
            "qwen2-output-bias", "qwen3moe-groups", "gemma2-pattern", "gemma2-27b-uneven", "gemma3-pattern",
            "gpt-oss-pattern", "mpt-positions", "openelm-head-size", "deepseek2-beyond-next", "deepseek2-linear-rope"})
    void rareKeysAndTensorsMeanWhatTheyMeanToTheReference(String name) throws IOException {
        assertReference(name, 0.05);
    }

    /** Without copies activations are never rounded, so the tight bound holds whatever the reference's own distance. */
    private static void assertReference(String name, double margin) throws IOException {
        var folder = folder(name);
        var golden = Golden.read(folder, name);
        for (var kernels : List.of(Kernels.best(), Kernels.scalar())) {
            var rows = run(folder.resolve(name + ".gguf"), golden, kernels, margin);
            double nmse = golden.nmse(rows);
            assertThat(nmse).as("NMSE of %s kernels", kernels.name()).isLessThanOrEqualTo(1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quant-F16", "quant-Q8_0"})
    void interleavedCopiesOfWideWeightsGiveTheSame(String name) throws IOException {
        assertThat(nmseWithCopies(name)).isLessThanOrEqualTo(1e-5);
    }

    /** Single tokens are rounded to bytes before they meet codes of few bits, where the reference rounds all. */
    @ParameterizedTest
    @ValueSource(strings = {"quant-Q4_0", "quant-Q4_K", "quant-Q6_K", "quant-mix-Q4_K_M"})
    void interleavedCopiesOfNarrowWeightsCostATenthOfTheReferencesRounding(String name) throws IOException {
        assertThat(nmseWithCopies(name)).isLessThanOrEqualTo(0.1 * Golden.read(folder(name), name).referenceNmse());
    }

    private static double nmseWithCopies(String name) throws IOException {
        var folder = folder(name);
        var golden = Golden.read(folder, name);
        return golden.nmse(run(folder.resolve(name + ".gguf"), golden, Kernels.withoutMachineCode(), 0.3, 1L << 30));
    }

    /** All vectors are rounded to bytes, as in the reference, so its own distance is the measure; of Q8_0 it is as far to 1 in 80. */
    @ParameterizedTest
    @ValueSource(strings = {"quant-Q8_0", "quant-Q4_0", "quant-Q4_K", "quant-Q6_K", "quant-mix-Q4_K_M",
            "quant-mix-moe-Q4_K", "quant-gptoss-q8-mxfp4"})
    void machineCodeIsAsNearToTheExactWeightsAsTheReferenceIs(String name) throws IOException {
        var kernels = Kernels.best();
        assumeThat(kernels.machineCode()).as(kernels.why()).isNotNull();
        var folder = folder(name);
        var golden = Golden.read(folder, name);
        double nmse = golden.nmse(run(folder.resolve(name + ".gguf"), golden, kernels, 0.3, 1L << 30));
        assertThat(nmse).isPositive().isLessThanOrEqualTo(1.1 * golden.referenceNmse());
    }

    /**
     * One of each way to attend: grouped, windows and caps, sinks, ALiBi, latents absorbed and unfolded. Where a router
     * nearly draws, rounding makes it choose another expert, in the reference with such a cache as well: twice its own
     * distance is allowed to the one model in which ours differ.
     */
    @ParameterizedTest
    @CsvSource({"llama2-mha, 1", "qwen2, 1", "qwen3moe, 1", "mixtral-moe, 1", "dbrx, 1", "phi3-longrope-long, 1",
            "gemma2, 1", "gemma3, 1", "gpt-oss-f32, 1", "mpt, 1", "falcon40b, 1", "deepseek-v2, 1", "deepseek-v3, 1",
            "deepseek-v2-lite-legacy, 1", "deepseek-v2-lite-mla, 2"})
    void halvesInTheCacheCostNoMoreThanTheyCostTheReference(String name, double times) throws IOException {
        var folder = folder(name);
        var golden = Golden.read(folder, name);
        assertThat(golden.halfCacheNmse()).as("what they cost the reference").isPositive();
        for (var kernels : List.of(Kernels.best(), Kernels.scalar())) {
            var floats = run(folder.resolve(name + ".gguf"), golden, kernels, 0.3, 0, CacheType.F32);
            var halves = run(folder.resolve(name + ".gguf"), golden, kernels, 0.3, 0, CacheType.F16);
            assertThat(nmse(halves, floats)).as("NMSE of %s kernels", kernels.name())
                    .isPositive()
                    .isLessThanOrEqualTo(times * golden.halfCacheNmse());
        }
    }

    /**
     * Small errors go through a dense model in proportion, so bytes may be as much farther from floats than halves are as
     * their rounding is coarser: a block's error is at most {@code (most / 127)^2 / 12} with {@code most^2} at most 32
     * times the mean square, a half's {@code 2^-22 / 6} of its square.
     */
    @ParameterizedTest
    @ValueSource(strings = {"llama2-mha", "qwen2", "phi3-longrope-long", "gemma2", "gemma3", "mpt", "falcon40b"})
    void bytesInTheCacheCostWhatTheirRoundingDoes(String name) throws IOException {
        var folder = folder(name);
        var model = folder.resolve(name + ".gguf");
        var golden = Golden.read(folder, name);
        double ratio = 32 / (127.0 * 127 * 12) / (0x1p-22 / 6);
        for (var kernels : List.of(Kernels.best(), Kernels.scalar())) {
            var floats = run(model, golden, kernels, 0.3, 0, CacheType.F32);
            var halves = run(model, golden, kernels, 0.3, 0, CacheType.F16);
            var bytes = run(model, golden, kernels, 0.3, 0, CacheType.Q8_0);
            assertThat(nmse(bytes, floats)).as("NMSE of %s kernels", kernels.name())
                    .isPositive()
                    .isLessThanOrEqualTo(ratio * nmse(halves, floats));
        }
    }

    private static double nmse(List<float[]> actual, List<float[]> expected) {
        double difference = 0;
        double squares = 0;
        for (int row = 0; row < expected.size(); row++) {
            for (int i = 0; i < expected.get(row).length; i++) {
                difference += Math.pow((double) actual.get(row)[i] - expected.get(row)[i], 2);
                squares += Math.pow(expected.get(row)[i], 2);
            }
        }
        return difference / squares;
    }

    /** Some models come with the tests; the others lie beside the repository or are skipped. */
    private static Path folder(String name) {
        var here = GoldenModelTest.class.getResource(name + ".gguf");
        return here == null ? Shared.path("golden") : Path.of(URI.create(here.toString())).resolveSibling("");
    }

    private static List<float[]> run(Path model, Golden golden, Kernels kernels, double margin) throws IOException {
        return run(model, golden, kernels, margin, 0);
    }

    private static List<float[]> run(Path model, Golden golden, Kernels kernels, double margin, long copyBytes)
            throws IOException {
        return run(model, golden, kernels, margin, copyBytes, CacheType.F32);
    }

    private static List<float[]> run(Path model, Golden golden, Kernels kernels, double margin, long copyBytes,
            CacheType cacheType) throws IOException {
        try (var file = GgufFile.open(model);
                var decoder = Decoder.load(file, pool, kernels, copyBytes)) {
            var rows = new ArrayList<float[]>();
            for (var prompt : golden.prompts()) {
                rows.addAll(run(decoder, prompt, margin, cacheType));
            }
            return rows;
        }
    }

    private static List<float[]> run(Decoder decoder, Golden.Prompt prompt, double margin, CacheType cacheType) {
        var rows = new ArrayList<float[]>();
        var predictions = new ArrayList<Integer>();
        try (var cache = decoder.newCache(Math.min(256, decoder.shape().contextLength()), cacheType)) {
            var logits = decoder.forward(List.of(Slice.of(cache, LogitsWanted.ALL, prompt.tokens())));
            for (int row : prompt.rows()) {
                rows.add(logits.copy(row));
            }
            predictions.add(logits.argMax(logits.rows() - 1));
            // The reference's tokens are fed, so that one close call does not spoil the rest.
            for (int token : prompt.greedy()) {
                logits = decoder.forward(List.of(Slice.of(cache, LogitsWanted.LAST, token)));
                predictions.add(logits.argMax(0));
            }
            rows.add(logits.copy(0));
        }
        for (int i = 0; i < prompt.greedy().length; i++) {
            if (prompt.margins()[i] > margin) {
                assertThat(predictions.get(i)).as("greedy token %d of %s", i, Arrays.toString(prompt.greedy()))
                        .isEqualTo(prompt.greedy()[i]);
            }
        }
        return rows;
    }
}
