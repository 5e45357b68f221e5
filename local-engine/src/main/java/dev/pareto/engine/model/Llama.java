package dev.pareto.engine.model;

import java.util.ArrayList;

import dev.pareto.engine.model.Blueprint.Attention;
import dev.pareto.engine.model.Blueprint.FeedForward;
import dev.pareto.engine.model.Blueprint.Layer;
import dev.pareto.engine.model.Blueprint.Projection;

/**
 * The {@code llama} architecture: Llama 2, 3 and 3.1 to 3.3, Yi, Mistral, distillations on them. Grouped-query
 * attention, RMS norms, SwiGLU, neighbouring RoPE pairs, output tied to the embedding where the file has none. Mistral's
 * sliding window is ignored, as in llama.cpp.
 */
final class Llama {

    private Llama() {}

    static Blueprint read(ModelReader in) {
        in.refuseIfPositive("expert_count", "a mixture of experts");
        int embedding = in.size("embedding_length");
        int layers = in.size("block_count");
        int heads = in.size("attention.head_count");
        int kvHeads = in.size("attention.head_count_kv", heads);
        int feedForward = in.size("feed_forward_length");
        if (heads % kvHeads != 0) {
            throw in.metadata().refuse(in.key("attention.head_count_kv"), "should divide the " + heads + " heads");
        }
        if (!in.metadata().contains(in.key("attention.key_length")) && embedding % heads != 0) {
            throw in.metadata().refuse(in.key("attention.head_count"), "should divide the embedding of " + embedding);
        }
        int keySize = in.size("attention.key_length", Math.max(1, embedding / heads));
        int valueSize = in.size("attention.value_length", Math.max(1, embedding / heads));
        int vocabulary = in.rowsOf("token_embd.weight");
        var shape = new ModelShape(in.architecture(), vocabulary, in.size("context_length"), layers, embedding, heads,
                kvHeads, keySize, valueSize, feedForward, in.parameters(), in.weightBytes());

        var token = in.matrix("token_embd.weight", vocabulary, embedding);
        var outputNorm = in.vector("output_norm.weight", embedding);
        var output = in.has("output.weight") ? in.matrix("output.weight", vocabulary, embedding) : token;
        var blocks = new ArrayList<Layer>();
        for (int i = 0; i < layers; i++) {
            blocks.add(layer(in, "blk." + i + ".", shape));
        }
        // After the layers: their tensors have proved the head size by then.
        var rope = RopeReader.read(in, keySize, Rope.Pairing.NEIGHBOURS);
        in.refuseLeftOvers(".attn_rot_embd.weight");
        return new Blueprint(shape, rope, in.positive("attention.layer_norm_rms_epsilon", 1e-5f),
                (float) (1 / Math.sqrt(keySize)), token, blocks, outputNorm, output);
    }

    private static Layer layer(ModelReader in, String prefix, ModelShape shape) {
        int embedding = shape.embedding();
        int queries = in.product(shape.heads(), shape.keySize());
        int keys = in.product(shape.kvHeads(), shape.keySize());
        int values = in.product(shape.kvHeads(), shape.valueSize());
        int results = in.product(shape.heads(), shape.valueSize());
        return new Layer(in.vector(prefix + "attn_norm.weight", embedding),
                new Attention(projection(in, prefix + "attn_q", queries, embedding),
                        projection(in, prefix + "attn_k", keys, embedding),
                        projection(in, prefix + "attn_v", values, embedding),
                        projection(in, prefix + "attn_output", embedding, results)),
                in.vector(prefix + "ffn_norm.weight", embedding),
                new FeedForward(projection(in, prefix + "ffn_gate", shape.feedForward(), embedding),
                        projection(in, prefix + "ffn_up", shape.feedForward(), embedding),
                        projection(in, prefix + "ffn_down", embedding, shape.feedForward())));
    }

    private static Projection projection(ModelReader in, String name, int rows, int columns) {
        return new Projection(in.matrix(name + ".weight", rows, columns), in.findVector(name + ".bias", rows));
    }
}
