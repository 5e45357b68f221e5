package dev.pareto.engine;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.TensorInfo;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.model.KvPage;
import dev.pareto.engine.residency.Footprint;
import dev.pareto.engine.serve.Scheduler;
import dev.pareto.engine.tensor.ComputePool;

/** How much memory a model takes, told from its file's header. */
final class ModelMemory {

    /** Full contexts kept for later prompts beside each one that runs; more would rarely be found again. */
    private static final int KEPT = 3;
    private static final String EMBEDDING = "token_embd.weight";
    private static final String OUTPUT = "output.weight";

    private ModelMemory() {}

    /** Of a model and of the one that drafts for it, if there is one. */
    static Footprint footprint(GgufFile file, @Nullable GgufFile draft, EngineSettings settings) {
        var alone = footprint(file, settings);
        return draft == null
                ? alone
                : alone.plus(footprint(draft, settings.withCacheBytes(Scheduler.draftCacheBytes(alone.cache()))));
    }

    /** Loads no weights: a decoder maps them and computes nothing before its first batch. */
    private static Footprint footprint(GgufFile file, EngineSettings settings) {
        try (var pool = new ComputePool(1); var decoder = Decoder.load(file, pool)) {
            long weights = file.tensors().stream().mapToLong(TensorInfo::bytes).sum();
            return new Footprint(weights, copies(file, settings), cacheBytes(decoder, settings),
                    scratch(file, decoder, settings));
        }
    }

    /** What an encoder keeps is gone after the step, so there is nothing to save. */
    static CacheType cacheType(Decoder decoder, EngineSettings settings) {
        return decoder.reading().encodes() ? CacheType.F32 : settings.cacheType();
    }

    /** As much as the settings allow, but no more than full contexts of all answers at once and some to keep can use. */
    static long cacheBytes(Decoder decoder, EngineSettings settings) {
        long pages = Math.ceilDiv(decoder.shape().contextLength(), KvPage.TOKENS) * (long) settings.maxSequences();
        long useful = pages * decoder.pageBytes(cacheType(decoder, settings));
        return Math.min(settings.cacheBytes(), decoder.reading().encodes() ? useful : useful * (1 + KEPT));
    }

    private static long copies(GgufFile file, EngineSettings settings) {
        var kernels = Kernels.best();
        boolean tied = file.findTensor(OUTPUT) == null;
        long bytes = file.tensors()
                .stream()
                .filter(tensor -> tensor.shape().size() > 1)
                .filter(tensor -> tied || !tensor.name().equals(EMBEDDING)) // looked up only
                .mapToLong(tensor -> kernels.copyBytes(tensor.type(), tensor.dimension(1), tensor.dimension(0))
                        * tensor.dimension(2))
                .sum();
        return Math.min(settings.copyBytes(), bytes);
    }

    /** Buffers between steps for the largest batch there can be, logits, and scores of attention; rather too much. */
    private static long scratch(GgufFile file, Decoder decoder, EngineSettings settings) {
        var shape = decoder.shape();
        long tokens = decoder.reading().encodes()
                ? decoder.maxBatch()
                : Math.min(decoder.maxBatch(),
                        Long.highestOneBit(2L * settings.prefillChunk() + 2L * settings.maxSequences() - 1));
        long width = shape.embedding();
        long attention = widest(file, "attn_");
        long feedForward = widest(file, "ffn_");
        long perToken = 6 * width + 5 * attention + 3 * feedForward;
        long perAnswer = 3L * shape.vocabulary();
        return Float.BYTES * (tokens * perToken + settings.maxSequences() * perAnswer
                + (long) settings.threads() * 4 * shape.contextLength());
    }

    private static long widest(GgufFile file, String part) {
        return file.tensors()
                .stream()
                .filter(tensor -> tensor.name().contains(part) && tensor.shape().size() > 1)
                .mapToLong(tensor -> tensor.dimension(1))
                .max()
                .orElse(0);
    }
}
