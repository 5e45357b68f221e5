package dev.pareto.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.gguf.WeightType;
import dev.pareto.engine.tensor.Interleaved;
import dev.pareto.engine.tensor.RandomWeights;
import dev.pareto.engine.tensor.WeightMatrix;

/** The programs against sums in the order that they promise, bit for bit. */
final class HalfProductsTest {

    private static final float UNTOUCHED = 77;

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

    private Interleaved weights(int rows, int columns) {
        var data = RandomWeights.of(WeightType.F16, (long) rows * columns, random, arena);
        var matrix = new WeightMatrix("random", WeightType.F16, rows, columns, data);
        var copy = new Interleaved(matrix, arena.allocate(Interleaved.bytes(matrix), 64));
        copy.pack(0, copy.groups());
        return copy;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void sumsOfEvenAndOddColumnsAreAddedLastWhateverVectorsThereAre(int tokens) {
        var products = MachineCode.open().halves();
        for (int columns : new int[]{4, 8, 60, 2048}) {
            compare(products, weights(5 * Interleaved.ROWS + 9, columns), tokens, 0, 5);
        }
        compare(products, weights(5 * Interleaved.ROWS, 64), tokens, 2, 4);
    }

    private void compare(HalfProducts products, Interleaved weights, int tokens, int fromGroup, int toGroup) {
        int columns = weights.matrix().columns();
        var x = arena.allocate(4L * tokens * columns, 4);
        for (int i = 0; i < tokens * columns; i++) {
            x.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        int rows = (toGroup - fromGroup) * Interleaved.ROWS;
        var y = new float[2 + tokens * (rows + 3)];
        Arrays.fill(y, UNTOUCHED);
        products.multiply(weights, fromGroup, toGroup, x, tokens, arena.allocate(4L * tokens * rows, 4), y, 2,
                rows + 3);
        assertThat(Arrays.copyOf(y, 2)).containsOnly(UNTOUCHED);
        var row = new float[columns];
        for (int token = 0; token < tokens; token++) {
            int at = 2 + token * (rows + 3);
            for (int r = 0; r < rows; r++) {
                weights.dequantise(fromGroup * Interleaved.ROWS + r, row, 0);
                var sums = new float[2];
                for (int i = 0; i < columns; i++) {
                    sums[i % 2] = Math.fma(row[i], x.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * tokens + token),
                            sums[i % 2]);
                }
                assertThat(y[at + r]).as("%d columns, row %d, vector %d of %d", columns, r, token, tokens)
                        .isEqualTo(sums[0] + sums[1]);
            }
            assertThat(Arrays.copyOfRange(y, at + rows, at + rows + 3)).containsOnly(UNTOUCHED);
        }
    }

    @Test
    void otherTypesAndColumnsThatLeaveARestAreNotTaken() {
        var products = MachineCode.open().halves();
        assertThat(products.supports(weights(32, 36).matrix())).isTrue();
        assertThat(products.supports(weights(32, 38).matrix())).isFalse();
        var bytes = RandomWeights.of(WeightType.Q8_0, 32 * 32, random, arena);
        assertThat(products.supports(new WeightMatrix("bytes", WeightType.Q8_0, 32, 32, bytes))).isFalse();
    }

    @Test
    void whatLiesBeyondMemoryIsRefusedBeforeTheCall() {
        var products = MachineCode.open().halves();
        var weights = weights(64, 64);
        var x = arena.allocate(2 * 4 * 64);
        var sums = arena.allocate(2 * 4 * 64);
        var y = new float[128];
        products.multiply(weights, 0, 2, x, 2, sums, y, 0, 64);
        products.multiply(weights, 1, 1, x, 2, sums, y, 0, 0);
        assertThatThrownBy(() -> products.multiply(weights, 1, 3, x, 2, sums, y, 0, 64))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> products.multiply(weights, 0, 2, x, 2, sums.asSlice(4), y, 0, 64))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> products.multiply(weights, 0, 2, x, 2, sums, y, 1, 64))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> products.multiply(weights, 0, 2, x, 1, sums, y, 0, 64))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> products.multiply(weights, 0, 2, x, 7, sums, y, 0, 64))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> products.multiply(weights, 0, 2, MemorySegment.ofArray(new float[128]), 2, sums, y, 0,
                64)).isInstanceOf(IllegalArgumentException.class);
    }
}
