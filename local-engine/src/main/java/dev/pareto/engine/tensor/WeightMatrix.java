package dev.pareto.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

import dev.pareto.engine.gguf.WeightType;

/**
 * A matrix of weights in the layout of its file: row after row, each a whole number of blocks. It holds a view of
 * memory, usually of a mapped file, and no copy. Immutable as long as that memory is.
 *
 * @param name for messages
 * @param type how the elements are stored; one that {@link Blocks#supports}
 * @param rows outputs of the product with a vector
 * @param columns inputs of the product with a vector
 * @param data exactly {@code rows * type.bytes(columns)} bytes
 */
public record WeightMatrix(String name, WeightType type, int rows, int columns, MemorySegment data) {

    /** Checks that the parts fit together, so that kernels need not. */
    public WeightMatrix {
        Objects.requireNonNull(name, "name");
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(name + " has " + rows + " rows of " + columns);
        }
        if (!Blocks.supports(type)) {
            throw new IllegalArgumentException(name + " has the unsupported weight type " + type);
        }
        long bytes = Math.multiplyExact(rows, type.bytes(columns));
        if (data.byteSize() != bytes) {
            throw new IllegalArgumentException(name + " needs " + bytes + " bytes, got " + data.byteSize());
        }
    }

    /** Bytes of one row. */
    public long rowBytes() {
        return type.bytes(columns);
    }

    /** A view of some of the rows. */
    public WeightMatrix rows(int from, int to) {
        Objects.checkFromToIndex(from, to, rows);
        return new WeightMatrix(name, type, to - from, columns,
                data.asSlice(from * rowBytes(), (to - from) * rowBytes()));
    }

    /** Where an element's block starts in {@link #data}. */
    public long blockOffset(int row, int column) {
        return row * rowBytes() + (long) (column / type.blockElements()) * type.blockBytes();
    }

    /**
     * One of several matrices of equal shape that lie one after the other, such as the experts of a layer, whose tensor
     * is {@code [columns, rows, experts]} in the file: a view, no copy.
     *
     * @param type one that {@link Blocks#supports}
     * @param all the data of all of them
     * @param index 0 to one less than the number of matrices in the data
     */
    public static WeightMatrix expert(String name, WeightType type, int rows, int columns, MemorySegment all,
            int index) {
        long bytes = Math.multiplyExact(rows, type.bytes(columns));
        if (bytes < 1 || all.byteSize() % bytes != 0) {
            throw new IllegalArgumentException(
                    name + " of " + all.byteSize() + " bytes is no whole number of matrices of " + bytes);
        }
        Objects.checkIndex(index, all.byteSize() / bytes);
        return new WeightMatrix(name + "[" + index + "]", type, rows, columns, all.asSlice(index * bytes, bytes));
    }
}
