package dev.pareto.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.model.blueprint.Attention;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.Blueprint.Residual;
import dev.pareto.engine.model.blueprint.FeedForward;
import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.tensor.WeightMatrix;

/** Runs a {@link Blueprint}: every matrix product treats all tokens of the batch at once, attention each by itself. */
final class TransformerDecoder implements Decoder {

    static final int MAX_BATCH = 512;
    /** An encoder reads a text at once, so that its length sets the size of every buffer. */
    private static final int MOST_READ_AT_ONCE = 8192;
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
            // Nothing follows what an encoder has read, so each layer may write over the keys of the one before it.
            int place = model.encodes() ? 0 : i;
            ready.add(new ReadyLayer(layer.residual(), ready(place, layer.attention()), ready(layer.feedForward())));
        }
        this.layers = List.copyOf(ready);
        var rows = layers.stream().map(layer -> layer.attention.cacheRow());
        var cacheRows = model.encodes() ? rows.distinct().toList() : rows.toList();
        if (model.encodes() && cacheRows.size() != 1) {
            throw new GgufException(-1, "an encoder whose layers have heads of different sizes is not supported yet");
        }
        this.shape = ModelShape.of(model,
                model.encodes() ? Math.min(MOST_READ_AT_ONCE, model.contextLength()) : model.contextLength(),
                KvLayout.floatsPerToken(cacheRows));
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
    public ReadingShape reading() {
        return ReadingShape.of(model);
    }

    @Override
    public int maxBatch() {
        return model.encodes() ? Math.max(MAX_BATCH, shape.contextLength()) : MAX_BATCH;
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

    private Batch batch(List<Slice> slices) {
        return Batch.of(slices, shape, maxBatch(), model.encodes());
    }

    @Override
    public Logits forward(List<Slice> slices) {
        var output = model.output();
        if (output == null) {
            throw new IllegalStateException("an encoder has states and no logits");
        }
        var batch = batch(slices);
        var normed = finalNorm(batch, run(batch));
        int rows = batch.rowTokens().length;
        int size = Math.multiplyExact(rows, shape.vocabulary());
        if (logits.length < size) {
            logits = new float[size];
        }
        if (rows > 0) {
            compute.project(rows, normed, output.projection(), logits);
            capLogits(output.softCap(), size);
        }
        advance(batch);
        return new Logits(shape.vocabulary(), logits, batch.firstRows());
    }

    private void capLogits(float cap, int size) {
        if (cap > 0) {
            compute.pool().run(Math.ceilDiv(size, CAP_CHUNK), (chunk, _) -> {
                int from = chunk * CAP_CHUNK;
                compute.kernels().softCap(logits, from, Math.min(size - from, CAP_CHUNK), cap);
            });
        }
    }

    @Override
    public float[][] states(List<Slice> slices) {
        var batch = batch(slices);
        var normed = finalNorm(batch, run(batch));
        var rows = new float[batch.rowTokens().length][];
        for (int row = 0; row < rows.length; row++) {
            int from = row * shape.embedding();
            rows[row] = Arrays.copyOfRange(normed, from, from + shape.embedding());
        }
        advance(batch);
        return rows;
    }

    @Override
    public float[] classify(float[] state) {
        var readout = model.readout();
        if (readout.labels() == 0) {
            throw new IllegalStateException("the model has no classifier");
        }
        float[] scores = state;
        var hidden = readout.hidden();
        if (hidden != null) {
            var x = scores;
            scores = new float[hidden.rows()];
            compute.project(1, x, hidden, scores);
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float) Math.tanh(scores[i]);
            }
        }
        var last = readout.scores();
        if (last != null) {
            var x = scores;
            scores = new float[last.rows()];
            compute.project(1, x, last, scores);
        }
        if (readout.shares()) {
            compute.kernels().softmax(scores, 0, scores.length);
        }
        return scores;
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
                case Residual.PostNormed form -> postNormed(batch, layer, form, state, projected);
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
        var segments = embedding.segments();
        if (segments != null) {
            row(segments, Math.min(batch.segment(token), segments.rows() - 1), scratch, at);
            compute.kernels().add(state, at, scratch, at, shape.embedding());
        }
        var norm = embedding.norm();
        if (norm != null) {
            compute.norm(norm, state, at, state, at);
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

    private void postNormed(Batch batch, ReadyLayer layer, Residual.PostNormed form, float[] state,
            float[] projected) {
        int tokens = batch.tokens();
        layer.attention.run(batch, state, projected);
        addProjected(tokens, projected, state);
        compute.norm(tokens, form.afterAttention(), state, state);
        layer.feedForward.run(batch, state, projected);
        addProjected(tokens, projected, state);
        compute.norm(tokens, form.afterFeedForward(), state, state);
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
        var norm = model.outputNorm();
        compute.share(rowTokens.length, width, row -> {
            if (norm == null) {
                System.arraycopy(state, rowTokens[row] * width, normed, row * width, width);
            } else {
                compute.norm(norm, state, rowTokens[row] * width, normed, row * width);
            }
        });
        return normed;
    }

    @Override
    public void close() {
        compute.release();
        logits = new float[0];
    }
}
