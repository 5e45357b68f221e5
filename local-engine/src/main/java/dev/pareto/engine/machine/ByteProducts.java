package dev.pareto.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Quads;

/**
 * Weights in {@link Quads} times vectors in a {@link RoundedTile}, by programs in machine code that are written when this is
 * made. A program reads and writes what it is told to, so everything is checked here before each call. A vector's products
 * are the same bit for bit whatever vectors there are beside it. Safe for use by several threads.
 */
public final class ByteProducts {

    private static final List<WeightType> TYPES = Arrays.stream(WeightType.values()).filter(Quads::supports).toList();

    private final Programs programs;

    ByteProducts() {
        programs = new Programs(TYPES.stream()
                .flatMap(type -> IntStream.rangeClosed(1, RoundedTile.MOST)
                        .mapToObj(tokens -> TileCode.of(type, tokens)))
                .toList());
    }

    /**
     * Groups of rows times the vectors of a tile: {@code y[row - 32 * fromGroup]} of vector {@code t} is written, as a float,
     * at byte {@code t * yStride}.
     *
     * @param x exactly the tile, outside the heap
     * @param y outside the heap
     * @throws IndexOutOfBoundsException if the groups are not all there or y is too short
     * @throws IllegalArgumentException if x does not fit the weights or the tile, or lies in the heap as y may not either
     */
    public void multiply(Quads weights, int fromGroup, int toGroup, MemorySegment x, RoundedTile tile, MemorySegment y,
            long yStride) {
        int groups = toGroup - fromGroup;
        Objects.checkFromToIndex(fromGroup, toGroup, weights.groups());
        if (groups == 0) {
            return;
        }
        var matrix = weights.matrix();
        long rowBytes = (long) groups * Quads.ROWS * Float.BYTES;
        if (x.byteSize() != tile.bytes(matrix.columns()) || !x.isNative() || !y.isNative() || y.isReadOnly()
                || !weights.data().isNative()) {
            throw new IllegalArgumentException(x.byteSize() + " bytes of " + tile.tokens() + " vectors of "
                    + matrix.columns() + ", all memory outside the heap");
        }
        if (yStride < rowBytes || yStride > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("vectors' sums of " + rowBytes + " bytes lie " + yStride + " apart");
        }
        Objects.checkFromIndexSize(0, (tile.tokens() - 1) * yStride + rowBytes, y.byteSize());
        long at = weights.groupOffset(fromGroup);
        Objects.checkFromToIndex(at, weights.groupOffset(toGroup), weights.data().byteSize());
        int program = TYPES.indexOf(matrix.type()) * RoundedTile.MOST + tile.tokens() - 1;
        programs.run(program, weights.data().asSlice(at), x, y, matrix.columns() / matrix.type().blockElements(),
                groups, yStride);
    }
}
