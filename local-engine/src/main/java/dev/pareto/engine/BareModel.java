package dev.pareto.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.TensorInfo;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.Decoder;
import dev.pareto.engine.model.KvCache;
import dev.pareto.engine.model.LogitsWanted;
import dev.pareto.engine.model.Slice;
import dev.pareto.engine.tensor.ComputePool;

/**
 * A model by itself, with neither tokenizer nor the scheduler that serves requests: for tools that look at logits or
 * measure speed. It computes on the caller's thread and on those of a pool of its own. For one caller at a time.
 */
public final class BareModel implements AutoCloseable {

    private static final long SEED = 1;

    private final String name;
    private final GgufFile file;
    private final ComputePool pool;
    private final Decoder decoder;
    private final long bytes;
    private final LongSupplier nanoTime;

    private BareModel(String name, GgufFile file, ComputePool pool, Decoder decoder, long bytes,
            LongSupplier nanoTime) {
        this.name = name;
        this.file = file;
        this.pool = pool;
        this.decoder = decoder;
        this.bytes = bytes;
        this.nanoTime = nanoTime;
    }

    /**
     * Opens a file. Of the settings only the threads and the memory for copies of weights count.
     *
     * @throws IOException if the file cannot be read
     * @throws EngineException.UnusableModel if it is no model that the engine can run
     */
    public static BareModel open(Path gguf, EngineSettings settings) throws IOException {
        return open(gguf, settings, System::nanoTime);
    }

    static BareModel open(Path gguf, EngineSettings settings, LongSupplier nanoTime) throws IOException {
        var name = ModelDirectory.nameOf(gguf);
        try {
            var file = GgufFile.open(gguf);
            var pool = new ComputePool(settings.threads());
            Decoder decoder = null;
            boolean ready = false;
            try {
                decoder = Decoder.load(file, pool, Kernels.best(), settings.copyBytes());
                var model = new BareModel(name, file, pool, decoder, ServedModel.bytes(file), nanoTime);
                ready = true;
                return model;
            } finally {
                if (!ready) {
                    if (decoder != null) {
                        decoder.close();
                    }
                    pool.close();
                    file.close();
                }
            }
        } catch (GgufException e) {
            throw ServedModel.unusable(gguf, e);
        }
    }

    /** Of the file, as {@link ModelCard#name}. */
    public String name() {
        return name;
    }

    /** As the file names it, such as {@code llama}. */
    public String architecture() {
        return decoder.shape().architecture();
    }

    /** The type most of the weights have, such as {@code Q8_0}. */
    public String weightType() {
        return ServedModel.mainType(file).name();
    }

    /** The weights, counted. */
    public long parameters() {
        return decoder.shape().parameters();
    }

    /** Of the file, or of all parts together. */
    public long bytes() {
        return bytes;
    }

    /** Logits for each position; token ids run from 0 to one less. */
    public int vocabulary() {
        return decoder.shape().vocabulary();
    }

    /** The most tokens at once. */
    public int contextLength() {
        return decoder.shape().contextLength();
    }

    /**
     * Bytes of the file's weights that computing one token reads: all but the rows of other tokens in tables that are only
     * looked up, and of experts only as many as a token uses.
     */
    public long weightBytesPerToken() {
        boolean tied = file.findTensor("output.weight") == null;
        int experts = file.metadata().findInt(architecture() + ".expert_count", 0);
        int used = file.metadata().findInt(architecture() + ".expert_used_count", experts);
        long sum = 0;
        for (var tensor : file.tensors()) {
            sum += switch (tensor.name()) {
                case "token_embd.weight" -> tied ? tensor.bytes() : rowBytes(tensor);
                case "position_embd.weight" -> rowBytes(tensor);
                default ->
                    experts > 0 && tensor.name().contains("_exps.") ? tensor.bytes() / experts * used : tensor.bytes();
            };
        }
        return sum;
    }

    private static long rowBytes(TensorInfo table) {
        return table.type().bytes(table.dimension(0));
    }

