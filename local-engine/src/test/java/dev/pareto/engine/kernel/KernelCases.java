package dev.pareto.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Blocks;
import dev.pareto.engine.tensor.ComputePool;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.RandomWeights;
import dev.pareto.engine.tensor.WeightMatrix;

/**
 * What every implementation of the kernels must do, whatever its width: run by tests in their own JVM and, through
 * {@link #main}, in JVMs that are told to have narrower vectors.
 */
final class KernelCases {

    static final List<WeightType> TYPES = Arrays.stream(WeightType.values()).filter(Blocks::supports).toList();

    private final Kernels kernels;
    private final SplittableRandom random = new SplittableRandom(7);

    KernelCases(Kernels kernels) {
        this.kernels = kernels;
    }

    /** Runs all cases on the best kernels and prints their name; fails if it is not the expected one. */
    public static void main(String[] args) {
        var kernels = Kernels.best();
        assertThat(kernels.name()).as(kernels.why()).isEqualTo(args[0]);
        new KernelCases(kernels).all();
        System.out.println("passed on " + kernels.name() + " (" + kernels.why() + ")");
    }

    void all() {
        dequantisedBlocksAreExact();
        matrixTimesVectorIsTheSumOfProducts();
        interleavedRowsGiveTheSameProducts();
        roundedVectorsAreNearAndKeepTheirSums();
        manyVectorsGiveWhatEachGivesAlone();
        dotAndAddTakeAnyLength();
        scoresAndMixAreSumsOfProducts();
        aRowsSumsDoNotDependOnItsNeighboursAndZeroWeights();
        bytesAreWidenedByTheirScales();
        cappedValuesAreTheirTangents();
        softmaxSumsToOneAndKeepsRatios();
        normAndActivationAreTheirFormulas();
    }

    void dequantisedBlocksAreExact() {
        for (var type : TYPES) {
            int count = 3 * Math.max(32, type.blockElements()) + (type.blockElements() == 1 ? 5 : 0);
            var data = weights(type, count);
            var expected = new float[count];
            Blocks.dequantise(type, data, 0, count, expected, 0);
            var actual = new float[count + 2];
            kernels.dequantise(type, data, 0, count, actual, 1);
            assertThat(Arrays.copyOfRange(actual, 1, count + 1)).as("%s", type).containsExactly(expected);
        }
    }

    void matrixTimesVectorIsTheSumOfProducts() {
        for (var type : TYPES) {
            for (int blocks : new int[]{1, 2, 3, 7}) {
                int columns = type.blockElements() == 1 ? 13 * blocks : type.blockElements() * blocks;
                var matrix = matrix(type, 5, columns);
                var x = floats(columns + 3);
                var y = new float[6];
                kernels.matVec(matrix, 1, 4, x, 3, y, 2);
                for (int row = 1; row < 4; row++) {
                    assertClose(y[1 + row], row(matrix, row), x, 3, type + " of " + columns);
                }
                assertThat(new float[]{y[0], y[1], y[5]}).containsOnly(0);
            }
        }
    }

    void interleavedRowsGiveTheSameProducts() {
        // The scalar kernels prefer none and take all, the others take those that they prefer.
        boolean all = kernels.name().equals("scalar");
        for (var type : TYPES.stream()
                .filter(t -> all ? Interleaved.supports(t) : kernels.prefersInterleaved(t))
                .toList()) {
            for (int blocks : new int[]{1, 3, 8}) {
                int columns = type.blockElements() == 1 ? 13 * blocks : type.blockElements() * blocks;
                var matrix = matrix(type, 3 * Interleaved.ROWS + 5, columns);
                var copy = new Interleaved(matrix, Arena.ofAuto().allocate(Interleaved.bytes(matrix), 64));
                copy.pack(0, 2);
                copy.pack(2, 3);
                for (int row = 0; row < 3 * Interleaved.ROWS; row++) {
                    var values = new float[columns + 1];
                    copy.dequantise(row, values, 1);
                    assertThat(Arrays.copyOfRange(values, 1, columns + 1)).as("%s row %d", type, row)
                            .containsExactly(row(matrix, row));
                }
                var x = floats(columns + 3);
                var rounded = new Activations();
                if (copy.takesBytes()) {
                    rounded.round(x, 3, columns);
                }
                var multiplied = new float[columns];
                for (int i = 0; i < columns; i++) {
                    multiplied[i] = copy.takesBytes() ? rounded.value(i) : x[3 + i];
                }
                var y = new float[2 * Interleaved.ROWS + 3];
                y[2 + 7] = 5;
                kernels.matVec(copy, 1, 3, x, 3, rounded, y, 2);
                for (int row = Interleaved.ROWS; row < 3 * Interleaved.ROWS; row++) {
                    assertClose(y[2 + row - Interleaved.ROWS], row(matrix, row), multiplied, 0,
                            "interleaved " + type + " of " + columns + ", row " + row);
                }
                assertThat(new float[]{y[0], y[1], y[2 + 2 * Interleaved.ROWS]}).containsOnly(0);
                if (kernels.multipliesFour(type)) {
                    assertFourAtOnce(copy, columns);
                }
            }
        }
    }

