package dev.pareto.engine.model.blueprint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.Metadata;
import dev.pareto.engine.gguf.TensorInfo;
import dev.pareto.engine.model.blueprint.Blueprint.Embedding;
import dev.pareto.engine.model.blueprint.Blueprint.Layer;
import dev.pareto.engine.model.blueprint.Blueprint.Output;
import dev.pareto.engine.tensor.Blocks;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * Reads the sizes and weights of a model while checking each against what the architecture expects: sizes lie in sane
 * bounds, tensors have the expected shape and a type that can be computed with, and no tensor is left over, because a
 * weight that is ignored makes a model that answers wrongly instead of not at all. All refusals are
 * {@link GgufException}s that name the key or the tensor. Used by one thread.
 */
public final class ModelReader {

    private static final int MOST_SIZE = 1 << 24;
    /** Tensors that old converters wrote and that say nothing. */
    private static final List<String> SUPERFLUOUS = List.of(".attn_rot_embd.weight", ".rotary_emb.inv_freq");

    private static final Pattern LAYER = Pattern.compile("blk\\.(\\d{1,6})\\.");

    private final GgufFile file;
    private final String architecture;
    private final Set<String> used = new HashSet<>();
    private final Map<String, int[]> perLayer = new HashMap<>();

    /** Reads this file's keys {@code architecture.…} and its tensors. */
    public ModelReader(GgufFile file, String architecture) {
        this.file = file;
        this.architecture = architecture;
    }

    /** The key-value pairs of the file. */
    public Metadata metadata() {
        return file.metadata();
    }

    /** The full name of a key of the architecture. */
    public String key(String name) {
        return architecture + "." + name;
    }

    /** What to throw where the value of a key of the architecture does not do. */
    public GgufException refuse(String name, String reason) {
        return metadata().refuse(key(name), reason);
    }

    /** A size that must be there, 1 to 2^24. */
    public int size(String name) {
        return checked(name, metadata().requireInt(key(name)));
    }

    /** A size with a default. */
    public int size(String name, int otherwise) {
        return checked(name, metadata().findInt(key(name), otherwise));
    }

    /** A size of one layer: the key holds one number for all layers or an array with one for each. */
    int size(String name, int layer, @Nullable Integer otherwise) {
        if (!metadata().isArray(key(name))) {
            return otherwise == null ? size(name) : size(name, otherwise);
        }
        return checked(name, perLayer(name)[layer]);
    }

    /** An array with one integer, or truth value as 0 or 1, for each layer. */
    int[] perLayer(String name) {
        var sizes = perLayer.computeIfAbsent(name, _ -> metadata().requireInts(key(name)));
        if (sizes.length != size("block_count")) {
            throw refuse(name, "should have one element for each of the " + size("block_count") + " layers");
        }
        return sizes;
    }

    private int checked(String name, int value) {
        if (value < 1 || value > MOST_SIZE) {
            throw refuse(name, "should be from 1 to " + MOST_SIZE);
        }
        return value;
    }

    /** The rows of a projection to so many heads, 2^24 at most. */
    public int product(int heads, int headSize) {
        long product = (long) heads * headSize;
        if (product > MOST_SIZE) {
            throw refuse("attention.head_count", "with heads of " + headSize + " makes vectors longer than "
                    + MOST_SIZE);
        }
        return (int) product;
    }

    /** A positive, finite number with a default. */
    public float positive(String name, float otherwise) {
        float value = metadata().findFloat(key(name), otherwise);
        if (!(value > 0) || Float.isInfinite(value)) {
            throw refuse(name, "should be a positive number");
        }
        return value;
    }

    /** A positive, finite number, or 0 where the key is missing or 0: a cap that is off. */
    public float positiveOrOff(String name) {
        return positiveOrOff(name, 0);
    }

    /** The same with a default for a missing key. */
    public float positiveOrOff(String name, float otherwise) {
        return metadata().findFloat(key(name), otherwise) == 0 ? 0 : positive(name, otherwise);
    }

