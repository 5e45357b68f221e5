package dev.pareto.engine.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * Interleaved weights of F16 times a few vectors of floats, by programs in machine code: halves are widened by an instruction
 * (VCVTPH2PS) in place of three. A program reads and writes what it is told to, so everything is checked here before each
 * call. Safe for use by several threads.
 */
public final class HalfProducts {

    /** Vectors that are multiplied at once at most. */
    public static final int MOST = HalfCode.MOST;

    private final Programs programs = new Programs(
            IntStream.rangeClosed(1, MOST).mapToObj(HalfCode::of).toList());

    HalfProducts() {}

    /** Whether it multiplies a matrix. */
    public boolean supports(WeightMatrix matrix) {
        return matrix.type() == WeightType.F16 && matrix.columns() % HalfCode.COLUMNS == 0;
    }

    /**
     * Groups of rows times a few vectors; the first row's product with the first vector goes to {@code y[yAt]}, those of the next
     * vector {@code yStride} further on.
     *
     * @param x {@code [column][vector]}, outside the heap, as long as it must be
     * @param tokens vectors, 1 to {@link #MOST}
     * @param sums scratch space outside the heap for at least {@code tokens} floats for each row of the groups
     * @throws IndexOutOfBoundsException if the groups are not all there, or y or sums are too short
     * @throws IllegalArgumentException if x does not fit the weights, a memory is not outside the heap, or the matrix is not
     *             {@link #supports supported}
     */
    public void multiply(Interleaved weights, int fromGroup, int toGroup, MemorySegment x, int tokens,
            MemorySegment sums, float[] y, int yAt, int yStride) {
        var matrix = weights.matrix();
        Objects.checkFromToIndex(fromGroup, toGroup, weights.groups());
        if (!supports(matrix) || tokens < 1 || tokens > MOST
                || x.byteSize() != (long) Float.BYTES * tokens * matrix.columns() || !x.isNative() || !sums.isNative()
                || sums.isReadOnly() || !weights.data().isNative()) {
            throw new IllegalArgumentException(x.byteSize() + " bytes of " + tokens + " vectors for " + matrix.name()
                    + " of " + matrix.columns() + " columns of " + matrix.type() + ", all memory outside the heap");
        }
        int groups = toGroup - fromGroup;
        if (groups == 0) {
            return;
        }
        int rows = groups * Interleaved.ROWS;
        long stride = (long) Float.BYTES * rows;
        Objects.checkFromIndexSize(0, stride * tokens, sums.byteSize());
        long at = weights.groupOffset(fromGroup);
        Objects.checkFromToIndex(at, weights.groupOffset(toGroup), weights.data().byteSize());
        programs.run(tokens - 1, weights.data().asSlice(at), x, sums, matrix.columns() / HalfCode.COLUMNS, groups,
                stride);
        for (int token = 0; token < tokens; token++) {
            order(sums, stride * token, rows, y, yAt + token * yStride);
        }
    }

    /** Lane {@code l} of a group is row {@code l / 2}, of odd lanes 16 further on. */
    private static void order(MemorySegment sums, long from, int rows, float[] y, int yAt) {
        for (int i = 0; i < rows; i++) {
            int lane = i % Interleaved.ROWS;
            y[yAt + i - lane + lane / 2 + lane % 2 * (Interleaved.ROWS / 2)] = sums
                    .get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + (long) Float.BYTES * i);
        }
    }
}
