package dev.pareto.engine.model;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.kernel.Kernels;
import dev.pareto.engine.kernel.MatMul;
import dev.pareto.engine.kernel.MatMul.Product;
import dev.pareto.engine.model.Blueprint.Layer;
import dev.pareto.engine.model.Blueprint.Projection;
import dev.pareto.engine.tensor.ComputePool;

/** Runs a {@link Blueprint}: every matrix product treats all tokens of the batch at once, attention each by itself. */
final class TransformerDecoder implements Decoder {

    private static final int MAX_BATCH = 512;
    /** Floats below which a loop is not worth another thread. */
    private static final int LEAST_TO_SHARE = 1 << 15;

    private final Blueprint model;
    private final ModelShape shape;
    private final ComputePool pool;
    private final Kernels kernels;
    private final MatMul matMul;
    private final AttentionBlock attention;
    private @Nullable Workspace workspace;
    private float[] logits = new float[0];

    TransformerDecoder(Blueprint model, ComputePool pool, Kernels kernels, long mostCopyBytes) {
        this.model = model;
        this.shape = model.shape();
        this.pool = pool;
        this.kernels = kernels;
        this.matMul = new MatMul(kernels, pool, mostCopyBytes);
        this.attention = new AttentionBlock(shape, model.attentionScale(), pool, kernels);
    }

    /** The states of all tokens of a batch, {@code [token][...]} each. */
    private static final class Workspace {

        private final int tokens;
        private final float[] state;
        private final float[] normed;
        private final float[] queries;
        private final float[] keys;
        private final float[] values;
        private final float[] attended;
        private final float[] projected;
        private final float[] gate;
        private final float[] up;
        private final float[] cosines;
        private final float[] sines;

        Workspace(ModelShape shape, int pairs, int tokens) {
            this.tokens = tokens;
            this.state = new float[tokens * shape.embedding()];
            this.normed = new float[tokens * shape.embedding()];
            this.queries = new float[tokens * shape.heads() * shape.keySize()];
            this.keys = new float[tokens * shape.kvHeads() * shape.keySize()];
            this.values = new float[tokens * shape.kvHeads() * shape.valueSize()];
            this.attended = new float[tokens * shape.heads() * shape.valueSize()];
            this.projected = new float[tokens * shape.embedding()];
            this.gate = new float[tokens * shape.feedForward()];
            this.up = new float[tokens * shape.feedForward()];
            this.cosines = new float[tokens * pairs];
            this.sines = new float[tokens * pairs];
        }
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
    public KvCache newCache(int capacityTokens) {
        if (capacityTokens < 1 || capacityTokens > shape.contextLength()) {
            throw new IllegalArgumentException(
                    "a cache for " + capacityTokens + " tokens; the model's context has 1 to "
                            + shape.contextLength());
        }
        return new KvCache(shape, capacityTokens);
    }

    @Override
    public Logits forward(List<Slice> slices) {
        var batch = Batch.of(slices, shape, MAX_BATCH);
        var work = run(batch);
        int rows = finalNorm(batch, work);
        int size = Math.multiplyExact(rows, shape.vocabulary());
        if (logits.length < size) {
            logits = new float[size];
        }
        if (rows > 0) {
            matMul.multiply(work.normed, rows, List.of(new Product(model.output(), logits)));
        }
        advance(batch);
        return new Logits(shape.vocabulary(), logits, batch.firstRows());
    }

    @Override
    public float[][] states(List<Slice> slices) {
        var batch = Batch.of(slices, shape, MAX_BATCH);
        var work = run(batch);
        var rows = new float[finalNorm(batch, work)][];
        for (int row = 0; row < rows.length; row++) {
            int from = row * shape.embedding();
            rows[row] = Arrays.copyOfRange(work.normed, from, from + shape.embedding());
        }
        advance(batch);
        return rows;
    }

    /** Everything up to the last norm. */
    private Workspace run(Batch batch) {
        batch.slices().forEach(slice -> slice.cache().reserve(slice.length()));
        var work = workspace(batch.tokens());
        share(batch.tokens(), shape.embedding(), token -> {
            kernels.dequantise(model.embedding().type(), model.embedding().data(),
                    model.embedding().blockOffset(batch.id(token), 0), shape.embedding(), work.state,
                    token * shape.embedding());
            model.rope().angles(batch.position(token), work.cosines, work.sines, token * model.rope().pairs());
        });
        for (int i = 0; i < shape.layers(); i++) {
            attend(batch, i, model.layers().get(i), work);
            feedForward(batch.tokens(), model.layers().get(i), work);
        }
        return work;
    }

