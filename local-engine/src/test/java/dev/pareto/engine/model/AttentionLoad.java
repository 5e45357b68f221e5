package dev.pareto.engine.model;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Look;
import dev.pareto.engine.tensor.ComputePool;

/** Attention without anything around it, for benchmarks: tokens of one sequence look back in some layers. */
public final class AttentionLoad {

    private final List<LookBack> layers;
    private final KvCache cache;
    private final Batch batch;
    private final float[] queries;
    private final float[] scratch;
    private final float[] out;

    /**
     * @param context tokens of the sequence, those that are computed included
     * @param tokens computed at once, the last of the context
     * @param layerCount each with its own keys and values, so that they do not stay in a cache of the CPU
     */
    public AttentionLoad(int queryHeads, int keyValueHeads, int size, int layerCount, CacheType type, int context,
            int tokens, ComputePool pool, Kernels kernels) {
        var heads = new Heads(queryHeads, keyValueHeads, size, size);
        var rows = new KvLayout.Row[layerCount];
        Arrays.fill(rows, new KvLayout.Row(keyValueHeads, size, size));
        var shape = new ModelShape("attention", 1, context, layerCount, queryHeads * size,
                KvLayout.floatsPerToken(List.of(rows)), 0, 0);
        var random = new SplittableRandom(1);
        cache = new KvCache(new KvLayout(shape, List.of(rows)), context, type);
        cache.reserve(context);
        for (int token = 0; token < context; token++) {
            var key = floats(random, keyValueHeads * size);
            var value = floats(random, keyValueHeads * size);
            for (int layer = 0; layer < layerCount; layer++) {
                cache.put(layer, token, key, 0, value, 0);
            }
        }
        cache.advance(context - tokens);
        var compute = new Compute(pool, kernels, 0);
        var made = new LookBack[layerCount];
        Arrays.setAll(made,
                layer -> LookBack.onValues(layer, heads, Look.scaled(heads.usualScale()), null, compute));
        layers = List.of(made);
        batch = Batch.of(List.of(Slice.of(cache, LogitsWanted.NONE, new int[tokens])), shape, tokens, false);
        queries = floats(random, tokens * queryHeads * size);
        scratch = new float[queries.length];
        out = new float[queries.length];
    }

    private static float[] floats(SplittableRandom random, int count) {
        var out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }

    /** Bytes of keys and values. */
    public long cacheBytes() {
        return cache.bytes();
    }

    /** One step of all layers. */
    public float[] run() {
        for (var layer : layers) {
            // Attention scales its queries where they are.
            System.arraycopy(queries, 0, scratch, 0, queries.length);
            layer.run(batch, scratch, out);
        }
        return out;
    }
}
