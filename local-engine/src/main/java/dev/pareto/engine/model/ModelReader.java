package dev.pareto.engine.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.gguf.Metadata;
import dev.pareto.engine.gguf.TensorInfo;
import dev.pareto.engine.tensor.Blocks;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * Reads the sizes and weights of a model while checking each against what the architecture expects: sizes lie in sane
 * bounds, tensors have the expected shape and a type that can be computed with, and no tensor is left over, because a
 * weight that is ignored makes a model that answers wrongly instead of not at all.
 */
final class ModelReader {

    private static final int MOST_SIZE = 1 << 24;

    private final GgufFile file;
    private final String architecture;
    private final Set<String> used = new HashSet<>();

    ModelReader(GgufFile file, String architecture) {
        this.file = file;
        this.architecture = architecture;
    }

    String architecture() {
        return architecture;
    }

    Metadata metadata() {
        return file.metadata();
    }

    /** The full name of a key of the architecture. */
    String key(String name) {
        return architecture + "." + name;
    }

    /** A size that must be there, 1 to 2^24. */
    int size(String name) {
        return checked(key(name), metadata().requireInt(key(name)));
    }

    /** A size with a default. */
    int size(String name, int otherwise) {
        return checked(key(name), metadata().findInt(key(name), otherwise));
    }

    private int checked(String key, int value) {
        if (value < 1 || value > MOST_SIZE) {
            throw metadata().refuse(key, "should be from 1 to " + MOST_SIZE);
        }
        return value;
    }

    /** The rows of a projection to so many heads, 2^24 at most. */
    int product(int heads, int headSize) {
        long product = (long) heads * headSize;
        if (product > MOST_SIZE) {
            throw metadata().refuse(key("attention.head_count"),
                    "with heads of " + headSize + " makes vectors longer than " + MOST_SIZE);
        }
        return (int) product;
    }

    /** A positive, finite number with a default. */
    float positive(String name, float otherwise) {
        float value = metadata().findFloat(key(name), otherwise);
        if (!(value > 0) || Float.isInfinite(value)) {
            throw metadata().refuse(key(name), "should be a positive number");
        }
        return value;
    }

    /** Refuses a feature that is not computed here, if the file asks for it. */
    void refuseIfPositive(String name, String feature) {
        if (metadata().findInt(key(name), 0) > 0) {
            throw metadata().refuse(key(name), "asks for " + feature + ", which is not supported yet");
        }
    }

    boolean has(String name) {
        return file.findTensor(name) != null;
    }

    /** Rows of a matrix whose width is known and whose height is not. */
    int rowsOf(String name) {
        var tensor = file.requireTensor(name);
        long rows = tensor.dimension(1);
        if (rows > MOST_SIZE) {
            throw refuse(tensor, "has more than " + MOST_SIZE + " rows");
        }
        return Math.toIntExact(rows);
    }

    /** A matrix of exactly this shape. */
    WeightMatrix matrix(String name, int rows, int columns) {
        var tensor = use(file.requireTensor(name), List.of((long) columns, (long) rows));
        return new WeightMatrix(name, tensor.type(), rows, columns, file.data(tensor));
    }

    /** A vector of exactly this length, as floats. */
    float[] vector(String name, int length) {
        return floats(file.requireTensor(name), length);
    }

    /** A vector of exactly this length as floats, or null. */
    float @Nullable [] findVector(String name, int length) {
        var tensor = file.findTensor(name);
        return tensor == null ? null : floats(tensor, length);
    }

    private float[] floats(TensorInfo tensor, int length) {
        use(tensor, List.of((long) length));
        var out = new float[length];
        Blocks.dequantise(tensor.type(), file.data(tensor), 0, length, out, 0);
        return out;
    }

    private TensorInfo use(TensorInfo tensor, List<Long> shape) {
        if (!tensor.shape().equals(shape)) {
            throw refuse(tensor, "should have the shape " + shape);
        }
        if (!Blocks.supports(tensor.type())) {
            throw refuse(tensor, "has weight type " + tensor.type() + " (" + tensor.type().id()
                    + "), which is not supported yet");
        }
        used.add(tensor.name());
        return tensor;
    }

    private static GgufException refuse(TensorInfo tensor, String reason) {
        return new GgufException(tensor.offset(), tensor.describe() + " " + reason);
    }

    /** Refuses tensors that nothing asked for; those whose name ends so are known to be superfluous. */
    void refuseLeftOvers(String superfluousSuffix) {
        for (var tensor : file.tensors()) {
            if (!used.contains(tensor.name()) && !tensor.name().endsWith(superfluousSuffix)) {
                throw refuse(tensor, "is no part of architecture " + architecture + " as far as it is supported");
            }
        }
    }

    /** Weights in all tensors. */
    long parameters() {
        return file.tensors().stream().mapToLong(TensorInfo::elements).sum();
    }

    /** Bytes of all tensors. */
    long weightBytes() {
        return file.tensors().stream().mapToLong(TensorInfo::bytes).sum();
    }
}