    private void assertFourAtOnce(Interleaved copy, int columns) {
        var matrix = copy.matrix();
        int stride = 2 * Interleaved.ROWS + 1;
        for (int vectors : new int[]{3, 4}) {
            var x = floats(4 * columns);
            var y = new float[4 + 4 * stride];
            kernels.matVecs(copy, 1, 3, x, vectors, y, 3, stride);
            for (int t = 0; t < 4; t++) {
                for (int row = Interleaved.ROWS; t < vectors && row < 3 * Interleaved.ROWS; row++) {
                    assertClose(y[3 + t * stride + row - Interleaved.ROWS], row(matrix, row),
                            Arrays.copyOfRange(x, t * columns, (t + 1) * columns), 0,
                            "vector " + t + " of " + vectors + ", " + columns + " columns, row " + row);
                }
                assertThat(y[2 + t * stride]).isZero();
            }
            assertThat(Arrays.copyOfRange(y, 3 + vectors * stride, y.length)).containsOnly(0);
        }
    }

    void roundedVectorsAreNearAndKeepTheirSums() {
        var x = floats(3 * 64);
        Arrays.fill(x, 64, 96, 0);
        x[130] = 1000;
        var rounded = new Activations();
        rounded.round(x, 64, 128);
        for (int block = 0; block < 4; block++) {
            float most = 0;
            int sum = 0;
            for (int i = 32 * block; i < 32 * block + 32; i++) {
                most = Math.max(most, Math.abs(x[64 + i]));
                sum += (short) rounded.pairs[i];
                assertThat(rounded.pairs[i] >> 16).isEqualTo((short) rounded.pairs[i]).isBetween(-127, 127);
            }
            assertThat(rounded.blockSums[block]).isEqualTo(sum);
            for (int i = 32 * block; i < 32 * block + 32; i++) {
                assertThat(rounded.value(i)).isCloseTo(x[64 + i], within(most / 253));
            }
        }
    }

    void manyVectorsGiveWhatEachGivesAlone() {
        manyVectorsGiveWhatEachGivesAlone(0);
        manyVectorsGiveWhatEachGivesAlone(1L << 30);
    }

    private void manyVectorsGiveWhatEachGivesAlone(long copyBytes) {
        try (var pool = new ComputePool(3); var matMul = new MatMul(kernels, pool, copyBytes)) {
            for (var type : TYPES) {
                for (int vectors : new int[]{1, 3, 4, 8, 9, 13, 33, 36}) {
                    int columns = type.blockElements() == 1 ? 1100 + vectors : 1280;
                    // 101 rows: three groups of thirty-two and some that lie in no group.
                    var first = matrix(type, 101, columns);
                    var second = matrix(type, 7, columns);
                    var x = floats(vectors * columns);
                    var y1 = floats(vectors * 101);
                    var y2 = floats(vectors * 7);
                    matMul.multiply(x, vectors,
                            List.of(new MatMul.Product(first, y1), new MatMul.Product(second, y2)));
                    for (int t = 0; t < vectors; t++) {
                        for (int row : new int[]{0, 47, 48, 100}) {
                            boolean interleaved = vectors < 13 && type != WeightType.Q8_0 && type != WeightType.F16
                                    && kernels.prefersInterleaved(type);
                            boolean rounds = copyBytes > 0 && row < 96
                                    && (interleaved || kernels.prefersQuads(type));
                            assertClose(y1[t * 101 + row], row(first, row), x, t * columns, rounds ? 0.5 / 127 : 0,
                                    type + " row " + row + " of vector " + t + " of " + vectors);
                        }
                        assertClose(y2[t * 7 + 6], row(second, 6), x, t * columns, "second matrix");
                    }
                }
            }
        }
    }

    void dotAndAddTakeAnyLength() {
        for (int count = 0; count < 150; count++) {
            var a = floats(count + 2);
            var b = floats(count + 1);
            assertClose(kernels.dot(a, 2, b, 1, count), Arrays.copyOfRange(a, 2, count + 2), b, 1, "dot of " + count);
            var sum = a.clone();
            kernels.add(sum, 2, b, 1, count);
            for (int i = 0; i < count; i++) {
                assertThat(sum[2 + i]).isEqualTo(a[2 + i] + b[1 + i]);
            }
            assertThat(Arrays.copyOf(sum, 2)).containsExactly(Arrays.copyOf(a, 2));
        }
    }

