package dev.pareto.engine.model;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.tensor.ComputePool;

/**
 * Scores, softmax and mix over paged caches: each token looks back on its own sequence up to itself, or at all of it
 * where the model also looks ahead. One piece of work is one token and one head of keys, with all queries that share it.
 */
final class LookBack {

    /** Products below which attention is not worth another thread. */
    private static final long LEAST_TO_SHARE = 1 << 16;
    private static final int PAGE = KvCache.PAGE;

    private final int layer;
    private final Heads heads;
    private final Look look;
    private final float @Nullable [] slopes;
    private final boolean valuesAreKeys;
    private final int queriesPerPiece;
    private final ComputePool pool;
    private final Kernels kernels;
    private final float[][] scores;
    private final float[][] sums;

    private LookBack(int layer, Heads heads, Look look, float @Nullable [] slopes, boolean valuesAreKeys,
            Compute compute) {
        this.layer = layer;
        this.heads = heads;
        this.look = look;
        this.slopes = slopes;
        this.valuesAreKeys = valuesAreKeys;
        this.queriesPerPiece = valuesAreKeys ? 1 : heads.queries() / heads.keyValues();
        this.pool = compute.pool();
        this.kernels = compute.kernels();
        this.scores = new float[pool.threads()][0];
        this.sums = new float[pool.threads()][4];
    }

    /**
     * @param slopes of ALiBi for each head of queries, or null
     */
    static LookBack onValues(int layer, Heads heads, Look look, float @Nullable [] slopes, Compute compute) {
        return new LookBack(layer, heads, look, slopes, false, compute);
    }

    /** For latent caches: a value is the first {@code valueSize} floats of the one key that all heads share. */
    static LookBack onKeys(int layer, Heads heads, Look look, Compute compute) {
        return new LookBack(layer, heads, look, null, true, compute);
    }

    /**
     * @param queries {@code [token][head][keySize]}
     * @param out {@code [token][head][valueSize]}, overwritten
     */
    void run(Batch batch, float[] queries, float[] out) {
        int pieces = batch.tokens() * (heads.queries() / queriesPerPiece);
        if (batch.lookBack() * heads.queries() * heads.keySize() < LEAST_TO_SHARE) {
            for (int piece = 0; piece < pieces; piece++) {
                piece(batch, piece, queries, out, 0);
            }
        } else {
            pool.run(pieces, (piece, worker) -> piece(batch, piece, queries, out, worker));
        }
    }

    private void piece(Batch batch, int piece, float[] queries, float[] out, int worker) {
        int piecesPerToken = heads.queries() / queriesPerPiece;
        int token = piece / piecesPerToken;
        int firstHead = piece % piecesPerToken * queriesPerPiece;
        int position = batch.position(token);
        int count = look.ahead() ? batch.end(token) : position + 1;
        float[] row = scores(worker, Math.ceilDiv(count, PAGE) * PAGE + 1);
        for (int head = firstHead; head < firstHead + queriesPerPiece; head++) {
            int at = token * heads.queries() + head;
            int first = weigh(batch.cache(token), head, position, count, queries, at * heads.keySize(), row);
            mix(batch.cache(token), head, first, count, row, out, at * heads.valueSize(), sums[worker]);
        }
    }

    private int kvHead(int head) {
        return head / (heads.queries() / heads.keyValues());
    }

    /** Fills the row with the weights of the positions from the one that it returns to count. */
    private int weigh(KvCache cache, int head, int position, int count, float[] queries, int queryAt, float[] row) {
        int keysAt = kvHead(head) * heads.keySize() * PAGE;
        int first = look.window() == 0 ? 0 : Math.max(0, count - look.window());
        for (int from = first / PAGE * PAGE; from < count; from += PAGE) {
            kernels.scores(queries, queryAt, heads.keySize(), cache.keyPage(layer, from / PAGE), keysAt, PAGE,
                    Math.min(PAGE, count - from), look.scale(), row, from);
        }
        if (look.softCap() > 0) {
            Compute.softCap(look.softCap(), row, first, count);
        }
        if (slopes != null) {
            for (int p = first; p < count; p++) {
                row[p] -= slopes[head] * Math.abs(position - p);
            }
        }
        int end = count;
        var sinks = look.sinks();
        if (sinks != null) {
            // Takes its share of the softmax and then no part in the mix.
            row[end++] = sinks[head];
        }
        kernels.softmax(row, first, end - first);
        return first;
    }

    private void mix(KvCache cache, int head, int first, int count, float[] row, float[] out, int outAt,
            float[] fourSums) {
        Arrays.fill(out, outAt, outAt + heads.valueSize(), 0);
        for (int page = first / PAGE; page * PAGE < count; page++) {
            int from = Math.max(first, page * PAGE);
            int tokens = Math.min(count, (page + 1) * PAGE) - from;
            if (valuesAreKeys) {
                mixKeys(row, from, tokens, cache.keyPage(layer, page), out, outAt, fourSums);
            } else {
                int stride = heads.keyValues() * heads.valueSize();
                kernels.mix(row, from, tokens, cache.valuePage(layer, page),
                        (from - page * PAGE) * stride + kvHead(head) * heads.valueSize(), stride, heads.valueSize(),
                        out, outAt);
            }
        }
    }

    /** In a page of keys the tokens of one dimension lie side by side, so a mix is a product for each dimension. */
    private void mixKeys(float[] row, int from, int tokens, float[] page, float[] out, int outAt, float[] fourSums) {
        int column = from % PAGE;
        int d = 0;
        for (; d <= heads.valueSize() - 4; d += 4) {
            kernels.dot4(row, from, page, d * PAGE + column, PAGE, tokens, fourSums);
            for (int i = 0; i < 4; i++) {
                out[outAt + d + i] += fourSums[i];
            }
        }
        for (; d < heads.valueSize(); d++) {
            out[outAt + d] += kernels.dot(row, from, page, d * PAGE + column, tokens);
        }
    }

    private float[] scores(int worker, int size) {
        if (scores[worker].length < size) {
            scores[worker] = new float[Math.max(size, 2 * scores[worker].length)];
        }
        return scores[worker];
    }
}
