package dev.pareto.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.gguf.WeightType;

final class WeightMatrixTest {

    @Test
    void anExpertIsAViewOfItsRowsAmongAllExperts() {
        var all = RandomWeights.of(WeightType.MXFP4, 3L * 5 * 64, new SplittableRandom(1), Arena.ofAuto());
        var values = new float[3 * 5 * 64];
        Blocks.dequantise(WeightType.MXFP4, all, 0, values.length, values, 0);
        for (int expert = 0; expert < 3; expert++) {
            var matrix = WeightMatrix.expert("up", WeightType.MXFP4, 5, 64, all, expert);
            var row = new float[64];
            Blocks.dequantise(matrix.type(), matrix.data(), matrix.blockOffset(4, 0), 64, row, 0);
            int from = (expert * 5 + 4) * 64;
            assertThat(row).containsExactly(Arrays.copyOfRange(values, from, from + 64));
            assertThat(matrix.data().address()).isEqualTo(all.address() + expert * 5L * 34);
            assertThat(matrix.name()).isEqualTo("up[" + expert + "]");
        }
    }

    @Test
    void anExpertThatIsNotThereIsRefused() {
        var all = Arena.ofAuto().allocate(3 * 34);
        assertThatThrownBy(() -> WeightMatrix.expert("up", WeightType.MXFP4, 1, 64, all, 3))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> WeightMatrix.expert("up", WeightType.MXFP4, 1, 64, all, -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> WeightMatrix.expert("up", WeightType.MXFP4, 2, 64, all, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no whole number of matrices of 68");
    }
}
