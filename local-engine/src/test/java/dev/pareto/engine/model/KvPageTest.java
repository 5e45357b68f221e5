package dev.pareto.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.pareto.engine.CacheType;
import dev.pareto.engine.kernel.Kernels;

/** What a page gives back of what was put in, and what it takes. */
final class KvPageTest {

    private static final int TOKENS = KvPage.TOKENS;

    private final SplittableRandom random = new SplittableRandom(5);

    private static KvLayout layout(KvLayout.Row... rows) {
        long floats = KvLayout.floatsPerToken(List.of(rows));
        return new KvLayout(new ModelShape("test", 10, 1000, rows.length, 64, floats, 0, 0), List.of(rows));
    }

    private float[] vector(int size) {
        var vector = new float[size];
        for (int i = 0; i < size; i++) {
            vector[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        }
        return vector;
    }

    private static float[] key(KvPage page, int layer, int head, int column) {
        int size = page.row(layer).keySize();
        var keys = page.keys(layer, head, size, column + 1, Kernels.best(), new float[size * TOKENS]);
        var key = new float[size];
        for (int d = 0; d < size; d++) {
            key[d] = keys[page.keysAt(layer, head) + d * TOKENS + column];
        }
        return key;
    }

    private static float[] value(KvPage page, int layer, int head, int column) {
        int size = page.row(layer).valueSize();
        var values = page.values(layer, head, column, 1, Kernels.best(), new float[size * TOKENS]);
        int at = page.valuesAt(layer, head, column);
        return Arrays.copyOfRange(values, at, at + size);
    }

    /** Relative to the largest of the 32 numbers, or of those left over, that a number is kept with. */
    private static void assertKept(float[] actual, float[] all, int at, int size, double bound) {
        for (int from = 0; from < size; from += 32) {
            int end = Math.min(size, from + 32);
            double most = 0;
            for (int d = from; d < end; d++) {
                most = Math.max(most, Math.abs(all[at + d]));
            }
            for (int d = from; d < end; d++) {
                assertThat((double) actual[d]).as("dimension %d of %d", d, size)
                        .isCloseTo(all[at + d], within(bound * most));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, 0", "F16, 4.9e-4", "Q8_0, 0.003938"})
    void numbersComeBackWithinTheirRounding(CacheType type, double bound) {
        // Half a unit in the last place: 2^-11 for halves; for bytes 1 / 254, and a little for the rounding of floats.
        var page = layout(new KvLayout.Row(2, 64, 64), new KvLayout.Row(3, 80, 20), new KvLayout.Row(1, 8, 1),
                new KvLayout.Row(1, 100, 0)).newPage(type);
        for (int layer = 0; layer < 4; layer++) {
            var row = page.row(layer);
            for (int column : new int[]{0, 1, 37, 63}) {
                var keys = vector(row.keyFloats() + 2);
                var values = vector(row.valueFloats() + 3);
                page.put(layer, column, keys, 2, values, 3);
                for (int head = 0; head < row.heads(); head++) {
                    assertKept(key(page, layer, head, column), keys, 2 + head * row.keySize(), row.keySize(), bound);
                    if (row.valueSize() > 0) {
                        assertKept(value(page, layer, head, column), values, 3 + head * row.valueSize(),
                                row.valueSize(), bound);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tokensHeadsAndLayersDoNotOverwriteEachOther(CacheType type) {
        var page = layout(new KvLayout.Row(2, 40, 24), new KvLayout.Row(2, 40, 24)).newPage(type);
        for (int layer = 0; layer < 2; layer++) {
            for (int column = 0; column < TOKENS; column++) {
                var keys = new float[80];
                var values = new float[48];
                Arrays.fill(keys, 0, 40, 1 + layer * 1000 + column);
                Arrays.fill(keys, 40, 80, -1 - layer * 1000 - column);
                Arrays.fill(values, 0, 24, 0.5f + column);
                Arrays.fill(values, 24, 48, 1000 + layer + column);
                page.put(layer, column, keys, 0, values, 0);
            }
        }
        for (int layer = 0; layer < 2; layer++) {
            for (int column = 0; column < TOKENS; column++) {
                var near = within(1e-3f * (1000 + column));
                assertThat(key(page, layer, 0, column)).hasSize(40);
                assertThat(key(page, layer, 0, column)[39]).isCloseTo(1 + layer * 1000 + column, near);
                assertThat(key(page, layer, 1, column)[39]).isCloseTo(-1 - layer * 1000 - column, near);
                assertThat(value(page, layer, 0, column)[23]).isCloseTo(0.5f + column, within(1e-3f * (1 + column)));
                assertThat(value(page, layer, 1, column)[0]).isCloseTo(1000 + layer + column, near);
            }
        }
    }

    @Test
    void aPageTakesWhatItsLayoutSays() {
        var layout = layout(new KvLayout.Row(8, 64, 64), new KvLayout.Row(2, 80, 20), new KvLayout.Row(1, 576, 0));
        int numbers = 8 * 128 + 2 * 100 + 576;
        int scales = 8 * (2 + 2) + 2 * (3 + 1) + 18;
        assertThat(layout.pageBytes(CacheType.F32)).isEqualTo(64L * 4 * numbers);
        assertThat(layout.pageBytes(CacheType.F16)).isEqualTo(64L * 2 * numbers);
        assertThat(layout.pageBytes(CacheType.Q8_0)).isEqualTo(64L * (numbers + 4 * scales));
        for (var type : CacheType.values()) {
            assertThat(layout.newPage(type).bytes()).as("%s", type).isEqualTo(layout.pageBytes(type));
        }
    }

    @Test
    void bytesStayFiniteForInfinityAndShowNaN() {
        var page = layout(new KvLayout.Row(1, 64, 32)).newPage(CacheType.Q8_0);
        var key = vector(64);
        key[3] = Float.NEGATIVE_INFINITY;
        key[40] = Float.NaN;
        page.put(0, 5, key, 0, new float[32], 0);
        var kept = key(page, 0, 0, 5);
        assertThat(kept[3]).isLessThan(-1e37f).isGreaterThan(Float.NEGATIVE_INFINITY);
        for (int d = 0; d < 32; d++) {
            assertThat(kept[d]).isFinite();
            assertThat(kept[32 + d]).isNaN();
        }
        assertThat(value(page, 0, 0, 5)).containsOnly(0);
    }

    @Test
    void numbersTooSmallForAScaleAreZero() {
        var page = layout(new KvLayout.Row(1, 32, 32)).newPage(CacheType.Q8_0);
        var tiny = new float[32];
        Arrays.fill(tiny, Float.MIN_VALUE);
        page.put(0, 0, tiny, 0, tiny, 0);
        assertThat(key(page, 0, 0, 0)).containsOnly(0);
        assertThat(value(page, 0, 0, 0)).containsOnly(0);
    }
}
