package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.TextDelta;

final class SchedulerTest {

    private static final Sampling WARM = new Sampling(5, 0, 1, 0, 1, 0, 0, 0, 7L, Map.of());

    @Test
    void sequencesRunTogetherAndEachAnswersAsIfAlone() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(5, 20), Runnable::run);
        var random = new SplittableRandom(1);
        var requests = new ArrayList<GenerationRequest>();
        for (int i = 0; i < 20; i++) {
            requests.add(GenerationRequest.of(Bench.prompt(1 + random.nextInt(200), i), 1 + random.nextInt(60),
                    i % 2 == 0 ? Sampling.greedy() : WARM, Duration.ofHours(1)));
        }
        var heard = requests.stream().map(bench::submit).toList();
        bench.untilIdle();
        assertThat(bench.model.largestBatch()).isEqualTo(5);
        for (int i = 0; i < requests.size(); i++) {
            var alone = Bench.alone(FakeModel.scrambler(), requests.get(i));
            assertThat(heard.get(i).text()).isEqualTo(alone.text());
            assertThat(heard.get(i).requireResult().completionTokens()).isEqualTo(requests.get(i).maxTokens());
            assertThat(alone.requireResult().reason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void aStepReadsNoMoreOfPromptsThanTheChunkAndSharesIt() {
        var bench = new Bench(FakeModel.scrambler());
        var longer = bench.submit(Bench.request(Bench.prompt(1000, 1), 5));
        var shorter = bench.submit(Bench.request(Bench.prompt(10, 2), 5));
        bench.steps(1);
        assertThat(tokens(bench.model.batches.getFirst())).isEqualTo(32);
        assertThat(shorter.deltas).hasSize(1);
        bench.untilIdle();
        assertThat(bench.model.batches).allMatch(batch -> tokens(batch) <= 32 + 1);
        assertThat(longer.requireResult().promptTokens()).isEqualTo(1000);
    }

    @Test
    void answersGoOnWithEveryStepWhileAPromptIsRead() {
        var bench = new Bench(FakeModel.scrambler());
        var early = bench.submit(Bench.request(Bench.prompt(4, 1), 50));
        bench.steps(1);
        bench.submit(Bench.request(Bench.prompt(640, 2), 3));
        bench.steps(20);
        assertThat(early.deltas).hasSize(21);
    }

    @Test
    void cancelStopsTheWorkBeforeTheNextToken() {
        var bench = new Bench(FakeModel.scrambler());
        var heard = new Heard();
        var generation = bench.submit(Bench.request(Bench.prompt(4, 1), 50), heard);
        bench.steps(3);
        generation.cancel();
        bench.untilIdle();
        assertThat(bench.model.batches).hasSize(3);
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(heard.requireResult().completionTokens()).isEqualTo(3);
        assertThat(bench.scheduler.load().cacheBytes()).isZero();
        assertThat(generation.done()).isCompletedWithValue(heard.requireResult());
    }

    @Test
    void cancelDuringAStepDropsItsTokenAndDuringAPromptItsRest() {
        var bench = new Bench(FakeModel.scrambler());
        var heard = new Heard();
        var generation = bench.submit(Bench.request(Bench.prompt(400, 1), 50), heard);
        bench.model.duringForward = () -> {
            if (bench.model.batches.size() == 2) {
                generation.cancel();
            }
        };
        bench.untilIdle();
        assertThat(bench.model.batches).hasSize(2);
        assertThat(heard.deltas).isEmpty();
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void aWaitingRequestCanBeCancelled() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(1, 1), Runnable::run);
        bench.submit(Bench.request(Bench.prompt(4, 1), 10));
        var heard = new Heard();
        var waiting = bench.submit(Bench.request(Bench.prompt(4, 2), 10), heard);
        bench.steps(2);
        waiting.cancel();
        bench.steps(1);
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(heard.requireResult().timings().started()).isNull();
        assertThat(bench.scheduler.load().waiting()).isZero();
    }

    @Test
    void refusesAtOnceWhenEveryPlaceIsTakenAndAcceptsAgainLater() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(2, 1), Runnable::run);
        var request = Bench.request(Bench.prompt(4, 1), 3);
        var heard = List.of(bench.submit(request), bench.submit(request), bench.submit(request));
        bench.steps(1);
        assertThatThrownBy(() -> bench.submit(request)).isInstanceOf(EngineException.Busy.class)
                .hasMessageContaining("2 requests run and 1 wait")
                .satisfies(e -> assertThat(((EngineException) e).code()).isEqualTo("engine_busy"));
        assertThat(bench.scheduler.load().refused()).isOne();
        bench.untilIdle();
        assertThat(heard).allMatch(one -> one.text().length() == 3);
        var later = bench.submit(request);
        bench.untilIdle();
        assertThat(later.text()).hasSize(3);
    }

    @Test
    void placesAreGivenBackHoweverARequestEnds() {
        var bench = new Bench(new FakeModel(history -> history.getFirst() == 9 ? -1 : 'x'), Bench.settings(1, 0),
                Runnable::run);
        for (int i = 0; i < 5; i++) {
            var broken = bench.submit(Bench.request(new int[]{9}, 3));
            bench.untilIdle();
            assertThat(broken.requireFailure().code()).isEqualTo("computation_failed");
            bench.submit(Bench.request(new int[]{1}, 3), new Heard()).cancel();
            bench.untilIdle();
            var good = bench.submit(Bench.request(new int[]{1}, 3));
            bench.untilIdle();
            assertThat(good.text()).isEqualTo("xxx");
        }
        assertThatThrownBy(() -> {
            bench.submit(Bench.request(new int[]{1}, 3));
            bench.submit(Bench.request(new int[]{1}, 3));
        }).isInstanceOf(EngineException.Busy.class);
    }

    @Test
    void aRequestThatWaitsTooLongIsBusy() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(1, 1), Runnable::run);
        bench.submit(Bench.request(Bench.prompt(4, 1), 50));
        var waiting = bench.submit(Bench.request(Bench.prompt(4, 1), 50));
        bench.steps(1);
        bench.nanos += Duration.ofSeconds(61).toNanos();
        bench.steps(1);
        assertThat(waiting.requireFailure()).isInstanceOf(EngineException.Busy.class)
                .hasMessageContaining("waited 60000 ms");
    }

    @Test
    void theTimeLimitCutsAnAnswerWithWhatItHas() {
        var bench = new Bench(FakeModel.scrambler());
        bench.model.duringForward = () -> bench.nanos += Duration.ofMillis(10).toNanos();
        var heard = bench.submit(GenerationRequest.of(Bench.prompt(4, 1), 50, Sampling.greedy(),
                Duration.ofMillis(35)));
        bench.untilIdle();
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.TIME_LIMIT);
        assertThat(heard.text()).hasSize(3);
        assertThat(heard.requireResult().timings().firstToken()).isEqualTo(Duration.ofMillis(10));
        assertThat(heard.requireResult().timings().total()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void aSlowListenerPausesItsOwnRequestOnly() {
        var tasks = new ArrayDeque<Runnable>();
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(4, 4), tasks::add);
        var slow = bench.submit(Bench.request(Bench.prompt(4, 1), 1000));
        bench.steps(1);
        var held = tasks.remove();
        var quick = bench.submit(Bench.request(Bench.prompt(4, 2), 600));
        for (int i = 0; i < 700; i++) {
            bench.steps(1);
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }
        assertThat(quick.text()).hasSize(600);
        assertThat(slow.deltas).isEmpty();
        assertThat(bench.scheduler.load().completionTokens()).isEqualTo(600 + Mailbox.CAPACITY);
        assertThat(bench.scheduler.runOnce()).isFalse();
        held.run();
        while (bench.scheduler.runOnce()) {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }
        assertThat(slow.text()).isEqualTo(
                Bench.alone(FakeModel.scrambler(), Bench.request(Bench.prompt(4, 1), 1000)).text());
    }

    @Test
    void aListenerThatThrowsLosesItsRequestAndNothingElse() {
        var bench = new Bench(FakeModel.scrambler());
        var ends = new ArrayList<FinishReason>();
        bench.submit(Bench.request(Bench.prompt(4, 1), 50), new GenerationListener() {
            @Override
            public void onText(TextDelta delta) {
                throw new AssertionError("the client's fault");
            }

            @Override
            public void onFinish(GenerationResult result) {
                ends.add(result.reason());
                throw new IllegalStateException("again");
            }

            @Override
            public void onError(EngineException failure) {
                throw failure;
            }
        });
        var other = bench.submit(Bench.request(Bench.prompt(4, 2), 50));
        bench.untilIdle();
        assertThat(ends).containsExactly(FinishReason.CANCELLED);
        assertThat(other.text()).hasSize(50);
        assertThat(bench.model.batches.stream().filter(batch -> batch.size() == 2)).hasSize(1);
    }

    @Test
    void cachesStayWithinTheirMemoryAndNobodyOvertakes() {
        long room = 10 * FakeModel.PAGE_BYTES; // 100 tokens
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(4, 4).withCacheBytes(room), Runnable::run);
        var first = bench.submit(Bench.request(Bench.prompt(50, 1), 20));
        var second = bench.submit(Bench.request(Bench.prompt(50, 2), 20));
        var third = bench.submit(Bench.request(Bench.prompt(5, 3), 5));
        bench.model.duringForward = () -> assertThat(bench.scheduler.load().cacheBytes()).isLessThanOrEqualTo(room);
        bench.steps(10);
        assertThat(bench.scheduler.load().running()).isOne();
        assertThat(third.deltas).isEmpty();
        bench.untilIdle();
        assertThat(List.of(first, second, third)).allMatch(heard -> heard.ends == 1 && heard.failure == null);
        assertThatThrownBy(() -> bench.submit(Bench.request(Bench.prompt(100, 1), 1)))
                .isInstanceOf(EngineException.ContextTooLong.class)
                .hasMessageContaining("prompt has 100 tokens")
                .hasMessageContaining("not exceed 100")
                .hasMessageContaining("memory");
    }

    @Test
    void anAnswerLongerThanTheContextEndsWhereThatEnds() {
        var bench = new Bench(FakeModel.scrambler());
        var oneTooMany = bench.submit(Bench.request(Bench.prompt(4000, 1), 97));
        var most = bench.submit(Bench.request(Bench.prompt(4090, 1), Integer.MAX_VALUE));
        bench.untilIdle();
        assertThat(oneTooMany.requireResult().completionTokens()).isEqualTo(96);
        assertThat(oneTooMany.requireResult().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(most.requireResult().completionTokens()).isEqualTo(6);
        assertThat(most.requireResult().reason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void whatTheContextCannotHoldIsRefusedWithItsSizes() {
        var bench = new Bench(FakeModel.scrambler());
        assertThatThrownBy(() -> bench.submit(Bench.request(Bench.prompt(4097, 1), 97)))
                .isInstanceOfSatisfying(EngineException.ContextTooLong.class, e -> {
                    assertThat(e.promptTokens()).isEqualTo(4097);
                    assertThat(e.limit()).isEqualTo(4096);
                    assertThat(e).hasMessageContaining("context length of fake");
                });
        var fits = bench.submit(Bench.request(Bench.prompt(4000, 1), 96));
        var byDefault = bench.submit(Bench.request(Bench.prompt(4050, 1), GenerationRequest.ENGINE_DEFAULT));
        bench.untilIdle();
        assertThat(fits.requireResult().completionTokens()).isEqualTo(96);
        assertThat(byDefault.requireResult().completionTokens()).isEqualTo(46);
        assertThatThrownBy(() -> bench.submit(Bench.request(Bench.prompt(4096, 1), GenerationRequest.ENGINE_DEFAULT)))
                .isInstanceOf(EngineException.ContextTooLong.class);
        assertThatThrownBy(() -> bench.submit(Bench.request(new int[]{1, 257}, 1)))
                .isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("token 257 at position 1");
    }

    @Test
    void brokenLogitsFailTheirSequenceAlone() {
        var bench = new Bench(new FakeModel(history -> history.getFirst() == 9 && history.size() > 6 ? -1 : 'x'));
        var broken = bench.submit(Bench.request(new int[]{9, 1, 1}, 20));
        var good = bench.submit(Bench.request(new int[]{1, 1, 1}, 20));
        bench.untilIdle();
        assertThat(broken.requireFailure()).isInstanceOf(EngineException.ComputationFailed.class)
                .hasMessageContaining("NaN");
        assertThat(good.text()).hasSize(20);
    }

    @Test
    void aModelThatThrowsFailsTheStepAndServesTheNext() {
        var bench = new Bench(FakeModel.scrambler());
        bench.model.duringForward = () -> {
            if (bench.model.batches.size() == 3) {
                throw new OutOfMemoryError("pretended");
            }
        };
        var failed = bench.submit(Bench.request(new int[]{1}, 20));
        bench.steps(3);
        assertThat(failed.requireFailure()).hasMessageContaining("pretended");
        assertThat(bench.scheduler.load().cacheBytes()).isZero();
        var next = bench.submit(Bench.request(new int[]{1}, 20));
        bench.untilIdle();
        assertThat(next.text()).hasSize(20);
    }

    @Test
    void anEmbeddingIsTheMeanStateOfLengthOneWhateverTheChunks() {
        var bench = new Bench(FakeModel.scrambler());
        var prompt = Bench.prompt(100, 5);
        var answer = bench.submit(Bench.request(Bench.prompt(4, 2), 30));
        var future = bench.scheduler.embed(prompt);
        bench.untilIdle();
        double mean = Arrays.stream(prompt).average().orElseThrow();
        float[] embedding = future.join();
        assertThat((double) embedding[0] / embedding[1]).isCloseTo(mean, within(1e-3));
        assertThat(Math.hypot(embedding[0], embedding[1])).isCloseTo(1, within(1e-6));
        assertThat(answer.text()).hasSize(30);
    }

    @Test
    void aReadingThatNobodyWaitsForStops() {
        var bench = new Bench(FakeModel.scrambler());
        var future = bench.scheduler.embed(Bench.prompt(1000, 5));
        bench.steps(2);
        future.cancel(false);
        bench.untilIdle();
        assertThat(bench.model.batches).hasSize(2);
        assertThat(bench.scheduler.load().cacheBytes()).isZero();
        assertThat(bench.scheduler.load().running()).isZero();
    }

    @Test
    void logitsAreReadAtAnyPositions() {
        var bench = new Bench(FakeModel.scrambler());
        var prompt = Bench.prompt(70, 5);
        var future = bench.scheduler.logits(prompt, new int[]{69, 0, 40, 40});
        bench.untilIdle();
        float[][] rows = future.join();
        assertThat(rows).hasDimensions(4, FakeTokenizer.SIZE);
        assertThat(rows[2]).isEqualTo(rows[3]);
        for (int i = 0; i < 3; i++) {
            int position = new int[]{69, 0, 40}[i];
            var alone = Bench.alone(FakeModel.scrambler(),
                    Bench.request(Arrays.copyOf(prompt, position + 1), 1)).text();
            assertThat(rows[i][alone.charAt(0)]).isEqualTo(2);
        }
        assertThatThrownBy(() -> bench.scheduler.logits(prompt, new int[]{70}))
                .isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("position 70");
        assertThatThrownBy(() -> bench.scheduler.embed(new int[0])).isInstanceOf(EngineException.InvalidRequest.class);
    }

    @Test
    void theLoadTellsWhatWasDone() {
        var bench = new Bench(FakeModel.scrambler());
        assertThat(bench.scheduler.load().tokensPerSecond()).isNull();
        assertThat(bench.scheduler.load().firstTokenMedian()).isNull();
        bench.model.duringForward = () -> bench.nanos += Duration.ofMillis(10).toNanos();
        bench.submit(Bench.request(Bench.prompt(64, 1), 400));
        bench.untilIdle();
        var load = bench.scheduler.load();
        assertThat(load.promptTokens()).isEqualTo(64);
        assertThat(load.completionTokens()).isEqualTo(400);
        assertThat(load.steps()).isEqualTo(401);
        assertThat(load.accepted()).isOne();
        assertThat(load.tokensPerSecond()).isBetween(98.0, 100.0);
        assertThat(load.firstTokenMedian()).isEqualTo(Duration.ofMillis(20));
    }

    private static int tokens(List<BatchModel.Slice> batch) {
        return batch.stream().mapToInt(slice -> slice.tokens().length).sum();
    }
}
