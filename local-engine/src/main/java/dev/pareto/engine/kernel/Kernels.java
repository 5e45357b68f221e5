package dev.pareto.engine.kernel;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.machine.MachineCode;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.Quads;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * The loops that take the time. All arithmetic is in floats; two implementations differ only by the order of sums and
 * by an exponential function good to 2 ulp. Stateless and safe for use by several threads. Arguments are checked by
 * array and segment bounds only: an index beyond them throws {@link IndexOutOfBoundsException}.
 */
public interface Kernels {

    /** The fastest implementation this JVM can run, chosen once. */
    static Kernels best() {
        return KernelDoor.CHOSEN;
    }

    /** The fastest implementation that runs no machine code but the JVM's. */
    static Kernels withoutMachineCode() {
        return KernelDoor.withoutMachineCode();
    }

    /** The implementation in plain Java, on any JVM. */
    static Kernels scalar() {
        return new ScalarKernels("asked for");
    }

    /** What runs, short: {@code scalar}, {@code vector-512} or {@code vector-512+vnni}. */
    String name();

    /** Why this implementation was chosen and, if it is the slow one, how to get the fast one. */
    String why();

    /** Floats that the kernels treat at once. */
    int lanes();

    /** Writes {@code count} weights from the block at byte {@code offset} on as floats; {@code count} is whole blocks. */
    void dequantise(WeightType type, MemorySegment data, long offset, int count, float[] out, int at);

    /** Rows of a matrix times a vector: {@code y[yAt + row - fromRow] = sum over c of matrix[row][c] * x[xAt + c]}. */
    void matVec(WeightMatrix matrix, int fromRow, int toRow, float[] x, int xAt, float[] y, int yAt);

    /** Products by machine code of our own, or null where this JVM has none: see {@link #why}. */
    @Nullable
    MachineCode machineCode();

    /** Whether products with weights of this type are those of bytes by {@link #machineCode}, from a copy in {@link Quads}. */
    default boolean prefersQuads(WeightType type) {
        return machineCode() != null && Quads.supports(type);
    }

    /** Bytes of the copy that makes products with a matrix of this size faster; 0 where none does. */
    default long copyBytes(WeightType type, long rows, long columns) {
        if (prefersQuads(type)) {
            return Quads.bytes(type, rows, columns);
        }
        return prefersInterleaved(type) ? Interleaved.bytes(type, rows, columns) : 0;
    }

    /** Whether an interleaved copy of weights of this type is multiplied faster than the rows of the file. */
    boolean prefersInterleaved(WeightType type);

    /**
     * Groups of thirty-two interleaved rows times a vector; the first row's product goes to {@code y[yAt]}. F16 and Q8_0 are multiplied
     * with the floats of {@code x}, the others with the bytes that it was rounded to.
     *
     * @param rounded {@code x} from {@code xAt} on
     */
    void matVec(Interleaved matrix, int fromGroup, int toGroup, float[] x, int xAt, Activations rounded, float[] y,
            int yAt);

    /**
     * Whether {@link #matVecs} reads an interleaved copy of weights of this type once for four vectors.
     */
    boolean multipliesFour(WeightType type);

    /**
     * Groups of thirty-two interleaved rows times three or four vectors, of a type that {@link #multipliesFour}: vector {@code t}
     * begins at {@code x[t * columns]} and its first product goes to {@code y[yAt + t * yStride]}.
     */
    void matVecs(Interleaved matrix, int fromGroup, int toGroup, float[] x, int vectors, float[] y, int yAt,
            int yStride);

    /** The sum of products. */
    float dot(float[] a, int aAt, float[] b, int bAt, int count);

    /** Four sums of products that share one factor: {@code sums[t] = sum over i of a[aAt + i] * b[bAt + t * bStride + i]}. */
    void dot4(float[] a, int aAt, float[] b, int bAt, int bStride, int count, float[] sums);

    /** Tokens of a {@link #tile}. */
    int TILE_TOKENS = 8;

    /**
     * Columns of a group of thirty-two interleaved rows as floats: {@code panel[32 * (c - fromColumn) + r]}.
     *
     * @param fromColumn a multiple of the blocks' elements
     * @param columns whole blocks
     * @param panel native memory, aligned to 64 bytes: a vector across two cache lines takes two stores
     */
    void widen(Interleaved matrix, int group, int fromColumn, int columns, MemorySegment panel);

    /**
     * The inner tile of a matrix product, thirty-two rows by eight tokens:
     * {@code sums[sumsAt + 32 * t + r] += sum over c of panel[32 * c + r] * x[xAt + 8 * c + t]}.
     */
    void tile(MemorySegment panel, int columns, float[] x, int xAt, float[] sums, int sumsAt);

    /**
     * Products of queries with a page of keys that lie dimension by dimension, {@code pageTokens} apart:
     * {@code scores[at + r * stride + p] = sum over d of q[qAt + r * qStride + d] * keys[keysAt + d * pageTokens + p]} for
     * r below rows and p below count. A row's numbers are the same whatever rows there are beside it.
     *
     * @param pageTokens a multiple of 16; positions up to the next multiple of 16 above count are computed, so the
     *            scores need that room
     */
    void scores(int rows, float[] q, int qAt, int qStride, int size, float[] keys, int keysAt, int pageTokens,
            int count, float[] scores, int at, int stride);

    /**
     * {@code out[outAt + r * outStride + d] += sum over p of weights[at + r * stride + p] * values[valuesAt + p * size + d]}
     * for r below rows and d below size. Sums go from position to position, so a weight of zero changes nothing, and a
     * row's numbers are the same whatever rows there are beside it.
     */
    void mix(int rows, float[] weights, int at, int stride, int count, float[] values, int valuesAt, int size,
            float[] out, int outAt, int outStride);

    /** Numbers of a vector that share a scale where a cache has bytes. */
    int SHARE_A_SCALE = 32;

    /**
     * Bytes of a page of keys as floats: {@code out[d * pageTokens + p] = codes[at + d * pageTokens + p]
     * * scales[scalesAt + d / 32 * pageTokens + p]} for d below size and p below count.
     *
     * @param pageTokens a multiple of 16; positions up to the next multiple of 16 above count are widened too
     */
    void widenColumns(byte[] codes, int at, float[] scales, int scalesAt, int size, int pageTokens, int count,
            float[] out);

    /**
     * Bytes of values as floats: {@code out[p * size + d] = codes[at + p * size + d] * scales[scalesAt + p * blocks + d / 32]}
     * for p below count and d below size, where {@code blocks = ceil(size / 32)}.
     */
    void widenRows(byte[] codes, int at, float[] scales, int scalesAt, int count, int size, float[] out);

    /** {@code values[at + i] = cap * tanh(values[at + i] / cap)}. */
    void softCap(float[] values, int at, int count, float cap);

    /** Replaces values by their softmax. */
    void softmax(float[] values, int at, int count);

    /** {@code out[outAt + i] = x[xAt + i] * weight[i] / sqrt(mean of squares of x + epsilon)}. */
    void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] out, int outAt);

    /** {@code gate[at + i] = silu(gate[at + i]) * up[at + i]}, where {@code silu(v) = v / (1 + exp(-v))}. */
    void swiGlu(float[] gate, float[] up, int at, int count);

    /** {@code x[xAt + i] += y[yAt + i]}. */
    void add(float[] x, int xAt, float[] y, int yAt, int count);
}