    /** Counts the tokens only now, so that a failure leaves every cache as long as it was. */
    private static void advance(Batch batch) {
        batch.slices().forEach(slice -> slice.cache().advance(slice.length()));
    }

    private Workspace workspace(int tokens) {
        var present = workspace;
        if (present == null || present.tokens < tokens) {
            int rounded = Math.min(MAX_BATCH, Integer.highestOneBit(2 * tokens - 1));
            present = new Workspace(shape, model.rope().pairs(), rounded);
            workspace = present;
        }
        return present;
    }

    private void attend(Batch batch, int index, Layer layer, Workspace work) {
        int tokens = batch.tokens();
        var parts = layer.attention();
        norm(tokens, work.state, layer.attentionNorm(), work.normed);
        matMul.multiply(work.normed, tokens, List.of(new Product(parts.query().weight(), work.queries),
                new Product(parts.key().weight(), work.keys), new Product(parts.value().weight(), work.values)));
        bias(tokens, parts.query(), work.queries);
        bias(tokens, parts.key(), work.keys);
        bias(tokens, parts.value(), work.values);
        int keyFloats = shape.kvHeads() * shape.keySize();
        int valueFloats = shape.kvHeads() * shape.valueSize();
        int queryFloats = shape.heads() * shape.keySize();
        share(tokens, queryFloats + 2 * keyFloats, token -> {
            turn(work.queries, token, shape.heads(), work);
            turn(work.keys, token, shape.kvHeads(), work);
            batch.cache(token)
                    .put(index, batch.position(token), work.keys, token * keyFloats, work.values,
                            token * valueFloats);
        });
        attention.run(batch, index, work.queries, work.attended);
        matMul.multiply(work.attended, tokens, List.of(new Product(parts.output().weight(), work.projected)));
        bias(tokens, parts.output(), work.projected);
        addProjected(tokens, work);
    }

    private void turn(float[] vectors, int token, int heads, Workspace work) {
        for (int head = 0; head < heads; head++) {
            model.rope()
                    .turn(vectors, (token * heads + head) * shape.keySize(), work.cosines, work.sines,
                            token * model.rope().pairs());
        }
    }

    private void feedForward(int tokens, Layer layer, Workspace work) {
        var parts = layer.feedForward();
        norm(tokens, work.state, layer.feedForwardNorm(), work.normed);
        matMul.multiply(work.normed, tokens,
                List.of(new Product(parts.gate().weight(), work.gate), new Product(parts.up().weight(), work.up)));
        bias(tokens, parts.gate(), work.gate);
        bias(tokens, parts.up(), work.up);
        int width = shape.feedForward();
        share(tokens, width, token -> kernels.swiGlu(work.gate, work.up, token * width, width));
        matMul.multiply(work.gate, tokens, List.of(new Product(parts.down().weight(), work.projected)));
        bias(tokens, parts.down(), work.projected);
        addProjected(tokens, work);
    }

    /** Norms the states of the tokens that were asked for, row after row, and gives their number. */
    private int finalNorm(Batch batch, Workspace work) {
        var rowTokens = batch.rowTokens();
        int width = shape.embedding();
        share(rowTokens.length, width, row -> kernels.rmsNorm(work.state, rowTokens[row] * width, model.outputNorm(),
                model.epsilon(), work.normed, row * width));
        return rowTokens.length;
    }

    private void norm(int tokens, float[] from, float[] weight, float[] to) {
        share(tokens, weight.length,
                token -> kernels.rmsNorm(from, token * weight.length, weight, model.epsilon(), to,
                        token * weight.length));
    }

    private void bias(int tokens, Projection projection, float[] y) {
        var bias = projection.bias();
        if (bias != null) {
            for (int token = 0; token < tokens; token++) {
                kernels.add(y, token * bias.length, bias, 0, bias.length);
            }
        }
    }

    private void addProjected(int tokens, Workspace work) {
        int width = shape.embedding();
        share(tokens, width, token -> kernels.add(work.state, token * width, work.projected, token * width, width));
    }

    @FunctionalInterface
    private interface PerToken {
        void run(int token);
    }

    /** Runs a step for every token, on several threads if that pays. */
    private void share(int tokens, int floatsEach, PerToken step) {
        if ((long) tokens * floatsEach < LEAST_TO_SHARE) {
            for (int token = 0; token < tokens; token++) {
                step.run(token);
            }
        } else {
            pool.run(tokens, (token, _) -> step.run(token));
        }
    }

    @Override
    public void close() {
        matMul.close();
        workspace = null;
        logits = new float[0];
    }
}
