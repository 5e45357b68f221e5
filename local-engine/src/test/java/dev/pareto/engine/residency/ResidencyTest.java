package dev.pareto.engine.residency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;

/** Loading, leasing and unloading of models that are only names and sizes. */
final class ResidencyTest {

    private static final Duration IDLE = Duration.ofMinutes(10);

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private long nanos = 1_000;
    private ResidencyLimits limits = new ResidencyLimits(100, 50, IDLE);
    private final Residency<String> residency = new Residency<>(() -> limits, tasks::add, () -> nanos);

    /** A model that tells of what is done with it. */
    private class Fake implements Stored<String> {

        private final String name;
        private final long weights;
        private final long heap;
        private boolean pinned;
        private @Nullable Exception fault;

        Fake(String name, long weights, long heap) {
            this.name = name;
            this.weights = weights;
            this.heap = heap;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean pinned() {
            return pinned;
        }

        @Override
        public Footprint footprint() {
            return new Footprint(weights, 0, heap, 0);
        }

        @Override
        public String load() throws IOException {
            switch (fault) {
                case null -> told.add("load " + name);
                case IOException e -> throw e;
                case RuntimeException e -> throw e;
                case Exception e -> throw new AssertionError(e);
            }
            return name;
        }

        @Override
        public void unload(String model) {
            told.add("unload " + model);
        }
    }

    private final Fake a = new Fake("a", 40, 0);
    private final Fake b = new Fake("b", 40, 0);
    private final Fake c = new Fake("c", 40, 0);

    private void work() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private Lease<String> loaded(Fake model) {
        var lease = residency.lease(model);
        work();
        return lease.join();
    }

    /** Loaded and given back. */
    private void used(Fake model) {
        loaded(model).close();
        pass(Duration.ofSeconds(1));
    }

    private Throwable refusal(Fake model) {
        var lease = residency.lease(model);
        work();
        return failure(lease);
    }

    private static Throwable failure(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        return future.exceptionNow();
    }

    @Test
    void whoAsksWhileAModelIsLoadedSharesTheLoad() {
        var one = residency.lease(a);
        var two = residency.lease(a);
        assertThat(tasks).hasSize(1);
        assertThat(one).isNotDone();
        assertThat(residency.residence(a)).isEqualTo(new Residence.Loading(null));
        work();
        assertThat(one.join().model()).isEqualTo("a");
        assertThat(two.join().model()).isEqualTo("a");
        assertThat(residency.lease(a)).isCompleted();
        assertThat(told).containsExactly("load a");
        assertThat(residency.residence(a))
                .isEqualTo(new Residence.Ready(new Footprint(40, 0, 0, 0), 3, Duration.ZERO));
        assertThat(residency.totals().takes().total()).isEqualTo(40);
        assertThat(residency.totals().loads()).isOne();
    }

    @Test
    void aFailedLoadIsToldToAllAndTriedAgainSoonButNotAtOnce() {
        a.fault = new IOException("gone");
        var one = residency.lease(a);
        var two = residency.lease(a);
        work();
        assertThat(failure(one)).isInstanceOf(EngineException.UnusableModel.class).hasMessageContaining("model a");
        assertThat(failure(two)).isSameAs(failure(one));
        assertThat(residency.residence(a))
                .isEqualTo(new Residence.Failed("the file of the model a cannot be read", Duration.ZERO));
        assertThat(residency.refusal(a)).isSameAs(failure(one));

        a.fault = null;
        pass(Residency.HOLD.minusNanos(1));
        assertThat(refusal(a)).isSameAs(failure(one));
        pass(Duration.ofNanos(1));
        assertThat(residency.refusal(a)).isNull();
        assertThat(loaded(a).model()).isEqualTo("a");
        assertThat(residency.totals().failures()).isOne();
        assertThat(residency.totals().takes().total()).isEqualTo(40);
    }

    @Test
    void whateverALoadThrowsReachesThoseWhoWaitAndHoldsNoMemory() {
        a.fault = new IllegalStateException("broken");
        assertThat(refusal(a)).isInstanceOf(EngineException.ComputationFailed.class).hasMessageContaining("broken");
        assertThat(residency.totals().takes()).isEqualTo(Footprint.NONE);
    }

    @Test
    void theLongestUnusedGoesFirstAndBeforeTheNewOneIsLoaded() {
        used(a);
        used(b);
        used(a);
        used(c);
        assertThat(told).containsExactly("load a", "load b", "unload b", "load c");
        assertThat(residency.residence(b)).isEqualTo(new Residence.OnDisk());
        assertThat(residency.totals().takes().total()).isEqualTo(80);
        assertThat(residency.totals().unloads()).isOne();
    }

    @Test
    void nothingIsUnloadedForOneThatWouldNotFitAllTheSame() {
        used(a);
        var held = loaded(b);
        var large = new Fake("large", 70, 0);
        assertThat(refusal(large)).isInstanceOf(EngineException.MemoryFull.class);
        assertThat(told).containsExactly("load a", "load b");
        held.close();
        loaded(large).close();
        assertThat(told).containsExactly("load a", "load b", "unload a", "unload b", "load large");
    }

    @Test
    void aModelInUseIsNeverUnloadedAndTheRefusalTellsTheFigures() {
        limits = new ResidencyLimits(100_000_000, 50, IDLE);
        var busy = new Fake("busy", 60_000_000, 0);
        var next = new Fake("next", 50_000_000, 0);
        var lease = loaded(busy);
        pass(Duration.ofDays(1));
        residency.sweep();
        assertThat(refusal(next)).isInstanceOf(EngineException.MemoryFull.class)
                .hasMessageContaining("next needs 50.0 MB (weights 50.0 MB")
                .hasMessageContaining("of the 100.0 MB")
                .hasMessageContaining("take 60.0 MB");
        assertThat(residency.refusal(next)).isInstanceOf(EngineException.MemoryFull.class);

        lease.close();
        assertThat(residency.refusal(next)).as("there is room at once, without a wait").isNull();
        assertThat(loaded(next).model()).isEqualTo("next");
        assertThat(told).containsExactly("load busy", "unload busy", "load next");
    }

