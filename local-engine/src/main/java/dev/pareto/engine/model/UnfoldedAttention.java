package dev.pareto.engine.model;

import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Latent;
import dev.pareto.engine.model.blueprint.Attention.Unfolding.Expanded;

/** Runs {@link Latent} attention on files whose matrices are fused: keys and values of all heads are cached. */
final class UnfoldedAttention implements Block.Attending {

    private final int layer;
    private final Latent parts;
    private final Expanded expanded;
    private final LatentInputs inputs;
    private final KvLayout.Row row;
    private final LookBack lookBack;
    private final Compute compute;

    UnfoldedAttention(int layer, Latent parts, Expanded expanded, Angles angles, Compute compute) {
        this.layer = layer;
        this.parts = parts;
        this.expanded = expanded;
        this.inputs = new LatentInputs(parts, angles, compute);
        var heads = new Heads(parts.heads(), parts.heads(), inputs.keySize(), parts.valueSize());
        this.row = new KvLayout.Row(heads.keyValues(), heads.keySize(), heads.valueSize());
        this.lookBack = LookBack.onValues(layer, heads, parts.look(), null, compute);
        this.compute = compute;
    }

    @Override
    public KvLayout.Row cacheRow() {
        return row;
    }

    @Override
    public void run(Batch batch, float[] x, float[] y) {
        int tokens = batch.tokens();
        var work = compute.work();
        var queries = inputs.queries(tokens, x);
        var compressed = inputs.compressed(tokens, x);
        int latent = inputs.latent();
        var latents = work.gathered.of(tokens, latent);
        for (int token = 0; token < tokens; token++) {
            System.arraycopy(compressed, token * inputs.compressed(), latents, token * latent, latent);
        }
        var unfolded = work.queries.of(tokens, expanded.keysAndValues().rows());
        compute.project(tokens, latents, expanded.keysAndValues(), unfolded);
        var keys = work.keys.of(tokens, row.keyFloats());
        var values = work.values.of(tokens, row.valueFloats());
        compute.share(tokens, row.keyFloats(), token -> cache(batch, token, compressed, unfolded, keys, values));
        var attended = work.attended.of(tokens, parts.heads() * parts.valueSize());
        lookBack.run(batch, queries, attended);
        compute.project(tokens, attended, parts.output(), y);
    }

    private void cache(Batch batch, int token, float[] compressed, float[] unfolded, float[] keys, float[] values) {
        int plain = parts.plainSize();
        int keySize = inputs.keySize();
        int valueSize = parts.valueSize();
        for (int head = 0; head < parts.heads(); head++) {
            int at = token * parts.heads() + head;
            int from = at * (plain + valueSize);
            System.arraycopy(unfolded, from, keys, at * keySize, plain);
            System.arraycopy(compressed, token * inputs.compressed() + inputs.latent(), keys, at * keySize + plain,
                    inputs.rotated());
            System.arraycopy(unfolded, from + plain, values, at * valueSize, valueSize);
        }
        batch.cache(token)
                .put(layer, batch.position(token), keys, token * row.keyFloats(), values, token * row.valueFloats());
    }
}