    /** Whether the file has a tensor of this name. */
    public boolean has(String name) {
        return file.findTensor(name) != null;
    }

    /** A matrix of exactly this shape. */
    public WeightMatrix matrix(String name, int rows, int columns) {
        var tensor = use(file.requireTensor(name), List.of((long) columns, (long) rows));
        return new WeightMatrix(name, tensor.type(), rows, columns, file.data(tensor));
    }

    /** Matrices of the same shape that lie one after the other in one tensor. */
    List<WeightMatrix> matrices(String name, int count, int rows, int columns) {
        var tensor = use(file.requireTensor(name), List.of((long) columns, (long) rows, (long) count));
        var data = file.data(tensor);
        var matrices = new ArrayList<WeightMatrix>();
        for (int i = 0; i < count; i++) {
            matrices.add(WeightMatrix.expert(name, tensor.type(), rows, columns, data, i));
        }
        return matrices;
    }

    /** A vector of exactly this length, as floats. */
    float[] vector(String name, int length) {
        return floats(file.requireTensor(name), length, 1);
    }

    /** A vector of exactly this length as floats, or null. */
    float @Nullable [] findVector(String name, int length) {
        return findVectors(name, 1, length);
    }

    /** Vectors of the same length, end to end as floats, or null. */
    float @Nullable [] findVectors(String name, int count, int length) {
        var tensor = file.findTensor(name);
        return tensor == null ? null : floats(tensor, length, count);
    }

    private float[] floats(TensorInfo tensor, int length, int count) {
        use(tensor, count == 1 ? List.of((long) length) : List.of((long) length, (long) count));
        var out = new float[Math.multiplyExact(length, count)];
        Blocks.dequantise(tensor.type(), file.data(tensor), 0, out.length, out, 0);
        return out;
    }

    private TensorInfo use(TensorInfo tensor, List<Long> shape) {
        if (!trimmed(tensor.shape()).equals(trimmed(shape))) {
            throw refuse(tensor, "should have the shape " + shape);
        }
        if (!Blocks.supports(tensor.type())) {
            throw refuse(tensor, "has weight type " + tensor.type() + " (" + tensor.type().id()
                    + "), which is not supported yet");
        }
        used.add(tensor.name());
        return tensor;
    }

    /** Writers leave out lengths of 1 at the end. */
    private static List<Long> trimmed(List<Long> shape) {
        int end = shape.size();
        while (end > 1 && shape.get(end - 1) == 1) {
            end--;
        }
        return shape.subList(0, end);
    }

    private static GgufException refuse(TensorInfo tensor, String reason) {
        return new GgufException(tensor.offset(), tensor.describe() + " " + reason);
    }