    void scoresAndMixAreSumsOfProducts() {
        for (int size : new int[]{1, 8, 16, 20, 64, 80, 128}) {
            for (int count : new int[]{1, 2, 15, 16, 17, 63, 64}) {
                for (int rows : new int[]{1, 2, 5}) {
                    scoresAndMixAreSumsOfProducts(size, count, rows);
                }
            }
        }
    }

    private void scoresAndMixAreSumsOfProducts(int size, int count, int rows) {
        int page = 64;
        int stride = page + 7;
        var q = floats(rows * (size + 3) + 1);
        var keys = floats(size * page + 5);
        var scores = new float[rows * stride + 3];
        kernels.scores(rows, q, 1, size + 3, size, keys, 5, page, count, scores, 3, stride);
        for (int row = 0; row < rows; row++) {
            for (int p = 0; p < count; p++) {
                var column = new float[size];
                for (int d = 0; d < size; d++) {
                    column[d] = keys[5 + d * page + p];
                }
                assertClose(scores[3 + row * stride + p], column, q, 1 + row * (size + 3),
                        "score " + p + " of " + count + ", size " + size + ", row " + row + " of " + rows);
            }
        }
        var values = floats(page * size + 1);
        var out = floats(rows * (size + 1) + 2);
        var before = out.clone();
        kernels.mix(rows, scores, 3, stride, count, values, 1, size, out, 2, size + 1);
        for (int row = 0; row < rows; row++) {
            for (int d = 0; d < size; d++) {
                var column = new float[count + 1];
                for (int p = 0; p < count; p++) {
                    column[p] = values[1 + p * size + d];
                }
                column[count] = before[2 + row * (size + 1) + d];
                var weights = Arrays.copyOfRange(scores, 3 + row * stride, 3 + row * stride + count + 1);
                weights[count] = 1;
                assertClose(out[2 + row * (size + 1) + d], column, weights, 0,
                        "mix of " + count + ", dimension " + d + ", row " + row + " of " + rows);
            }
            assertThat(out[2 + row * (size + 1) - 1]).isEqualTo(before[2 + row * (size + 1) - 1]);
        }
    }

    void aRowsSumsDoNotDependOnItsNeighboursAndZeroWeights() {
        int page = 64;
        int size = 80;
        var q = floats(3 * size);
        var keys = floats(size * page);
        var values = floats(page * size);
        var scores = new float[3 * page];
        kernels.scores(3, q, 0, size, size, keys, 0, page, page, scores, 0, page);
        // The last row sees half of the page only.
        Arrays.fill(scores, 2 * page + 40, 3 * page, 0);
        var out = new float[3 * size];
        kernels.mix(3, scores, 0, page, page, values, 0, size, out, 0, size);
        for (int row = 0; row < 3; row++) {
            int count = row == 2 ? 40 : page;
            var alone = new float[page];
            kernels.scores(1, q, row * size, size, size, keys, 0, page, count, alone, 0, page);
            assertThat(Arrays.copyOf(alone, count)).as("scores of row %d", row)
                    .containsExactly(Arrays.copyOfRange(scores, row * page, row * page + count));
            var mixed = new float[size];
            kernels.mix(1, alone, 0, page, count, values, 0, size, mixed, 0, size);
            assertThat(mixed).as("mix of row %d", row)
                    .containsExactly(Arrays.copyOfRange(out, row * size, (row + 1) * size));
        }
    }

    void bytesAreWidenedByTheirScales() {
        int page = 64;
        for (int size : new int[]{1, 8, 16, 20, 32, 64, 80, 100}) {
            int blocks = Math.ceilDiv(size, Kernels.SHARE_A_SCALE);
            var codes = new byte[page * size + 3];
            random.nextBytes(codes);
            var scales = floats(page * blocks + 2);
            for (int count : new int[]{1, 16, 17, 64}) {
                var keys = new float[page * size];
                kernels.widenColumns(codes, 3, scales, 2, size, page, count, keys);
                var values = new float[page * size];
                kernels.widenRows(codes, 3, scales, 2, count, size, values);
                for (int p = 0; p < count; p++) {
                    for (int d = 0; d < size; d++) {
                        assertThat(keys[d * page + p]).as("key %d, dimension %d of %d", p, d, size)
                                .isEqualTo(codes[3 + d * page + p] * scales[2 + d / 32 * page + p]);
                        assertThat(values[p * size + d]).as("value %d, dimension %d of %d", p, d, size)
                                .isEqualTo(codes[3 + p * size + d] * scales[2 + p * blocks + d / 32]);
                    }
                }
                assertThat(Arrays.copyOfRange(values, count * size, page * size))
                        .containsExactly(new float[(page - count) * size]);
            }
        }
    }