    @Test
    void aModelThatCanNeverFitIsRefusedForGood() {
        var huge = new Fake("huge", 101, 0);
        assertThat(refusal(huge)).isInstanceOf(EngineException.ModelTooLarge.class).hasMessageContaining("huge needs");
        assertThat(told).isEmpty();

        a.pinned = true;
        used(a);
        assertThat(refusal(new Fake("besides", 61, 0))).as("the pinned one never leaves")
                .isInstanceOf(EngineException.ModelTooLarge.class);
        assertThat(loaded(new Fake("small", 60, 0)).model()).isEqualTo("small");
    }

    @Test
    void theHeapHasALimitOfItsOwn() {
        used(new Fake("one", 1, 30));
        used(new Fake("two", 1, 30));
        assertThat(told).containsExactly("load one", "unload one", "load two");
        assertThat(refusal(new Fake("wide", 1, 51))).isInstanceOf(EngineException.ModelTooLarge.class)
                .hasMessageContaining("of the heap");
    }

    @Test
    void unusedModelsGoAfterAWhilePinnedOnesStay() {
        b.pinned = true;
        used(a);
        used(b);
        pass(IDLE.minusSeconds(3));
        residency.sweep();
        assertThat(residency.residence(a)).isInstanceOfSatisfying(Residence.Ready.class,
                ready -> assertThat(ready.unused()).isEqualTo(IDLE.minusSeconds(1)));
        pass(Duration.ofSeconds(1));
        residency.sweep();
        assertThat(told).containsExactly("load a", "load b", "unload a");
        pass(IDLE);
        residency.sweep();
        b.pinned = false;
        assertThat(told).doesNotContain("unload b");
        residency.sweep();
        assertThat(told).endsWith("unload b");
        assertThat(residency.totals().takes()).isEqualTo(Footprint.NONE);
    }

    @Test
    void aLowerLimitUnloadsWhatIsBeyondIt() {
        used(a);
        used(b);
        residency.sweep();
        assertThat(told).hasSize(2);
        limits = new ResidencyLimits(50, 50, IDLE);
        residency.sweep();
        assertThat(told).containsExactly("load a", "load b", "unload a");
    }

    @Test
    void whoAsksForAModelThatIsBeingUnloadedGetsItAnew() {
        List<CompletableFuture<Lease<String>>> asked = new ArrayList<>();
        var leaving = new Fake("leaving", 40, 0) {
            @Override
            public void unload(String model) {
                super.unload(model);
                asked.add(residency.lease(this));
                assertThat(residency.residence(this)).isEqualTo(new Residence.Unloading(footprint()));
            }
        };
        used(leaving);
        pass(IDLE);
        residency.sweep();
        work();
        assertThat(asked).singleElement().satisfies(lease -> assertThat(lease.join().model()).isEqualTo("leaving"));
        assertThat(told).containsExactly("load leaving", "unload leaving", "load leaving");
    }

    @Test
    void whoGaveUpWaitingHoldsNothing() {
        var lease = residency.lease(a);
        lease.cancel(false);
        work();
        pass(IDLE);
        residency.sweep();
        assertThat(told).containsExactly("load a", "unload a");
    }

    @Test
    void aLeaseIsGivenBackOnce() {
        var one = loaded(a);
        var two = loaded(a);
        one.close();
        one.close();
        pass(IDLE);
        residency.sweep();
        assertThat(told).containsExactly("load a");
        two.close();
        pass(IDLE);
        residency.sweep();
        assertThat(told).containsExactly("load a", "unload a");
    }

    @Test
    void aFaultWhileUnloadingLeavesTheRoomFree() {
        var sticky = new Fake("sticky", 100, 0) {
            @Override
            public void unload(String model) {
                throw new IllegalStateException("stuck");
            }
        };
        used(sticky);
        assertThat(loaded(a).model()).isEqualTo("a");
        assertThat(residency.totals().takes().total()).isEqualTo(40);
    }

    @Test
    void closingUnloadsWhatIsThereAndWhatComesLate() {
        var used = loaded(a);
        var waiting = residency.lease(b);
        residency.close();
        assertThat(told).containsExactly("load a", "unload a");
        assertThat(failure(waiting)).isInstanceOf(EngineException.Closed.class);
        work();
        assertThat(told).containsExactly("load a", "unload a", "load b", "unload b");
        assertThat(refusal(c)).isInstanceOf(EngineException.Closed.class);
        used.close();
        residency.close();
        assertThat(told).hasSize(4);
    }

    @Test
    void anExecutorThatIsShutDownFailsTheLeaseRatherThanHangingIt() {
        var late = new Residency<String>(() -> limits, _ -> {
            throw new RejectedExecutionException();
        }, () -> nanos);
        assertThatThrownBy(() -> late.lease(a).get()).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(EngineException.Closed.class);
    }

    @Test
    void onlyAModelThatIsReadyIsLookedAtAndThatIsNoUse() {
        assertThat(residency.peek(a, String::length)).isNull();
        used(a);
        pass(IDLE.minusSeconds(2));
        assertThat(residency.peek(a, String::length)).isOne();
        pass(Duration.ofSeconds(2));
        residency.sweep();
        assertThat(residency.peek(a, String::length)).isNull();
        assertThat(told).containsExactly("load a", "unload a");
    }
}
