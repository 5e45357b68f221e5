package dev.pareto.engine.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

import dev.pareto.engine.gguf.GgufWriter;
import dev.pareto.engine.gguf.WeightType;

/**
 * A llama with random weights as a GGUF file that any engine loads: what speed is measured on where no trained weights may
 * be had. The weights' values make no sense, their sizes do: deviations of one over the root of a row's length, norms near
 * one, the output tied to the embedding. Equal shapes and seeds give equal files. From the command line:
 *
 * <pre>
 * mvn -Pbench -pl local-engine clean verify -Dbench=RandomLlama -Dbench.args="Q4_K_M /tmp/r1b-Q4_K_M.gguf"
 * </pre>
 *
 * @param recipe which tensor has which type
 */
public record RandomLlama(Recipe recipe, int vocabulary, int context, int layers, int embedding, int heads, int kvHeads,
        int feedForward) {

    private static final int ALIGNMENT = 32;
    private static final int CHUNK_BYTES = 4 << 20;
    private static final String USAGE = """
                                        usage: RandomLlama Q4_0|Q8_0|Q4_K_M|F16 NEW-FILE.gguf [--vocabulary 128256] [--context 8192] [--layers 16]
                                            [--embedding 2048] [--heads 32] [--kv-heads 8] [--feed-forward 8192] [--seed 1]""";

    /** The mixtures of llama.cpp's quantiser, without its special treatment of embeddings but in Q4_K_M. */
    public enum Recipe {
        /** All matrices. */
        Q4_0(2),
        /** All matrices. */
        Q8_0(7),
        /** Q4_K; Q6_K for the embedding and, in half of the layers, for values and the feed-forward's second half. */
        Q4_K_M(15),
        /** All matrices. */
        F16(1);

        /** {@code general.file_type} of llama.cpp. */
        private final int fileType;

        Recipe(int fileType) {
            this.fileType = fileType;
        }

        WeightType typeOf(String tensor, int layer, int layers) {
            return switch (this) {
                case Q4_0 -> WeightType.Q4_0;
                case Q8_0 -> WeightType.Q8_0;
                case F16 -> WeightType.F16;
                case Q4_K_M -> {
                    boolean finer = tensor.equals("token_embd")
                            || ((tensor.equals("attn_v") || tensor.equals("ffn_down")) && hasMoreBits(layer, layers));
                    yield finer ? WeightType.Q6_K : WeightType.Q4_K;
                }
            };
        }

        /** The first and the last eighth and every third between. */
        private static boolean hasMoreBits(int layer, int layers) {
            return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
        }
    }

    private record Tensor(WeightType type, long columns, long rows) {

        long bytes() {
            return type.bytes(columns * rows);
        }
    }

    /** Checks that heads and blocks come out whole. */
    public RandomLlama {
        if (layers < 1 || kvHeads < 1 || heads % kvHeads != 0 || embedding % (2 * heads) != 0 || feedForward < 1) {
            throw new IllegalArgumentException(layers + " layers of " + embedding + " with " + heads + " heads, "
                    + kvHeads + " of them for keys and values: heads must divide the width evenly, kv-heads the heads");
        }
        int block = recipe.typeOf("attn_q", 0, layers).blockElements();
        if (embedding % block != 0 || feedForward % block != 0) {
            throw new IllegalArgumentException(
                    "rows of " + embedding + " and " + feedForward + "; " + recipe + " needs multiples of " + block);
        }
    }

    /** The shape of Llama 3.2 1B. */
    public static RandomLlama ofOneBillion(Recipe recipe) {
        return new RandomLlama(recipe, 128_256, 8192, 16, 2048, 32, 8, 8192);
    }

    /** Bytes of all weights. */
    public long weightBytes() {
        return tensors().values().stream().mapToLong(Tensor::bytes).sum();
    }

    /** Writes the model to a new file, a few megabytes at a time. */
    public void write(Path path, long seed) throws IOException {
        var tensors = tensors();
        var header = header(tensors);
        var random = new SplittableRandom(seed);
        try (var out = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                var arena = Arena.ofConfined()) {
            write(out, ByteBuffer.wrap(header.pad(ALIGNMENT).toByteArray()));
            var chunk = arena.allocate(CHUNK_BYTES, 64);
            for (var tensor : tensors.values()) {
                var own = random.split();
                int block = tensor.type.blockBytes();
                long most = CHUNK_BYTES / block * (long) block;
                for (long at = 0; at < tensor.bytes(); at += most) {
                    var part = chunk.asSlice(0, Math.min(most, tensor.bytes() - at));
                    if (tensor.type == WeightType.F32) {
                        PlausibleBlocks.norm(part, own);
                    } else {
                        PlausibleBlocks.fill(tensor.type, part, 1 / Math.sqrt((double) tensor.columns), own);
                    }
                    write(out, part.asByteBuffer());
                }
                write(out, ByteBuffer.allocate((int) (padded(tensor.bytes()) - tensor.bytes())));
            }
        }
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    private GgufWriter header(Map<String, Tensor> tensors) {
        var header = GgufWriter.file(tensors.size(), 14 + MadeUpVocabulary.keys())
                .key("general.architecture", "llama")
                .key("general.name", "random " + recipe)
                .uint32("general.file_type", recipe.fileType)
                .uint32("general.quantization_version", 2)
                .uint32("llama.context_length", context)
                .uint32("llama.embedding_length", embedding)
                .uint32("llama.block_count", layers)
                .uint32("llama.attention.head_count", heads)
                .uint32("llama.attention.head_count_kv", kvHeads)
                .uint32("llama.feed_forward_length", feedForward)
                .uint32("llama.vocab_size", vocabulary)
                .uint32("llama.rope.dimension_count", embedding / heads)
                .float32("llama.rope.freq_base", 500_000)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        new MadeUpVocabulary(vocabulary).write(header);
        long offset = 0;
        for (var entry : tensors.entrySet()) {
            var tensor = entry.getValue();
            long[] shape = tensor.rows == 1 ? new long[]{tensor.columns} : new long[]{tensor.columns, tensor.rows};
            header.tensor(entry.getKey(), tensor.type.id(), offset, shape);
            offset += padded(tensor.bytes());
        }
        return header;
    }

    private Map<String, Tensor> tensors() {
        int kv = embedding / heads * kvHeads;
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("token_embd.weight", new Tensor(recipe.typeOf("token_embd", 0, layers), embedding, vocabulary));
        tensors.put("output_norm.weight", new Tensor(WeightType.F32, embedding, 1));
        for (int i = 0; i < layers; i++) {
            String prefix = "blk." + i + ".";
            tensors.put(prefix + "attn_norm.weight", new Tensor(WeightType.F32, embedding, 1));
            put(tensors, i, "attn_q", embedding, embedding);
            put(tensors, i, "attn_k", embedding, kv);
            put(tensors, i, "attn_v", embedding, kv);
            put(tensors, i, "attn_output", embedding, embedding);
            tensors.put(prefix + "ffn_norm.weight", new Tensor(WeightType.F32, embedding, 1));
            put(tensors, i, "ffn_gate", embedding, feedForward);
            put(tensors, i, "ffn_up", embedding, feedForward);
            put(tensors, i, "ffn_down", feedForward, embedding);
        }
        return tensors;
    }

    private void put(Map<String, Tensor> tensors, int layer, String name, int columns, int rows) {
        tensors.put("blk." + layer + "." + name + ".weight",
                new Tensor(recipe.typeOf(name, layer, layers), columns, rows));
    }

    private static long padded(long bytes) {
        return Math.ceilDiv(bytes, (long) ALIGNMENT) * ALIGNMENT;
    }

    /** Writes one file; see the usage. */
    public static void main(String[] args) throws IOException {
        try {
            if (args.length < 2 || args.length % 2 != 0) {
                throw new IllegalArgumentException("a recipe, a file and options with a value each are wanted");
            }
            var path = Path.of(args[1]);
            var options = options(args);
            ToIntFunction<String> value = name -> Objects.requireNonNull(options.get(name), name);
            new RandomLlama(Recipe.valueOf(args[0]), value.applyAsInt("--vocabulary"), value.applyAsInt("--context"),
                    value.applyAsInt("--layers"), value.applyAsInt("--embedding"), value.applyAsInt("--heads"),
                    value.applyAsInt("--kv-heads"), value.applyAsInt("--feed-forward"))
                    .write(path, value.applyAsInt("--seed"));
            System.out.printf("%s: %.1f MB%n", path, Files.size(path) / 1e6);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage() + "\n" + USAGE);
            System.exit(2);
        }
    }

    private static Map<String, Integer> options(String[] args) {
        var model = ofOneBillion(Recipe.F16);
        var options = new LinkedHashMap<String, Integer>();
        options.put("--vocabulary", model.vocabulary);
        options.put("--context", model.context);
        options.put("--layers", model.layers);
        options.put("--embedding", model.embedding);
        options.put("--heads", model.heads);
        options.put("--kv-heads", model.kvHeads);
        options.put("--feed-forward", model.feedForward);
        options.put("--seed", 1);
        for (int i = 2; i < args.length; i += 2) {
            if (options.replace(args[i], Integer.valueOf(args[i + 1])) == null) {
                throw new IllegalArgumentException("there is no option " + args[i]);
            }
        }
        return options;
    }
}
