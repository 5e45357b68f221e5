package dev.pareto.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.pareto.engine.gguf.WeightType;

final class QuadsTest {

    @ParameterizedTest
    @EnumSource(value = WeightType.class, names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void everyWeightIsThatOfTheFile(WeightType type) {
        int columns = 3 * type.blockElements();
        var data = RandomWeights.of(type, 101L * columns, new SplittableRandom(3), Arena.ofAuto());
        var matrix = new WeightMatrix("random", type, 101, columns, data);
        var copy = new Quads(matrix, Arena.ofAuto().allocate(Quads.bytes(matrix), 64));
        copy.pack(1, 3);
        copy.pack(0, 1);
        assertThat(copy.groups()).isEqualTo(3);
        for (int row = 0; row < 96; row++) {
            var expected = new float[columns];
            Blocks.dequantise(type, data, matrix.blockOffset(row, 0), columns, expected, 0);
            var actual = new float[columns + 1];
            copy.dequantise(row, actual, 1);
            assertThat(Arrays.copyOfRange(actual, 1, columns + 1)).as("row %d", row).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(value = WeightType.class, names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void aCopyTakesNoMoreThanAnInterleavedOne(WeightType type) {
        assertThat(Quads.bytes(type, 64, 512)).isLessThanOrEqualTo(Interleaved.bytes(type, 64, 512));
        var matrix = new WeightMatrix("random", type, 32, 256,
                RandomWeights.of(type, 32 * 256, new SplittableRandom(3), Arena.ofAuto()));
        assertThatThrownBy(() -> new Quads(matrix, Arena.ofAuto().allocate(64)))
                .hasMessageContaining("in quads needs " + Quads.bytes(matrix) + " bytes, got 64");
    }
}
