package dev.pareto.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.gguf.GgufException;

final class WatchedTest {

    private static final long FLOOR = 1 << 20;

    @Test
    void aRefusalIsFine() {
        assertThatCode(() -> Watched.run(8, FLOOR, GgufException.class, () -> {
            throw new GgufException(4, "no such version");
        })).doesNotThrowAnyException();
    }

    @Test
    void anyOtherExceptionIsAFinding() {
        assertThatThrownBy(() -> Watched.run(8, FLOOR, GgufException.class, () -> {
            throw new IndexOutOfBoundsException("9 of 8");
        })).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Watched.run(8, FLOOR, GgufException.class, () -> {
            throw new StackOverflowError();
        })).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void aRefusalThatSaysNothingIsAFinding() {
        assertThatThrownBy(() -> Watched.run(8, FLOOR, IllegalStateException.class, () -> {
            throw new IllegalStateException();
        })).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void memoryBeyondTwiceTheInputAndTheFloorIsAFinding() {
        var kept = new AtomicReference<byte[]>();
        assertThatCode(() -> Watched.run(1 << 22, FLOOR, GgufException.class, () -> kept.set(new byte[1 << 23])))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Watched.run(1 << 20, FLOOR, GgufException.class, () -> kept.set(new byte[1 << 23])))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("allocated");
    }
}
