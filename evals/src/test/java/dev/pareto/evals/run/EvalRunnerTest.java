package dev.pareto.evals.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.evals.grade.judge.Judge;
import dev.pareto.evals.grade.judge.JudgeAlone;
import dev.pareto.evals.grade.text.TextMatch;
import dev.pareto.evals.suite.DecisionPlan;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteGrader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.node.JsonNodeFactory;

final class EvalRunnerTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
    private static final Contestant OPEN = new Contestant(ModelId.parse("local/small"), "weights-1");
    private static final Contestant CLOSED = new Contestant(ModelId.parse("vendor/big"), null);

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger judgements = new AtomicInteger();
    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    @Test
    void gradesEveryItemOfBothModels() throws Exception {
        Comparison comparison = runner(this::openErrsOnSevens).compare(suite(50), OPEN, CLOSED, settings(8, null),
                RunListener.SILENT, PairMonitor.ALL_ITEMS);
        assertThat(comparison.candidate().accuracy()).isEqualTo(0.9);
        assertThat(comparison.incumbent().accuracy()).isEqualTo(1.0);
        assertThat(comparison.candidate().stop()).isEqualTo(Run.Stop.COMPLETE);
        assertThat(comparison.candidate().cost()).isEqualTo(Money.usd("0.05"));
        assertThat(comparison.candidate().outcomes().stream().map(o -> o.item().id()).toList())
                .isEqualTo(comparison.incumbent().outcomes().stream().map(o -> o.item().id()).toList());
    }

    @Test
    void killedRunGoesOnWhereItStopped() throws Exception {
        ModelClient dies = (model, messages, sampling) -> {
            if (asked.size() >= 20) {
                throw new IllegalStateException("the process is killed");
            }
            return openErrsOnSevens(model, messages, sampling);
        };
        assertThatThrownBy(
                () -> runner(dies).run(suite(50), OPEN, settings(1, null), RunListener.SILENT))
                .hasRootCauseMessage("the process is killed");
        assertThat(asked).hasSize(20);
        asked.clear();

        List<RunListener.Progress> seen = new ArrayList<>();
        Run run = runner(this::openErrsOnSevens).run(suite(50), OPEN, settings(4, null), seen::add);
        assertThat(asked).hasSize(30).doesNotHaveDuplicates();
        assertThat(run.outcomes()).hasSize(50);
        assertThat(run.reused()).isEqualTo(20);
        assertThat(run.accuracy()).isEqualTo(0.9);
        assertThat(seen).hasSize(30);
        assertThat(seen.getLast().done()).isEqualTo(50);
        assertThat(seen.getLast().spent()).as("only what this run paid").isEqualTo(Money.usd("0.03"));
    }

    @Test
    void reusedAnswersKeepTheLatencyThatWasMeasured() throws Exception {
        runner(this::openErrsOnSevens).run(suite(10), OPEN, settings(2, null), RunListener.SILENT);
        Run again = runner((model, messages, sampling) -> {
            throw new IllegalStateException("nothing may be asked");
        }).run(suite(10), OPEN, settings(2, null), RunListener.SILENT);
        assertThat(again.reused()).isEqualTo(10);
        assertThat(again.latenciesMillis()).hasSize(10).containsOnly(7.0);
    }

    @Test
    void latencyOfAGatewayCacheHitIsNotTheModels() throws Exception {
        ModelClient cached = (model, messages, sampling) -> new Answer("1", Duration.ofMillis(1), Money.usd("0"), null,
                null, false, "stop", "small", null, true);
        Run run = runner(cached).run(suite(3), OPEN, settings(1, null), RunListener.SILENT);
        assertThat(run.outcomes()).hasSize(3);
        assertThat(run.latenciesMillis()).isEmpty();
    }

    @Test
    void tornLastLineIsCutOffAndAskedAgain() throws Exception {
        RunStore store = new RunStore(folder);
        runner(this::openErrsOnSevens).run(suite(10), OPEN, settings(1, null), RunListener.SILENT);
        Path file = store.file(OPEN.key(suite(10)));
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 25));
        asked.clear();
        Run run = runner(this::openErrsOnSevens).run(suite(10), OPEN, settings(1, null), RunListener.SILENT);
        assertThat(asked).hasSize(1);
        assertThat(run.reused()).isEqualTo(9);
        assertThat(Files.readAllLines(file)).hasSize(11);
    }

    @Test
    void damageInTheMiddleIsNotPassedOver() throws Exception {
        runner(this::openErrsOnSevens).run(suite(3), OPEN, settings(1, null), RunListener.SILENT);
        Path file = new RunStore(folder).file(OPEN.key(suite(3)));
        Files.writeString(file, "garbage\n{}\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> runner(this::openErrsOnSevens).run(suite(3), OPEN, settings(1, null),
                RunListener.SILENT)).isInstanceOf(IOException.class).hasMessageContaining("damaged");
    }

    @Test
    void secondWriterIsTurnedAway() throws Exception {
        RunStore store = new RunStore(folder);
        try (RunStore.Log first = store.open(OPEN.key(suite(3)))) {
            assertThat(first.size()).isZero();
            assertThatThrownBy(() -> store.open(OPEN.key(suite(3)))).hasMessageContaining("another run is writing");
        }
    }

    @Test
    void otherFingerprintIsOtherEvidence() throws Exception {
        runner(this::openErrsOnSevens).run(suite(5), OPEN, settings(1, null), RunListener.SILENT);
        Contestant requantised = new Contestant(OPEN.model(), "weights-2");
        Run run = runner(this::openErrsOnSevens).run(suite(5), requantised, settings(1, null), RunListener.SILENT);
        assertThat(run.reused()).isZero();
    }

    @Test
    void answersAreFoundByWhatWasAskedWhateverElseChangesInTheSuite() throws Exception {
        runner(this::openErrsOnSevens).run(suite(10), OPEN, settings(1, null), RunListener.SILENT);
        asked.clear();
        Suite larger = suite(12);
        Run run = runner(this::openErrsOnSevens).run(new Suite("echo", "0".repeat(64), null, "echo",
                larger.sampling(), larger.graders(), larger.decision(), larger.items()), OPEN, settings(1, null),
                RunListener.SILENT);
        assertThat(asked).hasSize(2);
        assertThat(run.reused()).isEqualTo(10);
        Suite hotter = new Suite("echo", "0".repeat(64), null, "echo", Map.of("temperature", 1.0), larger.graders(),
                larger.decision(), larger.items());
        assertThat(runner(this::openErrsOnSevens).run(hotter, OPEN, settings(1, null), RunListener.SILENT).reused())
                .isZero();
    }

    @Test
    void aModelAskedTwiceIsAskedTwiceAndTheFirstAnswersCountLater() throws Exception {
        Comparison twice = runner(this::openErrsOnSevens).twice(suite(50), CLOSED, 20, settings(4, null),
                RunListener.SILENT);
        assertThat(asked).hasSize(40);
        assertThat(twice.incumbent().outcomes()).hasSize(20);
        asked.clear();
        Run run = runner(this::openErrsOnSevens).run(suite(50), CLOSED, settings(4, null), RunListener.SILENT);
        assertThat(run.reused()).isEqualTo(20);
        assertThat(asked).hasSize(30);
    }

    @Test
    void callsKeepToTheRate() throws Exception {
        RunSettings slow = new RunSettings(1, 1, Duration.ofSeconds(1), null, 120, RunSettings.ORDER_SEED);
        runner(this::openErrsOnSevens).run(suite(4), OPEN, slow, RunListener.SILENT);
        assertThat(pauses).as("half a second apart; the clock stands still")
                .containsExactly(Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofMillis(1500));
    }

    @Test
    void underACapTheFirstCallGoesAloneSoThatNoneIsStartedBlind() throws Exception {
        Run run = runner(this::openErrsOnSevens).run(suite(50), OPEN, settings(16, Money.usd("0.0035")),
                RunListener.SILENT);
        assertThat(run.stop()).isEqualTo(Run.Stop.SPEND_CAP);
        assertThat(run.cost()).isEqualTo(Money.usd("0.003"));
    }

    @Test
    void longAnswersAreGradedWholeAndKeptShort() throws Exception {
        ModelClient chatty = (model, messages, sampling) -> answer("x".repeat(5_000), Money.usd("0.001"));
        Run run = runner(chatty).run(suite(3), OPEN, settings(1, null), RunListener.SILENT);
        assertThat(run.answers()).allSatisfy(answer -> assertThat(answer.text()).hasSizeLessThan(500));
        assertThat(Files.size(new RunStore(folder).file(OPEN.key(suite(3))))).isGreaterThan(15_000);
    }

    @Test
    void failedCallsAreRetriedAndThenGivenUp() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        ModelClient flaky = (model, messages, sampling) -> {
            if (calls.incrementAndGet() < 3) {
                throw new ModelCallException("503", true, null);
            }
            return openErrsOnSevens(model, messages, sampling);
        };
        Run run = runner(flaky).run(suite(1), OPEN, settings(1, null), RunListener.SILENT);
        assertThat(run.outcomes().getFirst().score()).isNotNull();
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));

        Run refused = runner((model, messages, sampling) -> {
            throw new ModelCallException("401", false, null);
        }).run(suite(2), CLOSED, settings(1, null), RunListener.SILENT);
        assertThat(refused.outcomes()).extracting(ItemOutcome::error).containsOnly("401");
        assertThat(refused.outcomes()).extracting(ItemOutcome::score).containsOnlyNulls();
    }

    @Test
    void callAfterCallFailingEndsTheRun() throws Exception {
        Run run = runner((model, messages, sampling) -> {
            asked.add("x");
            throw new ModelCallException("down", false, null);
        }).run(suite(200), OPEN, settings(1, null), RunListener.SILENT);
        assertThat(run.stop()).isEqualTo(Run.Stop.FAILING);
        assertThat(asked).hasSize(Session.FAILURES_IN_A_ROW);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void aVendorThatLetsNobodyInIsAskedTwoQuestions(int concurrency) throws Exception {
        Comparison comparison = runner((model, messages, sampling) -> {
            if (model.equals(CLOSED.model())) {
                asked.add("closed");
                throw ModelCallException.denied("401: no such key");
            }
            return openErrsOnSevens(model, messages, sampling);
        }).compare(suite(200), OPEN, CLOSED, settings(concurrency, null), RunListener.SILENT, PairMonitor.ALL_ITEMS);
        assertThat(comparison.incumbent().stop()).isEqualTo(Run.Stop.DENIED);
        assertThat(comparison.incumbent().outcomes()).extracting(ItemOutcome::error)
                .containsExactly("401: no such key", "401: no such key");
        assertThat(asked).filteredOn("closed"::equals).hasSize(2);
        assertThat(comparison.candidate().outcomes()).hasSizeLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void oneQuestionRefusedIsThatQuestionsFault(int which) throws Exception {
        Run run = runner((model, messages, sampling) -> {
            if (asked.size() == which) {
                asked.add("refused");
                throw ModelCallException.denied("403: not this one");
            }
            return openErrsOnSevens(model, messages, sampling);
        }).run(suite(20), OPEN, settings(1, null), RunListener.SILENT);
        assertThat(run.stop()).isEqualTo(Run.Stop.COMPLETE);
        assertThat(run.outcomes()).filteredOn(outcome -> outcome.score() == null).hasSize(1);
    }

    @Test
    void aJudgeThatLetsNobodyInEndsTheRunBeforeMoreAnswersAreBought() throws Exception {
        Run run = runner((model, messages, sampling) -> {
            if (model.vendor().equals("third")) {
                judgements.incrementAndGet();
                throw ModelCallException.denied("401: no such key");
            }
            return openErrsOnSevens(model, messages, sampling);
        }).run(judged(50), OPEN, settings(1, null), RunListener.SILENT);
        assertThat(run.stop()).isEqualTo(Run.Stop.DENIED);
        assertThat(asked).hasSize(1);
        assertThat(judgements).hasValue(1);
        assertThat(run.outcomes().getFirst().reason()).contains("401: no such key");
    }

    @Test
    void spendCapIsNeverExceeded() throws Exception {
        Run run = runner(this::openErrsOnSevens).run(suite(50), OPEN, settings(1, Money.usd("0.0105")),
                RunListener.SILENT);
        assertThat(run.stop()).isEqualTo(Run.Stop.SPEND_CAP);
        assertThat(run.cost()).isEqualTo(Money.usd("0.01"));
    }

    @Test
    void unknownCostUnderACapEndsTheRun() throws Exception {
        ModelClient unpriced = (model, messages, sampling) -> answer("1", null);
        Run run = runner(unpriced).run(suite(50), OPEN, settings(1, Money.usd("1")), RunListener.SILENT);
        assertThat(run.stop()).isEqualTo(Run.Stop.SPEND_UNKNOWN);
        assertThat(run.outcomes()).hasSize(1);
        assertThat(run.cost()).isNull();
    }

    /** A judge of a third family that asks 0.002 USD for each word; answers cost 0.001. */
    private static Suite judged(int size) {
        Suite plain = suite(size);
        Judge judge = new Judge(ModelId.parse("third/oracle"), null, Map.of(), null);
        List<Item> items = plain.items()
                .stream()
                .map(item -> new Item(item.id(), item.messages(), item.expected(), null, item.stratum(), List.of(),
                        List.of("judge")))
                .toList();
        return new Suite("judged", "e".repeat(64), null, "echo", plain.sampling(),
                List.of(new SuiteGrader("judge", true, false, JudgeAlone.binary(judge))), plain.decision(), items);
    }

    private Answer orJudge(ModelId model, List<Map<String, Object>> messages, Map<String, Object> sampling) {
        if (!model.vendor().equals("third")) {
            return openErrsOnSevens(model, messages, sampling);
        }
        judgements.incrementAndGet();
        return answer("{\"pass\": true}", Money.usd("0.002"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6})
    void judgesSpendUnderTheSameCapAndWhatTheyLeaveUnjudgedIsJudgedLater(int concurrency) throws Exception {
        Run run = runner(this::orJudge).run(judged(50), OPEN, settings(concurrency, Money.usd("0.0305")),
                RunListener.SILENT);
        assertThat(run.stop()).isEqualTo(Run.Stop.SPEND_CAP);
        int answers = asked.size();
        assertThat(answers * 0.001 + judgements.get() * 0.002).as("all that was paid").isLessThanOrEqualTo(0.0305);
        assertThat(run.outcomes()).as("items without a judge's word are no outcomes").hasSize(judgements.get());
        assertThat(run.outcomes()).allSatisfy(outcome -> assertThat(outcome.score()).isNotNull());
        assertThat(run.judging()).isEqualTo(Money.usd("0." + "%03d".formatted(2 * judgements.get())));
        assertThat(judgements.get()).as("most of the money went where it should").isGreaterThanOrEqualTo(7);

        Run rest = runner(this::orJudge).run(judged(50), OPEN, settings(concurrency, Money.usd("1")),
                RunListener.SILENT);
        assertThat(rest.stop()).isEqualTo(Run.Stop.COMPLETE);
        assertThat(asked).as("no answer was bought twice").hasSize(50);
        assertThat(judgements).as("nor any judgement").hasValue(50);
        assertThat(rest.reused()).isEqualTo(answers);
    }

    @Test
    void aComparisonTellsWhatItsJudgesCostAndAnUnpricedJudgeEndsARunUnderACap() throws Exception {
        Comparison comparison = runner(this::orJudge).compare(judged(10), OPEN, CLOSED, settings(1, null),
                RunListener.SILENT, PairMonitor.ALL_ITEMS);
        assertThat(comparison.spent()).as("20 answers, and a judge's word on each of 11 that differ")
                .isEqualTo(Money.usd("0.042"));
        ModelClient unpriced = (model, messages, sampling) -> model.vendor().equals("third")
                ? answer("{\"pass\": true}", null)
                : openErrsOnSevens(model, messages, sampling);
        Run run = runner(unpriced).run(judged(40), OPEN.again(3), settings(1, Money.usd("1")), RunListener.SILENT);
        assertThat(run.stop()).isEqualTo(Run.Stop.SPEND_UNKNOWN);
    }

    @Test
    void monitorSeesPairsInOrderAndEndsTheComparison() throws Exception {
        List<String> pairs = new ArrayList<>();
        Comparison comparison = runner(this::openErrsOnSevens).compare(suite(50), OPEN, CLOSED, settings(6, null),
                RunListener.SILENT, (candidate, incumbent) -> {
                    assertThat(candidate.item()).isEqualTo(incumbent.item());
                    pairs.add(candidate.item().id());
                    return pairs.size() == 12;
                });
        List<String> order = Order.seeded(suite(50).items(), Item::id, RunSettings.ORDER_SEED)
                .stream()
                .map(Item::id)
                .toList();
        assertThat(pairs).isEqualTo(order.subList(0, 12));
        assertThat(comparison.candidate().stop()).isEqualTo(Run.Stop.ENOUGH);
        assertThat(comparison.candidate().outcomes()).hasSize(12);
        assertThat(comparison.incumbent().outcomes()).hasSize(12);
        assertThat(asked.size()).isLessThan(60);
        assertThat(requireNonNull(comparison.spent()).amount()).as("answers in flight at the end are paid too")
                .isEqualByComparingTo(new BigDecimal("0.001").multiply(BigDecimal.valueOf(asked.size())));
    }

    private EvalRunner runner(ModelClient client) {
        return new EvalRunner(client, new RunStore(folder), CLOCK, executor, pauses::add);
    }

    private static RunSettings settings(int concurrency, @Nullable Money cap) {
        return new RunSettings(concurrency, 3, Duration.ofSeconds(1), cap, RunSettings.ORDER_SEED);
    }

    private Answer openErrsOnSevens(ModelId model, List<Map<String, Object>> messages, Map<String, Object> sampling) {
        String question = String.valueOf(Objects.requireNonNull(messages.getLast().get("content")));
        asked.add(model + " " + question);
        boolean wrong = model.equals(OPEN.model()) && question.endsWith("7");
        return answer(wrong ? "wrong" : question, Money.usd("0.001"));
    }

    private static Answer answer(String text, @Nullable Money cost) {
        return new Answer(text, Duration.ofMillis(7), cost, 10L, 1L, false, "stop", "served", null, false);
    }

    private static Suite suite(int size) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(new Item("item-" + i, List.of(Map.of("role", "user", "content", "say " + i)),
                    JsonNodeFactory.instance.stringNode("say " + i), null, i % 2 == 0 ? "even" : "odd", List.of(),
                    List.of("same")));
        }
        return new Suite("echo", "f".repeat(64), null, "echo", Map.of("temperature", 0.0),
                List.of(new SuiteGrader("same", true, false, new TextMatch(TextMatch.Rule.EXACT))),
                DecisionPlan.DEFAULT, items);
    }
}
