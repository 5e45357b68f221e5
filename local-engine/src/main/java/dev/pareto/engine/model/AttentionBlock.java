package dev.pareto.engine.model;

import java.util.Arrays;

import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.tensor.ComputePool;

/**
 * Grouped-query attention over paged caches: each token looks back on its own sequence up to itself. One piece of work
 * is one token and one head of keys, with all queries that share it.
 */
final class AttentionBlock {

    /** Products below which attention is not worth another thread. */
    private static final long LEAST_TO_SHARE = 1 << 16;

    private final ModelShape shape;
    private final float scale;
    private final ComputePool pool;
    private final Kernels kernels;
    private final float[][] scores;

    AttentionBlock(ModelShape shape, float scale, ComputePool pool, Kernels kernels) {
        this.shape = shape;
        this.scale = scale;
        this.pool = pool;
        this.kernels = kernels;
        this.scores = new float[pool.threads()][0];
    }

    /**
     * @param queries {@code [token][head][keySize]}
     * @param out {@code [token][head][valueSize]}, overwritten
     */
    void run(Batch batch, int layer, float[] queries, float[] out) {
        int pieces = batch.tokens() * shape.kvHeads();
        if (batch.lookBack() * shape.heads() * shape.keySize() < LEAST_TO_SHARE) {
            for (int piece = 0; piece < pieces; piece++) {
                piece(batch, layer, piece, queries, out, 0);
            }
        } else {
            pool.run(pieces, (piece, worker) -> piece(batch, layer, piece, queries, out, worker));
        }
    }

    private void piece(Batch batch, int layer, int piece, float[] queries, float[] out, int worker) {
        int token = piece / shape.kvHeads();
        int kvHead = piece % shape.kvHeads();
        int group = shape.heads() / shape.kvHeads();
        int count = batch.position(token) + 1;
        float[] row = scores(worker, Math.ceilDiv(count, KvCache.PAGE) * KvCache.PAGE);
        for (int g = 0; g < group; g++) {
            int head = token * shape.heads() + kvHead * group + g;
            head(batch.cache(token), layer, kvHead, count, queries, head * shape.keySize(), row, out,
                    head * shape.valueSize());
        }
    }

    private void head(KvCache cache, int layer, int kvHead, int count, float[] queries, int queryAt, float[] row,
            float[] out, int outAt) {
        int keysAt = kvHead * shape.keySize() * KvCache.PAGE;
        for (int from = 0; from < count; from += KvCache.PAGE) {
            kernels.scores(queries, queryAt, shape.keySize(), cache.keyPage(layer, from / KvCache.PAGE), keysAt,
                    KvCache.PAGE, Math.min(KvCache.PAGE, count - from), scale, row, from);
        }
        kernels.softmax(row, 0, count);
        Arrays.fill(out, outAt, outAt + shape.valueSize(), 0);
        int stride = shape.kvHeads() * shape.valueSize();
        for (int from = 0; from < count; from += KvCache.PAGE) {
            kernels.mix(row, from, Math.min(KvCache.PAGE, count - from), cache.valuePage(layer, from / KvCache.PAGE),
                    kvHead * shape.valueSize(), stride, shape.valueSize(), out, outAt);
        }
    }

    private float[] scores(int worker, int size) {
        if (scores[worker].length < size) {
            scores[worker] = new float[Math.max(size, 2 * scores[worker].length)];
        }
        return scores[worker];
    }
}
