package dev.pareto.engine.model;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.architecture.Architectures;
import dev.pareto.engine.tensor.ComputePool;

/**
 * A loaded model: weights and forward pass. Nearly all write text token by token; an encoder only reads, each sequence in
 * one slice, and has {@link #states} but no logits. The weights are those of the mapped file, shared and never
 * written. {@link #forward} may be called by one thread at a time.
 */
public interface Decoder extends AutoCloseable {

    /**
     * Loads a model with the fastest kernels.
     *
     * @param file stays open as long as the decoder is used; closing it is the caller's business
     * @param pool threads to compute with; may be shared with other decoders
     * @throws GgufException if the architecture, a weight type or a size is not one that can be run; the message says
     *             which
     */
    static Decoder load(GgufFile file, ComputePool pool) {
        return load(file, pool, Kernels.best());
    }

    /** The same with chosen kernels. */
    static Decoder load(GgufFile file, ComputePool pool, Kernels kernels) {
        return load(file, pool, kernels, 0);
    }

    /**
     * The same with copies of weights in a layout that single tokens are computed faster from, made at the first of them.
     *
     * @param mostCopyBytes that the copies may take, outside the heap; 0 for none
     */
    static Decoder load(GgufFile file, ComputePool pool, Kernels kernels, long mostCopyBytes) {
        return new TransformerDecoder(Architectures.read(file), pool, kernels, mostCopyBytes);
    }

    /** The sizes of the model. */
    ModelShape shape();

    /** How embeddings and scores come out of the model. */
    ReadingShape reading();

    /** The most tokens that one {@link #forward} takes. */
    int maxBatch();

    /**
     * An empty cache for one sequence, of floats.
     *
     * @param capacityTokens 1 to the model's context length; memory is taken as the sequence grows
     */
    default KvCache newCache(int capacityTokens) {
        return newCache(capacityTokens, CacheType.F32);
    }

    /**
     * An empty cache for one sequence.
     *
     * @param capacityTokens 1 to the model's context length
     * @param ownPages how the pages that the cache makes as the sequence grows are stored; null if its owner adds pages
     */
    KvCache newCache(int capacityTokens, @Nullable CacheType ownPages);

    /** A page for a cache whose owner adds them. */
    KvPage newPage(CacheType type);

    /** The memory that a page takes. */
    long pageBytes(CacheType type);

    /**
     * Sequences may share pages only if this is the same for the capacities of their caches: some models (LongRoPE) turn
     * keys otherwise in caches that are to become long.
     */
    int variant(int capacityTokens);

    /**
     * Runs slices of several sequences through the model at once, chunks of prompts and single tokens mixed. Each
     * slice's tokens are appended to its cache when all has gone well; on an exception no cache has changed length.
     *
     * @param batch at least one slice, each with another cache of this decoder; {@link #maxBatch} tokens at most
     * @return rows of logits where they were asked for; valid until the next call
     * @throws IllegalArgumentException if a token id is outside the vocabulary, a cache is full or of another decoder,
     *             or the batch breaks the rules above
     * @throws IllegalStateException if the model is an encoder
     */
    Logits forward(List<Slice> batch);

    /**
     * The same, but gives the final states, after the last norm, in place of the logits: what embeddings of texts are
     * pooled from.
     *
     * @return a row of {@code shape().embedding()} floats for each token asked for, the caller's own
     */
    float[][] states(List<Slice> batch);

    /**
     * What the model's classifier makes of one pooled state.
     *
     * @return {@code reading().labels()} scores
     * @throws IllegalStateException if the model has no classifier
     */
    float[] classify(float[] state);

    /** Gives scratch space and copies of weights back. Caches and the file are closed by their owners. */
    @Override
    void close();
}
