package dev.pareto.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.kernel.MatMul.Product;
import dev.pareto.engine.model.blueprint.Attention;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Blueprint.Residual;
import dev.pareto.engine.model.blueprint.FeedForward;
import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.tensor.WeightMatrix;

/** Runs a {@link Blueprint}: every matrix product treats all tokens of the batch at once, attention each by itself. */
final class TransformerDecoder implements Decoder {

    static final int MAX_BATCH = 512;
    /** Logits that one chunk of capping has. */
    private static final int CAP_CHUNK = 1 << 12;

    private final Blueprint model;
    private final ModelShape shape;
    private final KvLayout layout;
    private final List<ReadyLayer> layers;
    private final Angles angles = new Angles();
    private final Compute compute;
    private float[] logits = new float[0];

    TransformerDecoder(Blueprint model, ComputePool pool, Kernels kernels, long mostCopyBytes) {
        this.model = model;
        this.compute = new Compute(pool, kernels, mostCopyBytes);
        var ready = new ArrayList<ReadyLayer>();
        for (int i = 0; i < model.layers().size(); i++) {
            var layer = model.layers().get(i);
            ready.add(new ReadyLayer(layer.residual(), ready(i, layer.attention()), ready(layer.feedForward())));
        }
        this.layers = List.copyOf(ready);
        var cacheRows = layers.stream().map(layer -> layer.attention.cacheRow()).toList();
        this.shape = ModelShape.of(model, KvLayout.floatsPerToken(cacheRows));
        this.layout = new KvLayout(shape, cacheRows);
    }

    private record ReadyLayer(Residual residual, Block.Attending attention, Block feedForward) {}

    private Block.Attending ready(int layer, Attention attention) {
        return switch (attention) {
            case Attention.Grouped grouped -> new GroupedAttention(layer, grouped, angles, compute);
            case Attention.Latent latent -> switch (latent.unfolding()) {
                case Attention.Unfolding.Absorbed absorbed ->
                    new LatentAttention(layer, latent, absorbed, angles, compute);
                case Attention.Unfolding.Expanded expanded ->
                    new UnfoldedAttention(layer, latent, expanded, angles, compute);
            };
        };
    }

    private Block ready(FeedForward feedForward) {
        return switch (feedForward) {
            case FeedForward.Gated gated ->
                (batch, x, y) -> DenseFeedForward.gated(compute, gated, batch.tokens(), x, y);
            case FeedForward.Plain plain ->
                (batch, x, y) -> DenseFeedForward.plain(compute, plain, batch.tokens(), x, y);
            case FeedForward.Mixture mixture -> new MixtureOfExperts(mixture, compute);
        };
    }

    @Override
    public ModelShape shape() {
        return shape;
    }

    @Override
    public int maxBatch() {
        return MAX_BATCH;
    }

    @Override
    public KvCache newCache(int capacityTokens, @Nullable CacheType ownPages) {
        if (capacityTokens < 1 || capacityTokens > shape.contextLength()) {
            throw new IllegalArgumentException(
                    "a cache for " + capacityTokens + " tokens; the model's context has 1 to "
                            + shape.contextLength());
        }
        return new KvCache(layout, capacityTokens, ownPages);
    }

    @Override
    public KvPage newPage(CacheType type) {
        return layout.newPage(type);
    }

    @Override
    public long pageBytes(CacheType type) {
        return layout.pageBytes(type);
    }

    @Override
    public int variant(int capacityTokens) {
        return angles.variant(capacityTokens);
    }

    @Override
    public Logits forward(List<Slice> slices) {
        var batch = Batch.of(slices, shape, MAX_BATCH);
        var normed = finalNorm(batch, run(batch));
        int rows = batch.rowTokens().length;
        int size = Math.multiplyExact(rows, shape.vocabulary());
        if (logits.length < size) {
            logits = new float[size];
        }
        if (rows > 0) {
            compute.multiply(rows, normed, List.of(new Product(model.output().weights(), logits)));
            capLogits(size);
        }
        advance(batch);
        return new Logits(shape.vocabulary(), logits, batch.firstRows());
    }

    private void capLogits(int size) {
        float cap = model.output().softCap();
        if (cap > 0) {
            compute.pool()
                    .run(Math.ceilDiv(size, CAP_CHUNK), (chunk, _) -> Compute.softCap(cap, logits, chunk * CAP_CHUNK,
                            Math.min(size, (chunk + 1) * CAP_CHUNK)));
        }
    }

