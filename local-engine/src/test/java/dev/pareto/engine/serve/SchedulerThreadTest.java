package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.TextDelta;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class SchedulerThreadTest {

    @Test
    void onlyTheModelsOwnThreadComputesAndNoListenerRunsOnIt() throws Exception {
        var bench = threaded(8, 8);
        var listening = CompletableFuture.<Thread>supplyAsync(Thread::currentThread);
        var heardOn = new CompletableFuture<Thread>();
        bench.scheduler.start();
        bench.submit(Bench.request(new int[]{1}, 5), new GenerationListener() {
            @Override
            public void onText(TextDelta delta) {
                heardOn.complete(Thread.currentThread());
            }

            @Override
            public void onFinish(GenerationResult result) {}

            @Override
            public void onError(EngineException failure) {}
        }).done().get();
        bench.scheduler.close();
        assertThat(bench.model.threads).isNotEmpty()
                .allMatch(thread -> thread.getName().equals("pareto-model-fake") && !thread.isVirtual());
        assertThat(heardOn.get().isVirtual()).isTrue();
        assertThat(listening.get()).isNotIn(bench.model.threads);
    }

    @Test
    void manyCallersAreServedByOneThread() throws Exception {
        var bench = threaded(4, 60);
        bench.scheduler.start();
        var all = new ArrayList<Heard>();
        var done = new ArrayList<CompletableFuture<GenerationResult>>();
        for (int i = 0; i < 60; i++) {
            var heard = new Heard();
            all.add(heard);
            done.add(bench.submit(Bench.request(Bench.prompt(3 + i, i), 40), heard).done());
        }
        for (int i = 0; i < 60; i++) {
            done.get(i).get();
            assertThat(all.get(i).text()).isEqualTo(
                    Bench.alone(FakeModel.scrambler(), Bench.request(Bench.prompt(3 + i, i), 40)).text());
        }
        bench.scheduler.close();
    }

    @Test
    void cancelFromAListenerEndsTheWork() throws Exception {
        var bench = threaded(1, 0);
        bench.scheduler.start();
        var generation = new CompletableFuture<Generation>();
        var submitted = bench.submit(Bench.request(new int[]{1}, 4000), new GenerationListener() {
            @Override
            public void onText(TextDelta delta) {
                generation.join().cancel();
            }

            @Override
            public void onFinish(GenerationResult result) {}

            @Override
            public void onError(EngineException failure) {}
        });
        generation.complete(submitted);
        assertThat(submitted.done().get().completionTokens()).isLessThan(4000);
        bench.scheduler.close();
    }

    @Test
    void closeEndsEverythingAndRefusesMore() throws Exception {
        var bench = threaded(1, 10);
        var inStep = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        bench.model.duringForward = () -> {
            inStep.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        bench.scheduler.start();
        var running = bench.submit(Bench.request(new int[]{1}, 4000), new Heard());
        var waiting = bench.submit(Bench.request(new int[]{1}, 4000), new Heard());
        var reading = bench.scheduler.embed(new int[]{1, 2});
        inStep.await();
        var closing = CompletableFuture.runAsync(bench.scheduler::close);
        while (!closed(bench)) {
            Thread.onSpinWait();
        }
        assertThat(closing).isNotDone(); // the step that is computed now ends first
        go.countDown();
        closing.get();
        for (var done : new CompletableFuture<?>[]{running.done(), waiting.done(), reading}) {
            assertThatThrownBy(done::get).isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(EngineException.Closed.class);
        }
        assertThat(bench.model.batches.size()).isLessThan(10);
        assertThatThrownBy(() -> bench.submit(Bench.request(new int[]{1}, 1)))
                .isInstanceOf(EngineException.Closed.class)
                .hasMessageContaining("fake");
        bench.scheduler.close();
    }

    /** Whether closing has begun; until then a request is taken or finds no place. */
    private static boolean closed(Bench bench) {
        try {
            bench.submit(Bench.request(new int[]{1}, 1), new Heard());
            return false;
        } catch (EngineException.Busy _) {
            return false;
        } catch (EngineException.Closed _) {
            return true;
        }
    }

    @Test
    void whatIsChainedToAReadingMayBlockWhileOthersGoOn() throws Exception {
        var bench = threaded(4, 4);
        var isChained = new CountDownLatch(1);
        bench.model.duringForward = () -> awaitQuietly(isChained); // else it may run, and block, here
        bench.scheduler.start();
        var go = new CountDownLatch(1);
        var blocked = new CountDownLatch(1);
        var chained = bench.scheduler.embed(Bench.prompt(100, 1)).thenAccept(_ -> {
            blocked.countDown();
            awaitQuietly(go);
        });
        isChained.countDown();
        assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
        var answer = bench.submit(Bench.request(new int[]{1}, 5), new Heard());
        assertThat(answer.done().get(20, TimeUnit.SECONDS).completionTokens()).isEqualTo(5);
        go.countDown();
        chained.get(20, TimeUnit.SECONDS);
        bench.scheduler.close();
    }

    @Test
    void whatIsChainedToAReadingMayCloseTheModel() throws Exception {
        var bench = threaded(4, 4);
        var go = new CountDownLatch(1);
        bench.model.duringForward = () -> awaitQuietly(go); // so that it is chained before the end
        bench.scheduler.start();
        var logits = bench.scheduler.logits(new int[]{1, 2}, new int[]{1})
                .thenRun(bench.scheduler::close);
        var vectors = bench.scheduler.embed(Bench.prompt(100, 1)).handle((_, _) -> {
            bench.scheduler.close();
            return true;
        });
        go.countDown();
        vectors.get(20, TimeUnit.SECONDS);
        assertThat(logits.handle((_, _) -> true).get(20, TimeUnit.SECONDS)).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Bench threaded(int running, int waiting) {
        return new Bench(FakeModel.scrambler(), Bench.settings(running, waiting),
                task -> Thread.ofVirtual().name("listener").start(task));
    }
}
