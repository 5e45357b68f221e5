package dev.pareto.engine.model;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.tensor.ComputePool;

/**
 * Scores, softmax and mix over paged caches: each token looks back on its own sequence up to itself, or at all of it
 * where the model also looks ahead. One piece of work is a run of tokens of one sequence and one head of keys, with all
 * queries that share it: they go through a page together, so that it is read and widened once. What comes out for a token
 * depends on nothing but its sequence: what the others of its run see and it does not has a weight of zero.
 */
final class LookBack {

    /** Products below which attention is not worth another thread. */
    private static final long LEAST_TO_SHARE = 1 << 16;
    /** Heads that read a page of latents together at most. */
    private static final int MOST_LATENT_HEADS = 4;
    /** Tokens of a run at most: more would save little of the widening. */
    private static final int MOST_TOKENS = 8;
    /** Scores of a run at most, where it has more than one token: half of a second-level cache of one MiB. */
    private static final long MOST_SCORES = 1 << 17;
    private static final int PAGE = KvPage.TOKENS;

    private final int layer;
    private final Heads heads;
    private final Look look;
    private final float @Nullable [] slopes;
    private final boolean valuesAreKeys;
    private final int group;
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
        int sharing = heads.queries() / heads.keyValues();
        this.group = valuesAreKeys ? divisor(sharing, MOST_LATENT_HEADS) : sharing;
    }

    /** The largest divisor up to a bound. */
    private static int divisor(int number, int most) {
        int divisor = Math.min(number, most);
        while (number % divisor != 0) {
            divisor--;
        }
        return divisor;
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
     * @param queries {@code [token][head][keySize]}, left scaled
     * @param out {@code [token][head][valueSize]}, overwritten
     */
    void run(Batch batch, float[] queries, float[] out) {
        boolean shared = batch.lookBack() * heads.queries() * heads.keySize() >= LEAST_TO_SHARE;
        int threads = shared ? pool.threads() : 1;
        // Shorter runs and smaller groups widen a page more than once: still better than a thread that waits.
        int tokens = mostTokens(batch.longest());
        while (tokens > 1 && pieces(batch, tokens, group) < 2 * threads) {
            tokens /= 2;
        }
        int together = group;
        while (together > 1 && pieces(batch, tokens, together) < threads) {
            together = divisor(together, together - 1);
        }
        var runs = batch.runs(tokens);
        int pieces = (runs.length - 1) * (heads.queries() / together);
        if (shared) {
            int width = together;
            pool.run(pieces, (piece, worker) -> piece(batch, runs, piece, width, queries, out, compute.heads(worker)));
        } else {
            for (int piece = 0; piece < pieces; piece++) {
                piece(batch, runs, piece, together, queries, out, compute.heads(0));
            }
        }
    }

    /** Pieces of work that there are at least. */
    private int pieces(Batch batch, int tokens, int together) {
        return Math.ceilDiv(batch.tokens(), tokens) * (heads.queries() / together);
    }

    private int mostTokens(int longest) {
        return Math.clamp(MOST_SCORES / ((long) group * stride(longest)), 1, MOST_TOKENS);
    }

    /** Floats of a row of scores: whole pages, as the kernel of scores writes them, and a place for the sink. */
    private static int stride(int count) {
        return Math.ceilDiv(count, PAGE) * PAGE + 16;
    }

    /** Where what a token sees ends. */
    private int end(Batch batch, int token) {
        return look.ahead() ? batch.end(token) : batch.position(token) + 1;
    }

    /** Where what a token sees begins. */
    private int first(Batch batch, int token) {
        return look.window() == 0 ? 0 : Math.max(0, end(batch, token) - look.window());
    }

    /** Pieces of one head of keys follow each other, so that what sequences have in common stays in a cache. */
    private void piece(Batch batch, int[] runs, int piece, int together, float[] queries, float[] out,
            HeadScratch scratch) {
        int run = piece % (runs.length - 1);
        int firstHead = piece / (runs.length - 1) * together;
        int from = runs[run];
        int to = runs[run + 1];
        int first = first(batch, from);
        int count = end(batch, to - 1);
        int stride = stride(count);
        var scores = scratch.scores(Math.multiplyExact((to - from) * together, stride));
        score(batch, from, to, firstHead, together, queries, scores, scratch);
        for (int token = from; token < to; token++) {
            int end = end(batch, token);
            int begin = first(batch, token);
            int outAt = (token * heads.queries() + firstHead) * heads.valueSize();
            Arrays.fill(out, outAt, outAt + together * heads.valueSize(), 0);
            for (int head = 0; head < together; head++) {
                int row = ((token - from) * together + head) * stride;
                weigh(firstHead + head, scores, row, batch.position(token), begin, end);
                Arrays.fill(scores, row + first, row + begin, 0);
                Arrays.fill(scores, row + end, row + count, 0);
            }
        }
        if (valuesAreKeys) {
            mixKeys(batch, from, to, firstHead, together, scores, out, scratch);
        } else {
            mix(batch, from, to, firstHead, together, scores, out, scratch);
        }
    }

    private int kvHead(int head) {
        return head / (heads.queries() / heads.keyValues());
    }

    /** The kernels' rows are the heads of one token after the other or, where a piece has one head, all its tokens. */
    private record Rows(int calls, int each, int apart) {

        static Rows of(int tokens, int together, int tokenFloats, int headFloats) {
            return together == 1 ? new Rows(1, tokens, tokenFloats) : new Rows(tokens, together, headFloats);
        }
    }

    /** Fills each row, {@code [token][head]}, with its products with the keys of all positions that the run sees. */
    private void score(Batch batch, int fromToken, int toToken, int firstHead, int together, float[] queries,
            float[] scores, HeadScratch scratch) {
        int size = heads.keySize();
        int tokenFloats = heads.queries() * size;
        int queryAt = fromToken * tokenFloats + firstHead * size;
        for (int token = 0; token < toToken - fromToken; token++) {
            scale(queries, queryAt + token * tokenFloats, together * size);
        }
        var rows = Rows.of(toToken - fromToken, together, tokenFloats, size);
        int count = end(batch, toToken - 1);
        int stride = stride(count);
        int kvHead = kvHead(firstHead);
        var cache = batch.cache(fromToken);
        var room = scratch.page(size * PAGE);
        for (int at = first(batch, fromToken) / PAGE * PAGE; at < count; at += PAGE) {
            int positions = Math.min(PAGE, count - at);
            var page = cache.page(at / PAGE);
            var keys = page.keys(layer, kvHead, size, positions, kernels, room);
            int keysAt = page.keysAt(layer, kvHead);
            for (int call = 0; call < rows.calls; call++) {
                kernels.scores(rows.each, queries, queryAt + call * tokenFloats, rows.apart, size, keys, keysAt, PAGE,
                        positions, scores, call * rows.each * stride + at, stride);
            }
        }
    }

    private void scale(float[] queries, int at, int count) {
        for (int i = at; i < at + count; i++) {
            queries[i] *= look.scale();
        }
    }

    /** Makes weights of one head's scores, which begin at {@code rowAt}. */
    private void weigh(int head, float[] scores, int rowAt, int position, int first, int end) {
        if (look.softCap() > 0) {
            kernels.softCap(scores, rowAt + first, end - first, look.softCap());
        }
        if (slopes != null) {
            float slope = slopes[head];
            for (int p = first; p < end; p++) {
                scores[rowAt + p] -= slope * Math.abs(position - p);
            }
        }
        int all = end;
        var sinks = look.sinks();
        if (sinks != null) {
            // Takes its share of the softmax and then no part in the mix.
            scores[rowAt + all++] = sinks[head];
        }
        kernels.softmax(scores, rowAt + first, all - first);
    }

    private void mix(Batch batch, int fromToken, int toToken, int firstHead, int together, float[] weights, float[] out,
            HeadScratch scratch) {
        int size = heads.valueSize();
        int tokenFloats = heads.queries() * size;
        int outAt = fromToken * tokenFloats + firstHead * size;
        var rows = Rows.of(toToken - fromToken, together, tokenFloats, size);
        int count = end(batch, toToken - 1);
        int stride = stride(count);
        int kvHead = kvHead(firstHead);
        var cache = batch.cache(fromToken);
        var room = scratch.page(size * PAGE);
        for (int at = first(batch, fromToken); at < count; at = (at / PAGE + 1) * PAGE) {
            int column = at % PAGE;
            int positions = Math.min(PAGE - column, count - at);
            var page = cache.page(at / PAGE);
            var values = page.values(layer, kvHead, column, positions, kernels, room);
            int valuesAt = page.valuesAt(layer, kvHead, column);
            for (int call = 0; call < rows.calls; call++) {
                kernels.mix(rows.each, weights, call * rows.each * stride + at, stride, positions, values, valuesAt,
                        size, out, outAt + call * tokenFloats, rows.apart);
            }
        }
    }

    /** The same where keys are values. Each token has its own part of a page: longer sums would be other ones. */
    private void mixKeys(Batch batch, int fromToken, int toToken, int firstHead, int together, float[] weights,
            float[] out, HeadScratch scratch) {
        int size = heads.valueSize();
        int count = end(batch, toToken - 1);
        int stride = stride(count);
        var cache = batch.cache(fromToken);
        var room = scratch.page(size * PAGE);
        for (int at = first(batch, fromToken) / PAGE * PAGE; at < count; at += PAGE) {
            var page = cache.page(at / PAGE);
            var keys = page.keys(layer, 0, size, Math.min(PAGE, count - at), kernels, room);
            int keysAt = page.keysAt(layer, 0);
            for (int token = fromToken; token < toToken; token++) {
                int begin = Math.max(at, first(batch, token));
                int positions = Math.min(at + PAGE, end(batch, token)) - begin;
                for (int head = 0; head < together && positions > 0; head++) {
                    int row = (token - fromToken) * together + head;
                    products(weights, row * stride + begin, positions, keys, keysAt + begin - at, out,
                            (token * heads.queries() + firstHead + head) * size, scratch.fourSums);
                }
            }
        }
    }

    /** In a page of keys the tokens of one dimension lie side by side, so a mix is a product for each dimension. */
    private void products(float[] row, int rowAt, int tokens, float[] page, int pageAt, float[] out, int outAt,
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
