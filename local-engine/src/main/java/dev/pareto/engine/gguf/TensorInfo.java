package dev.pareto.engine.gguf;

import java.util.List;
import java.util.Objects;

/**
 * One tensor of a model, checked: it lies inside its file and its size follows from shape and type.
 *
 * @param name unique in the model
 * @param shape one to four lengths, fastest first: a matrix of the file is {@code [columns, rows]}
 * @param type how the elements are stored
 * @param offset of the first byte, from the start of the file
 * @param bytes of the data
 * @param part which file of a split model holds it, from 0
 */
public record TensorInfo(String name, List<Long> shape, WeightType type, long offset, long bytes, int part) {

    /** Checks for nulls and copies the shape. */
    public TensorInfo {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        shape = List.copyOf(shape);
    }

    /** A tensor of the first or only file. */
    public TensorInfo(String name, List<Long> shape, WeightType type, long offset, long bytes) {
        this(name, shape, type, offset, bytes, 0);
    }

    /** The length along one dimension; 1 beyond the last. */
    public long dimension(int index) {
        return index < shape.size() ? shape.get(index) : 1;
    }

    /** Elements in all. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** The same in another file of a split model. */
    TensorInfo inPart(int index) {
        return new TensorInfo(name, shape, type, offset, bytes, index);
    }

    /** Name, shape and type, for messages. */
    public String describe() {
        return "tensor " + name + " " + shape + " " + type + (part == 0 ? "" : " of part " + (part + 1));
    }
}
