package dev.pareto.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pareto.engine.machine.RoundedTile;

final class RoundingTest {

    private static final int COLUMNS = 5 * RoundedTile.RUN;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6})
    void bytesAreNearAndSumsAreTheirs(int tokens) {
        var tile = new RoundedTile(tokens);
        var bytes = new byte[(int) tile.bytes(COLUMNS) + 3];
        var memory = MemorySegment.ofArray(bytes);
        for (int token = 0; token < tokens; token++) {
            var x = values(token);
            Rounding.round(x, 2, COLUMNS, memory, 3, tile, token);
            for (int run = 0; run < 5; run++) {
                assertRun(x, 2 + 32 * run, memory, 3L + (long) run * tile.runBytes(), tile, token);
            }
        }
        assertThat(bytes).startsWith(0, 0, 0);
    }

    /** A run of zeros, one of the smallest floats, one with an element far above the others. */
    private static float[] values(int seed) {
        var random = new SplittableRandom(seed);
        var x = new float[COLUMNS + 2];
        for (int i = 0; i < x.length; i++) {
            x[i] = i < 34 ? 0 : (float) random.nextDouble(-3, 3) * (i < 66 ? Float.MIN_NORMAL : 1);
        }
        x[100] = -1000;
        return x;
    }

    private static void assertRun(float[] x, int from, MemorySegment memory, long run, RoundedTile tile, int token) {
        float scale = memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, run + tile.scale(token));
        var sums = new int[2];
        float most = 0;
        for (int i = 0; i < 32; i++) {
            most = Math.max(most, Math.abs(x[from + i]));
        }
        for (int i = 0; i < 32; i++) {
            int code = memory.get(ValueLayout.JAVA_BYTE, run + tile.codes(token) + i);
            assertThat(code).isBetween(-127, 127);
            assertThat(scale * code).isCloseTo(x[from + i], within(most / 253 + 4 * Float.MIN_NORMAL));
            sums[i / 16] += code;
        }
        assertThat(memory.get(ValueLayout.JAVA_INT_UNALIGNED, run + tile.minusHalfSum(0, token))).isEqualTo(-sums[0]);
        assertThat(memory.get(ValueLayout.JAVA_INT_UNALIGNED, run + tile.minusHalfSum(1, token))).isEqualTo(-sums[1]);
        assertThat(memory.get(ValueLayout.JAVA_INT_UNALIGNED, run + tile.minusSum(token)))
                .isEqualTo(-sums[0] - sums[1]);
        assertThat(memory.get(ValueLayout.JAVA_FLOAT_UNALIGNED, run + tile.minusValue(token)))
                .isEqualTo(-scale * (sums[0] + sums[1]));
        var plain = MemorySegment.ofArray(new byte[tile.runBytes()]);
        Rounding.plain(x, from, plain, 0, tile, token);
        for (int i = 0; i < 32; i++) {
            assertThat(memory.get(ValueLayout.JAVA_BYTE, run + tile.codes(token) + i))
                    .isEqualTo(plain.get(ValueLayout.JAVA_BYTE, tile.codes(token) + i));
        }
    }
}
