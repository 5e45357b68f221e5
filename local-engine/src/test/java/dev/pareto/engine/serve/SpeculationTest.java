package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.Generation;
import dev.pareto.engine.GenerationListener;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.GenerationResult;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.Speculation;
import dev.pareto.engine.TextDelta;
import dev.pareto.engine.grammar.Grammar;

/** Guesses make steps fewer and change nothing else. */
final class SpeculationTest {

    private static final EngineSettings GUESSING = Bench.settings(3, 20).withSpeculation(Speculation.LOOKUP);
    private static final Sampling WARM = new Sampling(2, 0, 1, 0, 1.2, 0.5, 0, -1, 7L, Map.of());

    /** Says again what stood five tokens before, now and then something else. */
    private static FakeModel parrot() {
        return new FakeModel(history -> {
            int before = history.get(history.size() - 5);
            return before >= 'a' && before <= 'z' && history.size() % 23 > 0
                    ? before
                    : 'a' + Math.floorMod(history.hashCode(), 26);
        });
    }

    private static FakeModel saying(String text) {
        return FakeModel.saying(4, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Heard alone(FakeModel model, GenerationRequest request) {
        var bench = new Bench(model, GUESSING, Runnable::run);
        var heard = bench.submit(request);
        bench.untilIdle();
        assertNothingHeld(bench);
        return heard;
    }

    private static void assertNothingHeld(Bench bench) {
        var load = bench.scheduler.load();
        assertThat(load.pages().inUse()).isZero();
        assertThat(load.pages().promised()).isZero();
        assertThat(load.cacheBytes()).isZero();
    }

    private static void assertSame(Heard guessed, Heard plain) {
        assertThat(guessed.text()).isEqualTo(plain.text());
        assertThat(guessed.requireResult().reason()).isEqualTo(plain.requireResult().reason());
        assertThat(guessed.requireResult().stopText()).isEqualTo(plain.requireResult().stopText());
        assertThat(guessed.requireResult().completionTokens()).isEqualTo(plain.requireResult().completionTokens());
        assertThat(guessed.logprobs()).usingRecursiveComparison().isEqualTo(plain.logprobs());
    }

    @Test
    void mixedRequestsAnswerAsWithoutGuesses() {
        var bench = new Bench(parrot(), GUESSING, Runnable::run);
        var random = new SplittableRandom(1);
        var requests = new ArrayList<GenerationRequest>();
        for (int i = 0; i < 20; i++) {
            requests.add(new GenerationRequest(Bench.prompt(5 + random.nextInt(200), i % 4), 1 + random.nextInt(200),
                    i % 3 == 0 ? WARM : Sampling.greedy(), List.of(), i % 2 == 0 ? 2 : null, Duration.ofHours(1))
                    .inPartition(i % 5 == 0 ? null : "one"));
        }
        var heard = requests.stream().map(bench::submit).toList();
        bench.untilIdle();
        for (int i = 0; i < requests.size(); i++) {
            assertSame(heard.get(i), Bench.alone(parrot(), requests.get(i).inPartition(null)));
        }
        assertThat(bench.scheduler.load().guesses().accepted()).isPositive();
        assertNothingHeld(bench);
    }

    @Test
    void textThatRepeatsItselfTakesFarFewerSteps() {
        var bench = new Bench(parrot(), GUESSING, Runnable::run);
        var heard = bench.submit(Bench.request(Bench.prompt(30, 1), 400));
        bench.untilIdle();
        assertThat(heard.text()).hasSize(400);
        assertThat(bench.model.batches.size()).isLessThan(150);
        var guesses = bench.scheduler.load().guesses();
        assertThat(guesses.accepted()).isEqualTo(400 - bench.model.batches.size());
        assertThat(guesses.drafted()).isLessThan(2 * guesses.accepted());
    }

    @Test
    void textThatCannotBeGuessedCostsAHandfulOfGuesses() {
        var bench = new Bench(FakeModel.scrambler(), GUESSING, Runnable::run);
        bench.submit(Bench.request(Bench.prompt(30, 1), 2000));
        bench.untilIdle();
        assertThat(bench.scheduler.load().guesses().drafted()).isBetween(1L, 100L);
    }

    @Test
    void aDrawnTokenThatWasNotGuessedIsTakenFromItsOwnDistribution() {
        var request = new GenerationRequest(Bench.prompt(40, 1), 300, new Sampling(0.4, 0, 0.98, 0, 1, 0, 0, 0, 11L,
                Map.of()), List.of(), 5, Duration.ofHours(1));
        var bench = new Bench(parrot(), GUESSING, Runnable::run);
        var heard = bench.submit(request);
        bench.untilIdle();
        assertSame(heard, Bench.alone(parrot(), request));
        var guesses = bench.scheduler.load().guesses();
        assertThat(guesses.accepted()).isPositive().isLessThan(guesses.drafted());
    }

    @Test
    void anAnswerEndsWithinARightGuess() {
        var text = "abcdefgh abcdefgh abcdefgh abcdefgh END abcdefgh";
        var stop = new GenerationRequest(new int[]{1, 2, 3, 4}, 80, Sampling.greedy(), List.of("fgh E"), 1,
                Duration.ofHours(1));
        var middle = new GenerationRequest(new int[]{1, 2, 3, 4}, 80, Sampling.greedy(), List.of("h abcdefgh abc"), 1,
                Duration.ofHours(1));
        assertSame(alone(saying(text), stop), Bench.alone(saying(text), stop));
        assertSame(alone(saying(text), middle), Bench.alone(saying(text), middle));
        for (int most = 1; most < 50; most++) {
            var request = Bench.request(new int[]{1, 2, 3, 4}, most);
            assertSame(alone(saying(text), request), Bench.alone(saying(text), request));
        }
    }

    @Test
    void theContextIsUsedToItsEndAndNotBeyond() {
        var request = Bench.request(Bench.prompt(FakeModel.CONTEXT - 40, 1), GenerationRequest.ENGINE_DEFAULT);
        var heard = alone(parrot(), request);
        assertThat(heard.requireResult().completionTokens()).isEqualTo(40);
        assertSame(heard, Bench.alone(parrot(), request));
    }

    @Test
    void aGrammarHoldsAndItsStateIsThatOfTheTokensDrawn() {
        var text = "[\"abcabc\",\"abcabc\",\"abcabc\",\"abcabc\",\"abcabc\"]";
        var request = Bench.request(new int[]{1, 2, 3, 4}, 80)
                .withGrammar(Grammar.regex("\\[(\"[a-c]{6}\",){3}\"[a-c]{6}\"\\]"));
        var heard = alone(saying(text), request);
        assertThat(heard.text()).matches("\\[(\"[a-c]{6}\",){3}\"[a-c]{6}\"\\]");
        assertSame(heard, Bench.alone(saying(text), request));
    }

    @Test
    void whoCancelsAmidRightGuessesHearsNoMore() {
        var bench = new Bench(parrot(), GUESSING, Runnable::run);
        var told = new ArrayList<TextDelta>();
        var results = new ArrayList<GenerationResult>();
        var running = new ArrayList<Generation>();
        running.add(bench.submit(Bench.request(Bench.prompt(30, 1), 400), new GenerationListener() {
            @Override
            public void onText(TextDelta delta) {
                told.add(delta);
                if (told.size() == 103) {
                    running.getFirst().cancel();
                }
            }

            @Override
            public void onFinish(GenerationResult result) {
                results.add(result);
            }

            @Override
            public void onError(EngineException failure) {
                throw failure;
            }
        }));
        bench.untilIdle();
        assertThat(told).hasSize(103);
        assertThat(results).extracting(GenerationResult::reason).containsExactly(FinishReason.CANCELLED);
        assertThat(results.getFirst().completionTokens()).isEqualTo(103);
        assertNothingHeld(bench);
    }

    @Test
    void aLargeBatchIsNotGuessedFor() {
        var bench = new Bench(parrot(), Bench.settings(4, 4).withSpeculation(Speculation.LOOKUP), Runnable::run);
        for (int i = 0; i < 4; i++) {
            bench.submit(Bench.request(Bench.prompt(30, i), 100));
        }
        bench.steps(100);
        assertThat(bench.scheduler.load().guesses().drafted()).isZero();
        bench.untilIdle();
        assertNothingHeld(bench);
    }

    @Test
    void pagesThatOthersUseAreNeverWrittenByGuesses() {
        var bench = new Bench(parrot(), GUESSING, Runnable::run);
        for (int round = 0; round < 4; round++) {
            for (int length = 38; length < 43; length++) { // around the end of a page
                var request = Bench.request(Bench.prompt(length, 1), 60).inPartition("one");
                var heard = List.of(bench.submit(request), bench.submit(request));
                bench.untilIdle();
                var plain = Bench.alone(parrot(), request.inPartition(null));
                assertThat(heard).allSatisfy(one -> assertThat(one.text()).isEqualTo(plain.text()));
            }
        }
        assertThat(bench.scheduler.load().cachedTokens()).isPositive();
        assertNothingHeld(bench);
    }
}
