package dev.pareto.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ComputePoolTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyChunkRunsOnceAndIsSeenByTheCaller(int threads) {
        try (var pool = new ComputePool(threads)) {
            assertThat(pool.threads()).isEqualTo(threads);
            var counts = new int[1000];
            for (int round = 1; round <= 300; round++) {
                pool.run(counts.length, (chunk, _) -> counts[chunk]++);
                assertThat(counts).containsOnly(round);
            }
        }
    }

    @Test
    void noTwoChunksShareAWorkerAtOnce() {
        try (var pool = new ComputePool(4)) {
            var busy = new AtomicIntegerArray(4);
            for (int round = 0; round < 100; round++) {
                pool.run(50, (_, worker) -> {
                    if (busy.incrementAndGet(worker) != 1) {
                        throw new IllegalStateException("worker " + worker + " is shared");
                    }
                    busy.decrementAndGet(worker);
                });
            }
            assertThat(busy.toString()).isEqualTo("[0, 0, 0, 0]");
        }
    }

    @Test
    void aFailureReachesTheCallerAfterTheOtherChunksAndThePoolGoesOn() {
        try (var pool = new ComputePool(3)) {
            var counts = new int[20];
            assertThatThrownBy(() -> pool.run(20, (chunk, _) -> {
                counts[chunk]++;
                if (chunk == 7) {
                    throw new IllegalArgumentException("seven");
                }
            })).isInstanceOf(IllegalArgumentException.class).hasMessage("seven");
            assertThat(counts).containsOnly(1);
            pool.run(20, (chunk, _) -> counts[chunk]++);
            assertThat(counts).containsOnly(2);
        }
    }

    @Test
    void whatWasWorkedOnIsNotKeptAlive() {
        try (var pool = new ComputePool(3)) {
            var task = runOnce(pool);
            for (int i = 0; i < 100 && task.get() != null; i++) {
                System.gc();
            }
            assertThat(task.get()).isNull();
        }
    }

    /** Every thread takes part. A method of its own, so that no frame holds the task. */
    private static WeakReference<ComputePool.Task> runOnce(ComputePool pool) {
        var all = new CountDownLatch(pool.threads());
        ComputePool.Task task = (_, _) -> {
            all.countDown();
            try {
                all.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        pool.run(pool.threads(), task);
        return new WeakReference<>(task);
    }

    @Test
    void aClosedPoolRefuses() {
        var pool = new ComputePool(2);
        pool.close();
        assertThatThrownBy(() -> pool.run(2, (_, _) -> {})).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> new ComputePool(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoComputesAgainAndAgainLetsOthersInWhenItsTurnIsOver() throws InterruptedException {
        var nanos = new AtomicLong();
        var order = new ConcurrentLinkedQueue<String>();
        try (var pool = new ComputePool(1, nanos::get)) {
            var other = Thread.ofPlatform().unstarted(() -> pool.run(1, (_, _) -> order.add("other")));
            pool.run(1, (_, _) -> {
                order.add("one");
                other.start();
                while (pool.waiting() == 0) {
                    Thread.onSpinWait();
                }
            });
            pool.run(1, (_, _) -> order.add("one again"));
            nanos.addAndGet(ComputePool.TURN_NANOS);
            pool.run(1, (_, _) -> order.add("one later"));
            other.join();
        }
        assertThat(order.stream().toList().indexOf("other")).isLessThan(order.stream().toList().indexOf("one later"));
    }
}
