package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.pareto.evals.suite.DecisionPlan;
import dev.pareto.evals.suite.Grouping;
import dev.pareto.evals.suite.GuardPlan;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class VerdictComputerTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final VerdictComputer computer = new VerdictComputer();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void goodCandidateAdvancesAndBecomesEvidence() {
        Verdict verdict = compute(pairs(900, 20, 22, 58), design(DecisionPlan.DEFAULT, 0.03));
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(verdict.decision().action()).isEqualTo(Verdict.Action.ADVANCE);
        assertThat(verdict.expires()).isEqualTo(NOW.plus(Duration.ofDays(30)));
        assertThat(verdict.economics()).isNotNull().extracting(Verdict.Economics::savingShare).isEqualTo(0.9);
        assertThat(verdict.sentence()).isEqualTo("On 1,000 items of small, local/open is at most 1.4 points worse than"
                + " vendor/closed (observed 0.2 points worse) and 90 % cheaper: good enough at the stated margin of 3.0"
                + " points.");
        Evidence evidence = verdict.toEvidence();
        assertThat(evidence.outcome()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(evidence.confidence()).isEqualTo(0.95);
        assertThat(evidence.lower()).isGreaterThan(-0.03);
        assertThat(evidence.candidateFingerprint()).isEqualTo("weights-1");
    }

    @Test
    void badCandidateIsRejectedAndLittleDataDecideNothing() {
        assertThat(compute(pairs(500, 20, 300, 180), design(DecisionPlan.DEFAULT, 0.03)).decision().action())
                .isEqualTo(Verdict.Action.REJECT);
        Verdict few = compute(pairs(150, 5, 5, 20), design(DecisionPlan.DEFAULT, 0.03));
        assertThat(few.decision().action()).isEqualTo(Verdict.Action.NEED_DATA);
        assertThat(few.quality().interval()).as("no interval below n_min").isNull();
        Verdict close = compute(pairs(200, 15, 20, 20), design(DecisionPlan.DEFAULT, 0.03));
        assertThat(close.quality().verdict()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(close.quality().itemsNeeded()).isGreaterThan(255);
        assertThat(close.sentence()).contains("not enough data, about ");
    }

    @Test
    void candidateWithoutAnAnswerIsWrongAndIncumbentWithoutOneIsMissing() {
        List<PairRecord> records = new ArrayList<>(pairs(990, 0, 0, 0));
        for (int i = 0; i < 10; i++) {
            records.add(new PairRecord("x" + i, null, null, PairRecord.Side.scored(null), side(1)));
            records.add(new PairRecord("y" + i, null, null, side(1), PairRecord.Side.scored(null)));
        }
        Verdict verdict = compute(records, design(DecisionPlan.DEFAULT, 0.03));
        assertThat(verdict.data().n()).isEqualTo(1000);
        assertThat(verdict.data().onlyIncumbent()).isEqualTo(10);
        assertThat(verdict.data().candidateUnanswered()).isEqualTo(10);
        assertThat(verdict.data().missing()).isEqualTo(10);
    }

    @Test
    void tooManyMissingPairsInvalidate() {
        List<PairRecord> records = new ArrayList<>(pairs(900, 0, 0, 0));
        for (int i = 0; i < 30; i++) {
            records.add(new PairRecord("y" + i, null, null, side(1), PairRecord.Side.scored(null)));
        }
        Verdict verdict = compute(records, design(DecisionPlan.DEFAULT, 0.03));
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.INVALID);
        assertThat(verdict.decision().action()).isEqualTo(Verdict.Action.INVALID);
        assertThat(verdict.sentence()).contains("30 of 930 items are missing");
        assertThat(verdict.toEvidence().outcome().goodEnough()).isFalse();
    }

    @Test
    void guardHoldsAGoodCandidateBack() {
        DecisionPlan plan = plan(List.of(new GuardPlan("latency.p95_ms", 50.0, null, null, null)));
        Verdict verdict = compute(pairs(950, 20, 20, 10), design(plan, 0.03));
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(verdict.decision().action()).isEqualTo(Verdict.Action.HOLD);
        assertThat(verdict.decision().blockedBy()).containsExactly("guard latency.p95_ms is FAIL");
        assertThat(verdict.toEvidence().outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void guardsAreTestedWithTheirIntervals() {
        DecisionPlan plan = plan(List.of(new GuardPlan("format.fail", null, null, 0.005, 0.01),
                new GuardPlan("latency.p95_ms", 4000.0, null, null, null),
                new GuardPlan("cost_per_success", null, 0.8, null, null)));
        Verdict verdict = compute(pairs(950, 20, 20, 10), design(plan, 0.03));
        assertThat(verdict.guards()).extracting(Verdict.Guard::verdict).containsOnly(Verdict.GuardVerdict.PASS);
        assertThat(verdict.guards()).extracting(Verdict.Guard::metric)
                .containsExactly("format.fail",
                        "format.fail difference", "latency.p95_ms", "cost_per_success.ratio");
        Verdict.Guard latency = verdict.guards().get(2);
        assertThat(latency.value()).isEqualTo(949.0);
        assertThat(latency.upper95()).isEqualTo(961.0);
        assertThat(verdict.guards().get(3).value()).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void undecidedGuardBlocksLikeAFailedOne() {
        List<PairRecord> unpriced = pairs(950, 20, 20, 10).stream()
                .map(p -> new PairRecord(p.id(), null, null, PairRecord.Side.scored(p.candidate().score()),
                        p.incumbent()))
                .toList();
        Verdict verdict = compute(unpriced,
                design(plan(List.of(new GuardPlan("cost_per_success", null, 0.8, null, null))), 0.03));
        assertThat(verdict.decision().action()).isEqualTo(Verdict.Action.HOLD);
        assertThat(verdict.economics()).as("an unknown price is not zero").isNull();
    }

    @Test
    void strataAreWeighedByTheirItemsAndShownOneByOne() {
        DecisionPlan plan = new DecisionPlan(0.03, 0.05, new Grouping.Strata(java.util.Map.of()), 200, null,
                List.of(), 0.10, List.of("bad"));
        List<PairRecord> records = new ArrayList<>();
        records.addAll(stratum("good", pairs(800, 60, 20, 20)));
        records.addAll(stratum("bad", pairs(60, 0, 40, 0)));
        Verdict verdict = compute(records, design(plan, 0.03));
        assertThat(verdict.quality().intervalKind()).isEqualTo("stratified-normal-90");
        assertThat(verdict.quality().verdict()).as("the pool hides it").isEqualTo(Outcome.NON_INFERIOR);
        assertThat(verdict.slices()).extracting(Verdict.Slice::name).containsExactly("bad", "good");
        assertThat(verdict.slices().getFirst().flagged()).isTrue();
        assertThat(verdict.decision().action()).isEqualTo(Verdict.Action.HOLD);
        assertThat(verdict.decision().blockedBy()).containsExactly("critical slice bad is INFERIOR");
    }

    @Test
    void fewDiscordantItemsFallBackToTheScoreInterval() {
        DecisionPlan plan = new DecisionPlan(0.03, 0.05, new Grouping.Strata(java.util.Map.of()), 200, null,
                List.of(), null, List.of());
        Verdict verdict = compute(stratum("x", pairs(900, 2, 2, 96)), design(plan, 0.03));
        assertThat(verdict.quality().intervalKind()).isEqualTo("tango-90");
    }

    @Test
    void sequentialStopIsRecomputedFromTheRecords() {
        Design design = new Design(0.05, "test", Design.Test.SEQUENTIAL, DecisionPlan.DEFAULT, "swap-1", null);
        Verdict verdict = compute(pairs(900, 20, 20, 60), design);
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(verdict.quality().stoppedAt()).isBetween(200, 999).isEqualTo(verdict.data().n());
        assertThat(verdict.quality().interval()).isNotNull()
                .extracting(Verdict.Bounds::lower)
                .satisfies(lower -> assertThat(lower).isGreaterThan(-0.05));
        assertThat(verdict.design().test()).isEqualTo("paired-gro-eprocess/1");
    }

    @Test
    void simulatedAnswersAreSaidToBe() {
        Verdict.Subject simulated = new Verdict.Subject("vendor/closed", null, List.of(), true, null);
        Verdict verdict = computer.compute(pairs(950, 20, 20, 10), design(DecisionPlan.DEFAULT, 0.03),
                context(1000, simulated));
        assertThat(verdict.simulated()).isTrue();
        assertThat(verdict.toEvidence().simulated()).isTrue();
        assertThat(verdict.sentence()).endsWith("this moves no traffic of a real vendor.");
    }

    @Test
    void everyNumberFollowsFromTheRecordsByAnotherWay() throws IOException {
        List<PairRecord> written = pairs(870, 33, 41, 56);
        Path file = folder.resolve("records.jsonl");
        String sha = RecordFile.write(file, written);
        Verdict verdict = computer.fromRecords(file, Design.ofRecords(0.02, 0.05, Design.Test.FIXED), NOW);
        assertThat(verdict.data().recordsSha256()).isEqualTo(sha);

        int b = 0;
        int c = 0;
        int n = 0;
        for (String line : Files.readAllLines(file)) {
            JsonNode json = JsonMapper.shared().readTree(line);
            int x = json.at("/candidate/score").asInt();
            int y = json.at("/incumbent/score").asInt();
            b += x > y ? 1 : 0;
            c += x < y ? 1 : 0;
            n++;
        }
        assertThat(verdict.data().onlyCandidate()).isEqualTo(b);
        assertThat(verdict.data().onlyIncumbent()).isEqualTo(c);
        assertThat(verdict.quality().diff()).isCloseTo((double) (b - c) / n, within(1e-15));
        // Each bound must solve the score equation with the constrained maximum-likelihood rate found by search.
        Verdict.Bounds bounds = Objects.requireNonNull(verdict.quality().interval());
        assertThat(scoreByLikelihood(b, c, n, bounds.lower())).isCloseTo(1.6448536269514722, within(1e-5));
        assertThat(scoreByLikelihood(b, c, n, bounds.upper())).isCloseTo(-1.6448536269514722, within(1e-5));
    }

    /** Tango's statistic without his formula: the rate of "only the incumbent" that maximises the likelihood. */
    private static double scoreByLikelihood(int b, int c, int n, double difference) {
        double low = Math.max(0, -difference) + 1e-12;
        double high = (1 - difference) / 2 - 1e-12;
        for (int i = 0; i < 300; i++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (likelihood(b, c, n, difference, left) < likelihood(b, c, n, difference, right)) {
                low = left;
            } else {
                high = right;
            }
        }
        double q = (low + high) / 2;
        return (b - c - n * difference) / Math.sqrt(n * (2 * q + difference - difference * difference));
    }

    private static double likelihood(int b, int c, int n, double difference, double q) {
        return b * Math.log(q + difference) + c * Math.log(q) + (n - b - c) * Math.log(1 - 2 * q - difference);
    }

    @Test
    void recordsMayBeBareScores() throws IOException {
        Path file = folder.resolve("bare.jsonl");
        Files.writeString(file, """
                                {"id": "1", "candidate": 1, "incumbent": true}
                                {"id": "2", "candidate": {"score": 0}, "incumbent": 1.0}
                                {"id": 3, "candidate": null, "incumbent": 1}
                                """);
        assertThat(RecordFile.read(file)).extracting(PairRecord::id).containsExactly("1", "2", "3");
        Files.writeString(file, "{\"id\": 1, \"candidate\": 2, \"incumbent\": 1}\n");
        assertThatThrownBy(() -> RecordFile.read(file)).isInstanceOf(IOException.class)
                .hasMessageContaining("bare.jsonl:1: score 2.0");
    }

    @Test
    void jsonRoundTripsAndShowsTampering() {
        Verdict verdict = compute(pairs(900, 20, 22, 58), design(DecisionPlan.DEFAULT, 0.03));
        String json = VerdictJson.write(verdict);
        assertThat(VerdictJson.read(json)).isEqualTo(verdict);
        ObjectNode tree = VerdictJson.tree(verdict);
        assertThat(tree.at("/quality/interval/lower").asDouble()).isGreaterThan(-0.03);
        assertThat(tree.at("/data/p_disc").asDouble()).isCloseTo(0.042, within(1e-12));
        assertThat(tree.at("/design/n_min").asInt()).isEqualTo(200);
        assertThat(tree.at("/created").asString()).isEqualTo("2026-11-21T12:00:00Z");
        assertThatThrownBy(() -> VerdictJson.read(json.replace("NON_INFERIOR", "SUPERIOR")))
                .hasMessageContaining("changed after it was sealed");
    }

    @Test
    void whatIsNoVerdictIsRefusedByName() {
        for (String other : List.of("null", "[]", "17", "", "{", "{}", "{\"schema\": \"swap-verdict/9\"}",
                "{\"schema\": \"swap-verdict/1\", \"id\": \"x\"}")) {
            assertThatThrownBy(() -> VerdictJson.read(other)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Verdict.SCHEMA);
        }
    }

    @Test
    void aModelOfUnknownMakeStaysUnknownInTheEvidence() {
        List<PairRecord> records = pairs(900, 20, 22, 58);
        VerdictContext context = context(records.size(),
                new Verdict.Subject("vendor/closed", null, List.of(), false, null),
                new Verdict.Subject("local/open", null, List.of("open"), false, null));

        assertThat(computer.compute(records, design(DecisionPlan.DEFAULT, 0.03), context)
                .toEvidence()
                .candidateFingerprint()).isNull();
    }

    @Test
    void designIsWrittenDownOnceAndAnotherMarginIsAnotherDesign() throws IOException {
        Design design = design(DecisionPlan.DEFAULT, 0.03);
        Design first = new Preregistration(folder, InstantSource.fixed(NOW)).register(design, "s|a|b");
        Preregistration later = new Preregistration(folder, InstantSource.fixed(NOW.plusSeconds(60)));
        assertThat(first.preregisteredAt()).isEqualTo(NOW);
        assertThat(later.register(design, "s|a|b")).isEqualTo(first);
        assertThat(later.register(design(DecisionPlan.DEFAULT, 0.05), "s|a|b").preregisteredAt())
                .isEqualTo(NOW.plusSeconds(60));
        assertThat(first.sha256()).isEqualTo(design.sha256());
    }

    private Verdict compute(List<PairRecord> records, Design design) {
        return computer.compute(records, design,
                context(records.size(), new Verdict.Subject("vendor/closed", null, List.of(), false, null)));
    }

    private static VerdictContext context(int planned, Verdict.Subject incumbent) {
        return context(planned, incumbent,
                new Verdict.Subject("local/open", "weights-1", List.of("open"), false, null));
    }

    private static VerdictContext context(int planned, Verdict.Subject incumbent, Verdict.Subject candidate) {
        return new VerdictContext("support", new Verdict.SuiteRef("small", "0".repeat(64)), incumbent, candidate,
                planned, List.of(), true, null, null, NOW, null);
    }

    private static Design design(DecisionPlan plan, double margin) {
        return new Design(margin, "test", Design.Test.FIXED, plan, "swap-1", null);
    }

    private static DecisionPlan plan(List<GuardPlan> guards) {
        return new DecisionPlan(0.03, 0.05, new Grouping.None(), 200, null, guards, null, List.of());
    }

    private static List<PairRecord> pairs(int both, int onlyCandidate, int onlyIncumbent, int neither) {
        List<PairRecord> records = new ArrayList<>();
        int[][] cells = {{both, 1, 1}, {onlyCandidate, 1, 0}, {onlyIncumbent, 0, 1}, {neither, 0, 0}};
        for (int[] cell : cells) {
            for (int i = 0; i < cell[0]; i++) {
                int n = records.size();
                records.add(new PairRecord("item-" + n, null, null,
                        new PairRecord.Side((double) cell[1], false, Set.of(), (double) n, Money.usd("0.0001"), null),
                        side(cell[2])));
            }
        }
        return records;
    }

    private static List<PairRecord> stratum(String name, List<PairRecord> pairs) {
        return pairs.stream()
                .map(p -> new PairRecord(name + p.id(), null, name, p.candidate(), p.incumbent()))
                .toList();
    }

    private static PairRecord.Side side(double score) {
        return new PairRecord.Side(score, false, Set.of(), 900.0, Money.usd("0.001"), null);
    }
}
