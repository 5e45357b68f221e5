package dev.pareto.engine.model;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.tensor.ComputePool;

/**
 * Scores, softmax and mix over paged caches: each token looks back on its own sequence up to itself, or at all of it
 * where the model also looks ahead. One piece of work is one token and one head of keys, with all queries that share it:
 * they go through a page together, so that it is read and widened once. What comes out for a token depends on nothing
 * but its sequence.
 */
final class LookBack {

    /** Products below which attention is not worth another thread. */
    private static final long LEAST_TO_SHARE = 1 << 16;
    /** Heads that read a page of latents together at most, where there are enough of them for all threads. */
    private static final int MOST_TOGETHER = 4;
    private static final int PAGE = KvPage.TOKENS;

    private final int layer;
    private final Heads heads;
    private final Look look;
    private final float @Nullable [] slopes;
    private final boolean valuesAreKeys;
    private final int together;
    private final ComputePool pool;
    private final Kernels kernels;
    private final Compute compute;

    private LookBack(int layer, Heads heads, Look look, float @Nullable [] slopes, boolean valuesAreKeys,
            Compute compute) {
        this.layer = layer;
        this.heads = heads;
        this.look = look;
        this.slopes = slopes;
        this.valuesAreKeys = valuesAreKeys;
        this.pool = compute.pool();
        this.kernels = compute.kernels();
        this.compute = compute;
        this.together = valuesAreKeys ? latentTogether() : heads.queries() / heads.keyValues();
    }

    /** All heads share the one key there is, but a piece for each thread there must be. */
    private int latentTogether() {
        int most = MOST_TOGETHER;
        while (most > 1 && (heads.queries() % most != 0 || heads.queries() / most < 2 * pool.threads())) {
            most /= 2;
        }
        return most;
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
        int pieces = batch.tokens() * (heads.queries() / together);
        if (batch.lookBack() * heads.queries() * heads.keySize() < LEAST_TO_SHARE) {
            for (int piece = 0; piece < pieces; piece++) {
                piece(batch, piece, queries, out, compute.heads(0));
            }
        } else {
            pool.run(pieces, (piece, worker) -> piece(batch, piece, queries, out, compute.heads(worker)));
        }
    }

    private void piece(Batch batch, int piece, float[] queries, float[] out, HeadScratch scratch) {
        int piecesPerToken = heads.queries() / together;
        int token = piece / piecesPerToken;
        int firstHead = piece % piecesPerToken * together;
        int at = token * heads.queries() + firstHead;
        int position = batch.position(token);
        int count = look.ahead() ? batch.end(token) : position + 1;
        int first = look.window() == 0 ? 0 : Math.max(0, count - look.window());
        // Whole pages, as the kernel of scores writes them, and a place for the sink.
        int stride = Math.ceilDiv(count, PAGE) * PAGE + 16;
        var rows = scratch.scores(together * stride);
        score(batch.cache(token), firstHead, first, count, queries, at * heads.keySize(), rows, stride, scratch);
        for (int head = 0; head < together; head++) {
            weigh(firstHead + head, rows, head * stride, position, first, count);
        }
        int outAt = at * heads.valueSize();
        Arrays.fill(out, outAt, outAt + together * heads.valueSize(), 0);
        mix(batch.cache(token), firstHead, first, count, rows, stride, out, outAt, scratch);
    }

    private int kvHead(int head) {
        return head / (heads.queries() / heads.keyValues());
    }

    /** Fills each head's row with its products with the keys of the positions from first to count. */
    private void score(KvCache cache, int firstHead, int first, int count, float[] queries, int queryAt, float[] rows,
            int stride, HeadScratch scratch) {
        int size = heads.keySize();
        int at = kvHead(firstHead) * size * PAGE;
        var room = scratch.page(size * PAGE);
        for (int from = first / PAGE * PAGE; from < count; from += PAGE) {
            var page = cache.page(from / PAGE);
            var keys = page.keys(layer, at, size * PAGE, room);
            int start = page.start(at);
            for (int head = 0; head < together; head++) {
                kernels.scores(queries, queryAt + head * size, size, keys, start, PAGE, Math.min(PAGE, count - from),
                        look.scale(), rows, head * stride + from);
            }
        }
    }

    /** Makes weights of one head's scores, which begin at {@code rowAt}. */
    private void weigh(int head, float[] rows, int rowAt, int position, int first, int count) {
        if (look.softCap() > 0) {
            Compute.softCap(look.softCap(), rows, rowAt + first, rowAt + count);
        }
        if (slopes != null) {
            for (int p = first; p < count; p++) {
                rows[rowAt + p] -= slopes[head] * Math.abs(position - p);
            }
        }
        int end = count;
        var sinks = look.sinks();
        if (sinks != null) {
            // Takes its share of the softmax and then no part in the mix.
            rows[rowAt + end++] = sinks[head];
        }
        kernels.softmax(rows, rowAt + first, end - first);
    }

    private void mix(KvCache cache, int firstHead, int first, int count, float[] rows, int stride, float[] out,
            int outAt, HeadScratch scratch) {
        int size = heads.valueSize();
        int head0 = kvHead(firstHead) * size * PAGE;
        var room = scratch.page(size * PAGE);
        for (int number = first / PAGE; number * PAGE < count; number++) {
            int from = Math.max(first, number * PAGE);
            int tokens = Math.min(count, (number + 1) * PAGE) - from;
            int column = from - number * PAGE;
            var page = cache.page(number);
            int at = valuesAreKeys ? 0 : head0 + column * size;
            var values = valuesAreKeys
                    ? page.keys(layer, at, size * PAGE, room)
                    : page.values(layer, at, tokens * size, room);
            int start = page.start(at);
            for (int head = 0; head < together; head++) {
                int rowAt = head * stride + from;
                int to = outAt + head * size;
                if (valuesAreKeys) {
                    mixKeys(rows, rowAt, tokens, values, start + column, out, to, scratch.fourSums);
                } else {
                    kernels.mix(rows, rowAt, tokens, values, start, size, size, out, to);
                }
            }
        }
    }

    /** In a page of keys the tokens of one dimension lie side by side, so a mix is a product for each dimension. */
    private void mixKeys(float[] row, int rowAt, int tokens, float[] page, int pageAt, float[] out, int outAt,
            float[] fourSums) {
        int d = 0;
        for (; d <= heads.valueSize() - 4; d += 4) {
            kernels.dot4(row, rowAt, page, pageAt + d * PAGE, PAGE, tokens, fourSums);
            for (int i = 0; i < 4; i++) {
                out[outAt + d + i] += fourSums[i];
            }
        }
        for (; d < heads.valueSize(); d++) {
            out[outAt + d] += kernels.dot(row, rowAt, page, pageAt + d * PAGE, tokens);
        }
    }
}
