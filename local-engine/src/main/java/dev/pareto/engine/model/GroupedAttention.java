package dev.pareto.engine.model;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.kernel.MatMul.Product;
import dev.pareto.engine.model.blueprint.Attention.Grouped;
import dev.pareto.engine.model.blueprint.Attention.Heads;
import dev.pareto.engine.model.blueprint.Attention.Inputs;
import dev.pareto.engine.model.blueprint.Norm;
import dev.pareto.engine.model.blueprint.Position;
import dev.pareto.engine.model.blueprint.Projection;
import dev.pareto.engine.model.blueprint.Rope;

/** Runs {@link Grouped} attention. */
final class GroupedAttention implements Block.Attending {

    private final int layer;
    private final Heads heads;
    private final Inputs inputs;
    private final Projection output;
    private final Angles.@Nullable Table angles;
    private final LookBack lookBack;
    private final Compute compute;

    GroupedAttention(int layer, Grouped parts, Angles angles, Compute compute) {
        this.layer = layer;
        this.heads = parts.heads();
        this.inputs = parts.inputs();
        this.output = parts.output();
        this.compute = compute;
        float[] slopes = null;
        Angles.Table table = null;
        switch (parts.position()) {
            case Rope rope -> table = angles.of(rope);
            case Position.Slopes alibi -> slopes = alibi.perHead();
            case Position.Unmarked _ -> {
            }
        }
        this.angles = table;
        this.lookBack = LookBack.onValues(layer, heads, parts.look(), slopes, compute);
    }

    @Override
    public KvLayout.Row cacheRow() {
        return new KvLayout.Row(heads.keyValues(), heads.keySize(), heads.valueSize());
    }

    @Override
    public void run(Batch batch, float[] x, float[] y) {
        int tokens = batch.tokens();
        var work = compute.work();
        var queries = work.queries.of(tokens, inputs.query().rows());
        var keys = work.keys.of(tokens, inputs.key().rows());
        var values = work.values.of(tokens, inputs.value().rows());
        compute.multiply(tokens, x, List.of(new Product(inputs.query().weight(), queries),
                new Product(inputs.key().weight(), keys), new Product(inputs.value().weight(), values)));
        compute.bias(tokens, inputs.query(), queries);
        compute.bias(tokens, inputs.key(), keys);
        compute.bias(tokens, inputs.value(), values);
        int keyFloats = inputs.key().rows();
        int valueFloats = inputs.value().rows();
        compute.share(tokens, inputs.query().rows() + 2L * keyFloats, token -> {
            ready(queries, token, heads.queries(), inputs.queryNorm());
            ready(keys, token, heads.keyValues(), inputs.keyNorm());
            clamp(values, token * valueFloats, valueFloats);
            batch.cache(token)
                    .put(layer, batch.position(token), keys, token * keyFloats, values, token * valueFloats);
        });
        var attended = work.attended.of(tokens, heads.queries() * heads.valueSize());
        lookBack.run(batch, queries, attended);
        compute.project(tokens, attended, output, y);
    }

    /** Clamps, norms and turns a token's queries or keys, as far as the description asks for it. */
    private void ready(float[] vectors, int token, int count, @Nullable Norm norm) {
        int size = heads.keySize();
        int from = token * count * size;
        clamp(vectors, from, count * size);
        for (int at = from; at < from + count * size; at += size) {
            if (norm != null) {
                compute.norm(norm, vectors, at, vectors, at);
            }
            if (angles != null) {
                angles.turn(vectors, at, token);
            }
        }
    }

    private void clamp(float[] values, int from, int count) {
        float bound = inputs.clamp();
        if (bound != Float.POSITIVE_INFINITY) {
            for (int i = from; i < from + count; i++) {
                values[i] = Math.clamp(values[i], -bound, bound);
            }
        }
    }
}
