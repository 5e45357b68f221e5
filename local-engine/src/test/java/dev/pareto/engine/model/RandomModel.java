package dev.pareto.engine.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.SplittableRandom;

import dev.pareto.engine.gguf.GgufWriter;
import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.RandomWeights;

/**
 * A llama model with random weights of one type, for benchmarks and tests.
 *
 * @param type of all matrices; norms are floats
 */
public record RandomModel(WeightType type, int vocabulary, int context, int layers, int embedding, int heads,
        int kvHeads, int feedForward) {

    private static final int ALIGNMENT = 32;

    /** Writes the model to a new file. */
    public void write(Path path) throws IOException {
        var shapes = shapes();
        var header = GgufWriter.file(shapes.size(), 8)
                .key("general.architecture", "llama")
                .uint32("llama.context_length", context)
                .uint32("llama.embedding_length", embedding)
                .uint32("llama.block_count", layers)
                .uint32("llama.attention.head_count", heads)
                .uint32("llama.attention.head_count_kv", kvHeads)
                .uint32("llama.feed_forward_length", feedForward)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        long offset = 0;
        for (var entry : shapes.entrySet()) {
            var tensorType = typeOf(entry.getValue());
            header.tensor(entry.getKey(), tensorType.id(), offset, entry.getValue());
            offset += padded(tensorType.bytes(elements(entry.getValue())));
        }
        var random = new SplittableRandom(1);
        try (var out = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(header.pad(ALIGNMENT).toByteArray()));
            for (var shape : shapes.values()) {
                try (var arena = Arena.ofConfined()) {
                    var data = RandomWeights.of(typeOf(shape), elements(shape), random, arena);
                    out.write(data.asByteBuffer());
                    out.write(ByteBuffer.allocate((int) (padded(data.byteSize()) - data.byteSize())));
                }
            }
        }
    }

    private LinkedHashMap<String, long[]> shapes() {
        int kv = embedding / heads * kvHeads;
        var shapes = new LinkedHashMap<String, long[]>();
        shapes.put("token_embd.weight", new long[]{embedding, vocabulary});
        shapes.put("output_norm.weight", new long[]{embedding});
        for (int i = 0; i < layers; i++) {
            String prefix = "blk." + i + ".";
            shapes.put(prefix + "attn_norm.weight", new long[]{embedding});
            shapes.put(prefix + "attn_q.weight", new long[]{embedding, embedding});
            shapes.put(prefix + "attn_k.weight", new long[]{embedding, kv});
            shapes.put(prefix + "attn_v.weight", new long[]{embedding, kv});
            shapes.put(prefix + "attn_output.weight", new long[]{embedding, embedding});
            shapes.put(prefix + "ffn_norm.weight", new long[]{embedding});
            shapes.put(prefix + "ffn_gate.weight", new long[]{embedding, feedForward});
            shapes.put(prefix + "ffn_up.weight", new long[]{embedding, feedForward});
            shapes.put(prefix + "ffn_down.weight", new long[]{feedForward, embedding});
        }
        return shapes;
    }

    private WeightType typeOf(long[] shape) {
        return shape.length == 1 ? WeightType.F32 : type;
    }

    private static long elements(long[] shape) {
        return shape.length == 1 ? shape[0] : shape[0] * shape[1];
    }

    private static long padded(long bytes) {
        return Math.ceilDiv(bytes, (long) ALIGNMENT) * ALIGNMENT;
    }
}
