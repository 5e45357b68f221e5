package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.Speculation;

/** A second model that guesses. */
final class DraftModelTest {

    private static final EngineSettings SETTINGS = Bench.settings(3, 20)
            .withSpeculation(new Speculation(false, Map.of("fake", "small"), 8, 3));

    private static Bench bench(FakeModel draft) {
        return new Bench(FakeModel.scrambler(), draft, SETTINGS, Runnable::run);
    }

    private static void assertAnswersAsWithout(Bench bench, List<GenerationRequest> requests) {
        var heard = requests.stream().map(bench::submit).toList();
        bench.untilIdle();
        for (int i = 0; i < requests.size(); i++) {
            assertThat(heard.get(i).text()).isEqualTo(Bench.alone(FakeModel.scrambler(), requests.get(i)).text());
        }
        assertThat(bench.scheduler.load().cacheBytes()).as("pages of both models").isZero();
    }

    @Test
    void aDraftThatKnowsTheModelIsRightEachTime() {
        var bench = bench(FakeModel.scrambler());
        assertAnswersAsWithout(bench, List.of(Bench.request(Bench.prompt(4, 1), 200)));
        var guesses = bench.scheduler.load().guesses();
        assertThat(guesses.accepted()).isEqualTo(guesses.drafted()).isGreaterThan(160);
        assertThat(bench.model.batches.size()).isLessThan(32);
    }

    @Test
    void aDraftThatIsSometimesRightIsCutToWhatWas() {
        var sloppy = new FakeModel(
                history -> 'a' + Math.floorMod(history.hashCode(), history.size() % 5 == 0 ? 7 : 26));
        var bench = bench(sloppy);
        var requests = new ArrayList<GenerationRequest>();
        for (int i = 0; i < 12; i++) {
            requests.add(GenerationRequest.of(Bench.prompt(1 + 30 * i, i), 90,
                    i % 2 == 0 ? Sampling.greedy() : Sampling.atTemperature(0.5).withSeed(i),
                    Duration.ofHours(1)));
        }
        assertAnswersAsWithout(bench, requests);
        var guesses = bench.scheduler.load().guesses();
        assertThat(guesses.accepted()).isPositive().isLessThan(guesses.drafted());
    }

    @Test
    void aLongPromptIsReadInChunksBesideTheSteps() {
        var draft = FakeModel.scrambler();
        var bench = bench(draft);
        assertAnswersAsWithout(bench, List.of(Bench.request(Bench.prompt(300, 1), 60)));
        assertThat(draft.batches).allMatch(batch -> batch.getFirst().tokens().length <= 32);
        assertThat(bench.scheduler.load().guesses().accepted()).isPositive();
    }

    @Test
    void aDraftThatFailsIsNotAskedAgain() {
        var draft = FakeModel.scrambler();
        draft.duringForward = () -> {
            if (draft.batches.size() == 5) {
                throw new IllegalStateException("pretended");
            }
        };
        assertAnswersAsWithout(bench(draft), List.of(Bench.request(Bench.prompt(4, 1), 60)));
        assertThat(draft.batches).hasSize(5);
    }

    @Test
    void withoutRoomForItsPagesThereAreNoGuesses() {
        long room = 4 * 10 * FakeModel.PAGE_BYTES; // a quarter is 10 pages, 100 tokens
        var bench = new Bench(FakeModel.scrambler(), FakeModel.scrambler(), SETTINGS.withCacheBytes(room),
                Runnable::run);
        assertAnswersAsWithout(bench,
                List.of(Bench.request(Bench.prompt(10, 1), 90), Bench.request(Bench.prompt(10, 2), 90)));
        assertAnswersAsWithout(bench, List.of(Bench.request(Bench.prompt(90, 1), 90)));
        assertThat(bench.scheduler.load().guesses().accepted()).isPositive();
    }
}
