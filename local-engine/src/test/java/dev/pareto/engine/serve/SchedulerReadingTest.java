package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.model.ReadingShape;
import dev.pareto.engine.model.blueprint.Pooling;

/** Requests of many texts: how they share the model, and end. A fake state is its token and a 1. */
final class SchedulerReadingTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static Bench bench(boolean encodes, Pooling pooling) {
        var model = FakeModel.scrambler();
        model.reading = new ReadingShape(encodes, pooling, pooling == Pooling.RANK ? 1 : 0, false);
        return new Bench(model);
    }

    private static List<Passage> passages(int count, int length) {
        return IntStream.range(0, count).mapToObj(i -> Passage.of(Bench.prompt(length, i))).toList();
    }

    /** The token whose state a vector of length 1 is. */
    private static double token(float[] vector) {
        return (double) vector[0] / vector[1];
    }

    @ParameterizedTest
    @EnumSource(value = Pooling.class, names = {"CLS", "LAST"})
    void oneStateStandsForATextHoweverItIsChunked(Pooling pooling) {
        for (boolean encodes : new boolean[]{true, false}) {
            var bench = bench(encodes, pooling);
            var prompt = Bench.prompt(100, 7);
            var vectors = bench.scheduler.embed(List.of(Passage.of(prompt)), null, LIMIT);
            bench.untilIdle();
            assertThat(token(vectors.join().getFirst()[0]))
                    .isCloseTo(prompt[pooling == Pooling.CLS ? 0 : 99], within(1e-3));
            assertThat(bench.model.batches).hasSize(encodes ? 1 : 4);
        }
    }

    @Test
    void withoutPoolingEveryStateIsGivenAsItIs() {
        var bench = bench(false, Pooling.NONE);
        var vectors = bench.scheduler.embed(passages(1, 70), null, LIMIT);
        bench.untilIdle();
        assertThat(vectors.join().getFirst().length).isEqualTo(70);
        assertThat(vectors.join().getFirst()[69]).containsExactly(Bench.prompt(70, 0)[69], 1);
        assertThatThrownBy(() -> bench.scheduler.embed(new int[]{1}))
                .isInstanceOf(EngineException.InvalidRequest.class);
    }

    @Test
    void anEncodersTextsAreNeverCutAndFillAStepInTheOrderTheyCame() {
        var bench = bench(true, Pooling.CLS);
        var vectors = bench.scheduler.embed(
                IntStream.of(300, 200, 100, 12, 600).mapToObj(n -> Passage.of(Bench.prompt(n, n))).toList(), null,
                LIMIT);
        bench.untilIdle();
        assertThat(vectors.join()).hasSize(5);
        var sizes = bench.model.batches.stream()
                .map(batch -> batch.stream().map(slice -> slice.tokens().length).toList())
                .toList();
        assertThat(sizes).containsExactly(List.of(300, 200, 12), List.of(100), List.of(600));
    }

    @Test
    void theSecondTextOfAPairIsMarkedAndJudgedByTheClassifier() {
        var bench = bench(true, Pooling.RANK);
        var scores = bench.scheduler.score(List.of(new Passage(new int[]{9, 8, 7}, 2)), null, LIMIT);
        bench.untilIdle();
        assertThat(scores.join().getFirst()[0]).containsExactly(10);
        assertThat(bench.model.batches.getFirst().getFirst().second()).isEqualTo(2);
        var decoder = bench(false, Pooling.RANK);
        var last = decoder.scheduler.score(List.of(Passage.of(new int[]{9, 8, 7})), null, LIMIT);
        decoder.untilIdle();
        assertThat(last.join().getFirst()[0]).containsExactly(8);
    }

    @Test
    void aLargeRequestTakesOnePlaceAndLetsOthersIn() {
        var bench = bench(false, Pooling.MEAN);
        var many = bench.scheduler.embed(passages(100, 20), null, LIMIT);
        var answer = bench.submit(Bench.request(Bench.prompt(5, 1), 10));
        assertThat(bench.scheduler.load().accepted()).isEqualTo(2);
        bench.steps(30);
        assertThat(answer.text()).hasSize(10);
        assertThat(many.isDone()).isFalse();
        bench.untilIdle();
        assertThat(many.join()).hasSize(100);
        assertThat(token(many.join().get(7)[0])).isCloseTo(
                IntStream.of(Bench.prompt(20, 7)).average().orElseThrow(), within(1e-3));
        assertThat(bench.scheduler.load().waiting()).isZero();
        assertThat(bench.scheduler.load().cacheBytes()).isZero();
    }

    @Test
    void cancellingStopsAllTextsAndGivesThePlaceBackOnceTheyHaveLeft() {
        var bench = bench(false, Pooling.MEAN);
        for (int i = 0; i < 8; i++) {
            var many = bench.scheduler.embed(passages(50, 500), null, LIMIT);
            if (i < 7) {
                many.cancel(false);
            }
        }
        // Eight places, all still held: nothing has looked at the cancels yet.
        assertThatThrownBy(() -> bench.scheduler.embed(passages(1, 5), null, LIMIT))
                .isInstanceOf(EngineException.Busy.class);
        bench.steps(2);
        var next = bench.scheduler.embed(passages(1, 5), null, LIMIT);
        bench.untilIdle();
        assertThat(next.join()).hasSize(1);
        assertThat(bench.scheduler.load().running()).isZero();
        assertThat(bench.scheduler.load().waiting()).isZero();
        assertThat(bench.scheduler.load().promptTokens()).isEqualTo(50 * 500 + 5);
    }

    @Test
    void oneTextThatFailsOrComesTooLateFailsTheRequest() {
        var bench = bench(true, Pooling.CLS);
        bench.model.duringForward = () -> {
            throw new OutOfMemoryError("pretended");
        };
        var failing = bench.scheduler.embed(passages(9, 500), null, LIMIT);
        bench.untilIdle();
        assertThatThrownBy(failing::join).isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(EngineException.ComputationFailed.class);
        bench.model.duringForward = () -> bench.nanos += Duration.ofSeconds(2).toNanos();
        var slow = bench.scheduler.embed(passages(9, 500), null, Duration.ofSeconds(5));
        bench.untilIdle();
        assertThatThrownBy(slow::join).hasCauseInstanceOf(EngineException.Busy.class);
        assertThat(bench.scheduler.load().waiting()).isZero();
        bench.model.duringForward = () -> {};
        var next = bench.scheduler.embed(passages(9, 500), null, LIMIT);
        bench.untilIdle();
        assertThat(next.join()).hasSize(9);
    }

    @Test
    void aModelIsAskedOnlyForWhatItDoes() {
        var writes = bench(false, Pooling.MEAN);
        assertThatThrownBy(() -> writes.scheduler.score(passages(1, 5), null, LIMIT))
                .isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("ranks no texts");
        assertThatThrownBy(() -> writes.scheduler.embed(List.of(), null, LIMIT))
                .isInstanceOf(EngineException.InvalidRequest.class);
        var reads = bench(true, Pooling.RANK);
        var request = Bench.request(new int[]{1}, 5);
        assertThatThrownBy(() -> reads.submit(request)).isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("writes none");
        assertThatThrownBy(() -> reads.scheduler.logits(new int[]{1}, new int[]{0}))
                .isInstanceOf(EngineException.InvalidRequest.class);
        assertThatThrownBy(() -> reads.scheduler.embed(passages(1, 5), null, LIMIT))
                .isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("embeds none");
    }
}