    void cappedValuesAreTheirTangents() {
        var values = floats(100);
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) Math.pow(10, i % 9 - 5);
        }
        values[70] = 0;
        values[71] = 1e30f;
        values[72] = Float.NEGATIVE_INFINITY;
        var capped = values.clone();
        kernels.softCap(capped, 3, 97, 50);
        assertThat(Arrays.copyOf(capped, 3)).containsExactly(Arrays.copyOf(values, 3));
        for (int i = 3; i < 100; i++) {
            double expected = 50 * Math.tanh(values[i] / 50.0);
            assertThat((double) capped[i]).as("cap of %s", values[i])
                    .isCloseTo(expected, within(1e-6 * Math.abs(expected)));
        }
    }

    void softmaxSumsToOneAndKeepsRatios() {
        for (int count = 1; count < 70; count++) {
            var values = floats(count + 1);
            for (int i = 0; i < values.length; i++) {
                values[i] *= i % 3 == 0 ? 90 : 5;
            }
            var x = values.clone();
            kernels.softmax(values, 1, count);
            // The difference is rounded to float here too: the exponential would magnify that rounding.
            float most = Float.NEGATIVE_INFINITY;
            for (int i = 1; i <= count; i++) {
                most = Math.max(most, x[i]);
            }
            double sum = 0;
            for (int i = 1; i <= count; i++) {
                sum += Math.exp(x[i] - most);
            }
            for (int i = 1; i <= count; i++) {
                double expected = Math.exp(x[i] - most) / sum;
                assertThat((double) values[i]).as("softmax %d of %d", i, count)
                        .isCloseTo(expected,
                                within(1e-6 * expected + 1e-37));
            }
            assertThat(values[0]).isEqualTo(x[0]);
        }
    }

    void normAndActivationAreTheirFormulas() {
        for (int count : new int[]{1, 7, 16, 64, 173}) {
            var x = floats(count + 1);
            var weight = floats(count);
            var out = new float[count + 2];
            kernels.rmsNorm(x, 1, weight, 1e-5f, out, 2);
            double squares = 0;
            for (int i = 1; i <= count; i++) {
                squares += (double) x[i] * x[i];
            }
            for (int i = 0; i < count; i++) {
                double expected = x[1 + i] * weight[i] / Math.sqrt(squares / count + 1e-5);
                assertThat((double) out[2 + i]).isCloseTo(expected, within(2e-6 * Math.abs(expected)));
            }
            var gate = floats(count + 1);
            for (int i = 0; i <= count; i++) {
                gate[i] *= i % 5 == 0 ? 200 : 10;
            }
            var before = gate.clone();
            kernels.swiGlu(gate, x, 1, count);
            for (int i = 1; i <= count; i++) {
                double expected = before[i] / (1 + Math.exp(-before[i])) * x[i];
                assertThat((double) gate[i]).as("silu of %s", before[i])
                        .isCloseTo(expected,
                                within(2e-6 * Math.abs(expected) + 1e-30));
            }
            assertThat(gate[0]).isEqualTo(before[0]);
        }
    }

    private static void assertClose(float actual, float[] a, float[] b, int bAt, String what) {
        assertClose(actual, a, b, bAt, 0, what);
    }

    /**
     * The bound is what rounding of every product and sum can add up to.
     *
     * @param error of an element of b, as a share of the largest there is
     */
    private static void assertClose(float actual, float[] a, float[] b, int bAt, double error, String what) {
        double rounding = 0;
        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < a.length; i++) {
            double product = (double) a[i] * b[bAt + i];
            sum += product;
            magnitude += Math.abs(product);
            rounding += Math.abs(a[i]) * error * 0.5; // floats() are that large
        }
        assertThat((double) actual).as(what).isCloseTo(sum, within(1e-6 * magnitude + rounding + 1e-30));
    }

    private float[] floats(int count) {
        var out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) (random.nextDouble() - 0.5);
        }
        return out;
    }

    private static float[] row(WeightMatrix matrix, int row) {
        var out = new float[matrix.columns()];
        Blocks.dequantise(matrix.type(), matrix.data(), matrix.blockOffset(row, 0), out.length, out, 0);
        return out;
    }

    private WeightMatrix matrix(WeightType type, int rows, int columns) {
        return new WeightMatrix("test", type, rows, columns, weights(type, rows * columns));
    }

    private MemorySegment weights(WeightType type, int count) {
        return RandomWeights.of(type, count, random, Arena.ofAuto());
    }
}
