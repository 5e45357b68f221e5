package dev.pareto.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Quads;
import dev.pareto.engine.tensor.RandomWeights;
import dev.pareto.engine.tensor.WeightMatrix;

/** The programs against their twin: dequantised rows times what the vectors were rounded to. */
final class ByteProductsTest {

    private static final int UNTOUCHED = 77;

    private final Arena arena = Arena.ofConfined();
    private final SplittableRandom random = new SplittableRandom(5);

    @BeforeEach
    void needsTheInstructions() {
        assumeThat(MachineCode.lacks()).isEmpty();
    }

    @AfterEach
    void free() {
        arena.close();
    }

    static Stream<Arguments> types() {
        return Stream.of(WeightType.Q8_0, WeightType.Q4_0, WeightType.Q4_K, WeightType.Q6_K)
                .flatMap(type -> IntStream.rangeClosed(1, RoundedTile.MOST)
                        .mapToObj(tokens -> Arguments.of(type, tokens)));
    }

    @ParameterizedTest
    @MethodSource("types")
    void aProgramComputesWhatItsTwinDoes(WeightType type, int tokens) {
        var products = MachineCode.open().bytes();
        for (int blocks : new int[]{1, 2, 3, 7, 33}) {
            for (int groups : new int[]{1, 2, 5}) {
                compare(products, quads(type, groups * Quads.ROWS + 9, blocks * type.blockElements()), tokens, 0,
                        groups);
            }
        }
        compare(products, quads(type, 5 * Quads.ROWS, 2 * type.blockElements()), tokens, 2, 4);
    }

    private Quads quads(WeightType type, int rows, int columns) {
        var data = RandomWeights.of(type, (long) rows * columns, random, arena);
        var matrix = new WeightMatrix("random", type, rows, columns, data);
        var quads = new Quads(matrix, arena.allocate(Quads.bytes(matrix), 64));
        quads.pack(0, quads.groups());
        return quads;
    }

    private void compare(ByteProducts products, Quads quads, int tokens, int fromGroup, int toGroup) {
        int columns = quads.matrix().columns();
        var tile = new RoundedTile(tokens);
        var x = arena.allocate(tile.bytes(columns));
        var values = fill(x, tile, columns);
        int rows = (toGroup - fromGroup) * Quads.ROWS;
        long stride = 4L * (rows + 3);
        var y = arena.allocate((tokens - 1) * stride + 4L * rows + 8, 4);
        y.fill((byte) UNTOUCHED);
        products.multiply(quads, fromGroup, toGroup, x, tile, y, stride);
        var row = new float[columns];
        for (int r = 0; r < rows; r++) {
            quads.dequantise(fromGroup * Quads.ROWS + r, row, 0);
            for (int token = 0; token < tokens; token++) {
                double sum = 0;
                double size = 0;
                for (int i = 0; i < columns; i++) {
                    double product = (double) row[i] * values[token][i];
                    sum += product;
                    size += Math.abs(product);
                }
                assertThat(y.get(ValueLayout.JAVA_FLOAT, token * stride + 4L * r))
                        .as("%s, %d columns, row %d, vector %d of %d", quads.matrix().type(), columns, r, token, tokens)
                        .isCloseTo((float) sum, within((float) (2e-6 * size + 1e-30)));
            }
        }
        for (int token = 0; token < tokens; token++) {
            assertThat(y.asSlice(token * stride + 4L * rows, 8).toArray(ValueLayout.JAVA_BYTE))
                    .containsOnly((byte) UNTOUCHED);
        }
    }

    /** Random bytes, the largest among them, and their sums; returns what they stand for. */
    private double[][] fill(MemorySegment x, RoundedTile tile, int columns) {
        var values = new double[tile.tokens()][columns];
        for (int token = 0; token < tile.tokens(); token++) {
            for (int from = 0; from < columns; from += RoundedTile.RUN) {
                long run = (long) from / RoundedTile.RUN * tile.runBytes();
                float scale = (float) random.nextDouble(1e-3, 2);
                var sums = new int[2];
                for (int i = 0; i < RoundedTile.RUN; i++) {
                    int code = random.nextInt(4) == 0 ? 127 - 254 * random.nextInt(2) : random.nextInt(-127, 128);
                    x.set(ValueLayout.JAVA_BYTE, run + tile.codes(token) + i, (byte) code);
                    values[token][from + i] = (double) scale * code;
                    sums[i / 16] -= code;
                }
                x.set(ValueLayout.JAVA_FLOAT_UNALIGNED, run + tile.scale(token), scale);
                x.set(ValueLayout.JAVA_FLOAT_UNALIGNED, run + tile.minusValue(token), scale * (sums[0] + sums[1]));
                x.set(ValueLayout.JAVA_INT_UNALIGNED, run + tile.minusHalfSum(0, token), sums[0]);
                x.set(ValueLayout.JAVA_INT_UNALIGNED, run + tile.minusHalfSum(1, token), sums[1]);
                x.set(ValueLayout.JAVA_INT_UNALIGNED, run + tile.minusSum(token), sums[0] + sums[1]);
            }
        }
        return values;
    }

    @Test
    void whatLiesBeyondMemoryIsRefusedBeforeTheCall() {
        var products = MachineCode.open().bytes();
        var quads = quads(WeightType.Q8_0, 64, 64);
        var tile = new RoundedTile(2);
        var x = arena.allocate(tile.bytes(64));
        var y = arena.allocate(2 * 4 * 64);
        products.multiply(quads, 0, 2, x, tile, y, 256);
        products.multiply(quads, 1, 1, x, tile, y, 0);
        assertThatThrownBy(() -> products.multiply(quads, 1, 3, x, tile, y, 256))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> products.multiply(quads, -1, 1, x, tile, y, 256))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> products.multiply(quads, 0, 2, x, tile, y, 260))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> products.multiply(quads, 0, 2, x, tile, y, 252))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> products.multiply(quads, 0, 2, x, new RoundedTile(1), y, 256))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> products.multiply(quads, 0, 2, x, tile, MemorySegment.ofArray(new float[128]), 256))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RoundedTile(RoundedTile.MOST + 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