    @Override
    public float[][] states(List<Slice> slices) {
        var batch = Batch.of(slices, shape, MAX_BATCH);
        var normed = finalNorm(batch, run(batch));
        var rows = new float[batch.rowTokens().length][];
        for (int row = 0; row < rows.length; row++) {
            int from = row * shape.embedding();
            rows[row] = Arrays.copyOfRange(normed, from, from + shape.embedding());
        }
        advance(batch);
        return rows;
    }

    /** Everything up to the last norm. */
    private float[] run(Batch batch) {
        batch.slices().forEach(slice -> slice.cache().reserve(slice.length()));
        int tokens = batch.tokens();
        int width = shape.embedding();
        var state = compute.work().state.of(tokens, width);
        var normed = compute.work().normed.of(tokens, width);
        var projected = compute.work().projected.of(tokens, width);
        angles.reserve(tokens);
        compute.share(tokens, width, token -> {
            embed(batch, token, state, normed);
            angles.prepare(batch, token);
        });
        for (var layer : layers) {
            switch (layer.residual) {
                case Residual.Sequential form -> sequential(batch, layer, form, state, normed, projected);
                case Residual.Parallel form -> parallel(batch, layer, form, state, normed, projected);
            }
        }
        return state;
    }

    private void embed(Batch batch, int token, float[] state, float[] scratch) {
        int at = token * shape.embedding();
        var embedding = model.embedding();
        row(embedding.tokens(), batch.id(token), state, at);
        if (embedding.scale() != 1) {
            for (int i = at; i < at + shape.embedding(); i++) {
                state[i] *= embedding.scale();
            }
        }
        var positions = embedding.positions();
        if (positions != null) {
            row(positions, batch.position(token), scratch, at);
            compute.kernels().add(state, at, scratch, at, shape.embedding());
        }
    }

    private void row(WeightMatrix table, int row, float[] to, int at) {
        compute.kernels().dequantise(table.type(), table.data(), table.blockOffset(row, 0), table.columns(), to, at);
    }

    private void sequential(Batch batch, ReadyLayer layer, Residual.Sequential form, float[] state, float[] normed,
            float[] projected) {
        int tokens = batch.tokens();
        compute.norm(tokens, form.beforeAttention(), state, normed);
        layer.attention.run(batch, normed, projected);
        var afterAttention = form.afterAttention();
        if (afterAttention != null) {
            compute.norm(tokens, afterAttention, projected, projected);
        }
        addProjected(tokens, projected, state);
        compute.norm(tokens, form.beforeFeedForward(), state, normed);
        layer.feedForward.run(batch, normed, projected);
        var afterFeedForward = form.afterFeedForward();
        if (afterFeedForward != null) {
            compute.norm(tokens, afterFeedForward, projected, projected);
        }
        addProjected(tokens, projected, state);
    }

    private void parallel(Batch batch, ReadyLayer layer, Residual.Parallel form, float[] state, float[] normed,
            float[] projected) {
        int tokens = batch.tokens();
        compute.norm(tokens, form.beforeAttention(), state, normed);
        layer.attention.run(batch, normed, projected);
        var beforeFeedForward = form.beforeFeedForward();
        if (beforeFeedForward != null) {
            compute.norm(tokens, beforeFeedForward, state, normed);
        }
        addProjected(tokens, projected, state);
        layer.feedForward.run(batch, normed, projected);
        addProjected(tokens, projected, state);
    }

    private void addProjected(int tokens, float[] projected, float[] state) {
        int width = shape.embedding();
        compute.share(tokens, width,
                token -> compute.kernels().add(state, token * width, projected, token * width, width));
    }

    /** Counts the tokens only now, so that a failure leaves every cache as long as it was. */
    private static void advance(Batch batch) {
        batch.slices().forEach(slice -> slice.cache().advance(slice.length()));
    }

    /** The states of the tokens that were asked for, normed, row after row. */
    private float[] finalNorm(Batch batch, float[] state) {
        var rowTokens = batch.rowTokens();
        int width = shape.embedding();
        var normed = compute.work().normed.of(batch.tokens(), width);
        compute.share(rowTokens.length, width,
                row -> compute.norm(model.outputNorm(), state, rowTokens[row] * width, normed, row * width));
        return normed;
    }

    @Override
    public void close() {
        compute.release();
        logits = new float[0];
    }
}
