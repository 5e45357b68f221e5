package dev.pareto.engine.model;

import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Latent;
import dev.pareto.engine.model.blueprint.Attention.Unfolding.Absorbed;

/**
 * Runs {@link Latent} attention in the space of latents: the cache holds one latent and one rotated key a token, each
 * head's query is brought to them and its result back.
 */
final class LatentAttention implements Block.Attending {

    private static final float[] NO_VALUES = new float[0];

    private final int layer;
    private final Latent parts;
    private final Absorbed absorbed;
    private final LatentInputs inputs;
    private final LookBack lookBack;
    private final Compute compute;

    LatentAttention(int layer, Latent parts, Absorbed absorbed, Angles angles, Compute compute) {
        this.layer = layer;
        this.parts = parts;
        this.absorbed = absorbed;
        this.inputs = new LatentInputs(parts, angles, compute);
        this.lookBack = LookBack.onKeys(layer, new Heads(parts.heads(), 1, inputs.compressed(), inputs.latent()),
                parts.look(), compute);
        this.compute = compute;
    }

    @Override
    public KvLayout.Row cacheRow() {
        return new KvLayout.Row(1, inputs.compressed(), 0);
    }

    @Override
    public void run(Batch batch, float[] x, float[] y) {
        int tokens = batch.tokens();
        int heads = parts.heads();
        int width = inputs.compressed();
        int latent = inputs.latent();
        var work = compute.work();
        var kernels = compute.kernels();
        var plain = inputs.queries(tokens, x);
        var compressed = inputs.compressed(tokens, x);
        compute.share(tokens, width, token -> batch.cache(token)
                .put(layer, batch.position(token), compressed, token * width, NO_VALUES, 0));
        var queries = work.queries.of(tokens, heads * width);
        compute.pool().run(tokens * heads, (piece, _) -> {
            int from = piece * inputs.keySize();
            int to = piece * width;
            kernels.matVec(absorbed.keys().get(piece % heads), 0, latent, plain, from, queries, to);
            System.arraycopy(plain, from + parts.plainSize(), queries, to + latent, inputs.rotated());
        });
        var latents = work.values.of(tokens, heads * latent);
        lookBack.run(batch, queries, latents);
        var attended = work.attended.of(tokens, heads * parts.valueSize());
        compute.pool()
                .run(tokens * heads, (piece, _) -> kernels.matVec(absorbed.values().get(piece % heads), 0,
                        parts.valueSize(), latents, piece * latent, attended, piece * parts.valueSize()));
        compute.project(tokens, attended, parts.output(), y);
    }
}