    /**
     * The logits of the token after each of these positions, in their order.
     *
     * @param positions 0 to one less than the number of tokens
     * @param context the tokens to make room for, at most as many as the model's context has; models that stretch their
     *            positions for long contexts heed it
     * @throws EngineException.InvalidRequest if a token or a position does not exist, or the model writes no text
     * @throws EngineException.ContextTooLong if the tokens do not fit
     * @throws EngineException.ComputationFailed if a logit is no number
     */
    public float[][] logits(int[] tokens, int[] positions, int context) {
        int room = Math.min(context, contextLength());
        check(tokens, positions, room);
        var wanted = new BitSet(tokens.length);
        for (int position : positions) {
            wanted.set(position);
        }
        var byPosition = new float[tokens.length][];
        try (var cache = decoder.newCache(room)) {
            for (int from = 0; wanted.nextSetBit(from) >= 0; from = cache.length()) {
                int to = Math.min(from + decoder.maxBatch(), wanted.nextSetBit(from) + 1);
                var output = wanted.get(to - 1) ? LogitsWanted.LAST : LogitsWanted.NONE;
                var rows = decoder.forward(List.of(new Slice(cache, tokens, from, to, output)));
                if (output == LogitsWanted.LAST) {
                    byPosition[to - 1] = requireNumbers(rows.copy(0), to - 1);
                }
            }
        }
        var chosen = new float[positions.length][];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = byPosition[positions[i]];
        }
        return chosen;
    }

    private void requireWriter() {
        if (decoder.reading().encodes()) {
            throw new EngineException.InvalidRequest(name + " only reads texts: it has no logits and decodes nothing");
        }
    }

    private void check(int[] tokens, int[] positions, int room) {
        requireWriter();
        if (tokens.length == 0 || positions.length == 0) {
            throw new EngineException.InvalidRequest("at least one token and one position are needed");
        }
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary()) {
                throw new EngineException.InvalidRequest(
                        "token " + token + " does not exist; tokens are 0 to " + (vocabulary() - 1));
            }
        }
        for (int position : positions) {
            if (position < 0 || position >= tokens.length) {
                throw new EngineException.InvalidRequest("position " + position + " is not within the "
                        + tokens.length + " tokens; positions are 0 to " + (tokens.length - 1));
            }
        }
        if (room < 1) {
            throw new EngineException.InvalidRequest("a context of " + room + " tokens; at least one is needed");
        }
        if (tokens.length > room) {
            throw new EngineException.ContextTooLong(tokens.length, room,
                    room == contextLength() ? "the context length of " + name : "the context asked for");
        }
    }

    private float[] requireNumbers(float[] row, int position) {
        for (float logit : row) {
            if (Float.isNaN(logit)) {
                throw new EngineException.ComputationFailed(
                        name + " has logits after position " + position + " that are no numbers", null);
            }
        }
        return row;
    }

    /**
     * How long it takes to read a prompt of made-up tokens, in batches as large as the decoder takes, to the logits after
     * the last.
     *
     * @throws EngineException.ContextTooLong if there are more than {@link #contextLength}
     */
    public Duration prefill(int tokens) {
        var prompt = madeUp(tokens);
        try (var cache = decoder.newCache(tokens)) {
            long before = nanoTime.getAsLong();
            for (int from = 0; from < tokens; from = cache.length()) {
                int to = Math.min(from + decoder.maxBatch(), tokens);
                step(cache, prompt, from, to, to == tokens ? LogitsWanted.LAST : LogitsWanted.NONE);
            }
            return Duration.ofNanos(nanoTime.getAsLong() - before);
        }
    }

    /**
     * How long it takes to compute made-up tokens one by one from an empty cache on, each with its logits.
     *
     * @throws EngineException.ContextTooLong if there are more than {@link #contextLength}
     */
    public Duration decode(int tokens) {
        var text = madeUp(tokens);
        try (var cache = decoder.newCache(tokens)) {
            long before = nanoTime.getAsLong();
            for (int at = 0; at < tokens; at++) {
                step(cache, text, at, at + 1, LogitsWanted.LAST);
            }
            return Duration.ofNanos(nanoTime.getAsLong() - before);
        }
    }

    private void step(KvCache cache, int[] tokens, int from, int to, LogitsWanted wanted) {
        var _ = decoder.forward(List.of(new Slice(cache, tokens, from, to, wanted)));
    }

    private int[] madeUp(int tokens) {
        requireWriter();
        if (tokens < 1) {
            throw new EngineException.InvalidRequest(tokens + " tokens to measure with; at least one is needed");
        }
        if (tokens > contextLength()) {
            throw new EngineException.ContextTooLong(tokens, contextLength(), "the context length of " + name);
        }
        return new SplittableRandom(SEED).ints(tokens, 0, vocabulary()).toArray();
    }

    /** Ends the threads and frees the weights. */
    @Override
    public void close() {
        decoder.close();
        pool.close();
        file.close();
    }
}