    /** The layers, each read by the same description. */
    public List<Layer> layers(Function<LayerReader, Layer> description) {
        int count = layerCount();
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < count; i++) {
            layers.add(description.apply(new LayerReader(this, i)));
        }
        return layers;
    }

    /** Layers at the end that predict tokens beyond the next are left out. */
    private int layerCount() {
        int all = size("block_count");
        int beyondNext = metadata().findInt(key("nextn_predict_layers"), 0);
        if (beyondNext < 0 || beyondNext >= all) {
            throw refuse("nextn_predict_layers", "should be less than the " + all + " layers");
        }
        return all - beyondNext;
    }

    /** Whether a tensor belongs to none of the layers that are run. */
    private boolean leftOut(String tensor, int layers) {
        var layer = LAYER.matcher(tensor);
        return SUPERFLUOUS.stream().anyMatch(tensor::endsWith)
                || (layer.lookingAt() && Integer.parseInt(layer.group(1)) >= layers
                        && Integer.parseInt(layer.group(1)) < size("block_count"));
    }

    /** The embedding of tokens. */
    public Embedding embedding() {
        return new Embedding(matrix("token_embd.weight", vocabulary(), size("embedding_length")));
    }

    /** An RMS norm of the state. */
    public Norm rms(String name) {
        return rms(name, size("embedding_length"));
    }

    Norm rms(String name, int length) {
        return new Norm.Rms(vector(name + ".weight", length), positive("attention.layer_norm_rms_epsilon", 1e-5f));
    }

    /** A layer norm of the state, with a bias if the file has one. */
    public Norm centred(String name) {
        int length = size("embedding_length");
        return new Norm.Centred(vector(name + ".weight", length), findVector(name + ".bias", length),
                positive("attention.layer_norm_epsilon", 1e-5f));
    }

    /** The output, tied to the embedding where the file has none. */
    public Output output() {
        int vocabulary = vocabulary();
        var weights = matrix(has("output.weight") ? "output.weight" : "token_embd.weight", vocabulary,
                size("embedding_length"));
        return new Output(new Projection(weights, findVector("output.bias", vocabulary)), 0);
    }

    private int vocabulary() {
        return rows("token_embd.weight");
    }

    /** The rows of a matrix that must be there, 2^24 at most. */
    private int rows(String name) {
        var tensor = file.requireTensor(name);
        long rows = tensor.dimension(1);
        if (rows > MOST_SIZE) {
            throw refuse(tensor, "has more than " + MOST_SIZE + " rows");
        }
        return Math.toIntExact(rows);
    }

    /** The embedding of an encoder's tokens: with {@code token_types}, if the file has them, and a norm. */
    public Embedding encoderEmbedding() {
        var plain = embedding().normed(centred("token_embd_norm"));
        String types = "token_types.weight";
        return has(types) ? plain.segmented(matrix(types, rows(types), size("embedding_length"))) : plain;
    }

    private Readout readout() {
        int id = metadata().findInt(key("pooling_type"), Readout.UNSAID);
        var pooling = Pooling.of(id);
        if (pooling == null && id != Readout.UNSAID) {
            throw refuse("pooling_type", "should be from 0 to " + (Pooling.values().length - 1));
        }
        int width = size("embedding_length");
        var hidden = has("cls.weight") ? projection("cls", width) : null;
        var scores = has("cls.output.weight")
                ? projection("cls.output", hidden == null ? width : hidden.rows())
                : null;
        return new Readout(pooling, hidden, scores, false);
    }

    private Projection projection(String name, int columns) {
        int rows = rows(name + ".weight");
        return new Projection(matrix(name + ".weight", rows, columns), findVector(name + ".bias", rows));
    }

    /** A whole model that writes, once all its tensors have been read; refuses a tensor that nothing asked for. */
    public Blueprint blueprint(List<Layer> layers, Embedding embedding, Norm outputNorm, Output output) {
        if (!metadata().findBool(key("attention.causal"), true)) {
            throw refuse("attention.causal", "is false, which is not supported in this architecture yet");
        }
        return whole(layers, embedding, outputNorm, output);
    }

    /** A whole encoder, likewise. */
    public Blueprint encoder(List<Layer> layers, Embedding embedding) {
        if (metadata().findBool(key("attention.causal"), false)) {
            throw refuse("attention.causal", "is true, which no encoder can be");
        }
        return whole(layers, embedding, null, null);
    }

    private Blueprint whole(List<Layer> layers, Embedding embedding, @Nullable Norm outputNorm,
            @Nullable Output output) {
        var readout = readout();
        for (var tensor : file.tensors()) {
            if (!used.contains(tensor.name()) && !leftOut(tensor.name(), layers.size())) {
                throw refuse(tensor, "is no part of architecture " + architecture + " as far as it is supported");
            }
        }
        return new Blueprint(architecture, size("context_length"), embedding, layers, outputNorm, output, readout,
                file.tensors().stream().mapToLong(TensorInfo::elements).sum(),
                file.tensors().stream().mapToLong(TensorInfo::bytes).sum());
    }
}
