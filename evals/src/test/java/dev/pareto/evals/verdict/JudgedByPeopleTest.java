package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;

import dev.pareto.evals.check.VerdictChecker;
import dev.pareto.evals.stats.agreement.SteadyPowered;
import dev.pareto.policies.swap.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.json.JsonMapper;

/** People's marks of some answers put a judge right that scores all of them. */
final class JudgedByPeopleTest {

    private static final int SEEDS = 1_000;
    private static final Design DESIGN = Design.ofRecords(0.03, 0.05, Design.Test.FIXED);

    @TempDir
    private Path folder;

    @Test
    void aFlatteringJudgeIsPutRight() throws IOException {
        List<PairRecord> judged = judged(1_000, 0, 0.2);
        assertThat(decide(judged).quality().verdict()).isEqualTo(Outcome.SUPERIOR);
        Verdict verdict = decide(judged(1_000, 4, 0.2));
        Verdict.Quality quality = verdict.quality();
        assertThat(quality.intervalKind()).isEqualTo("ppi++-90");
        assertThat(quality.diff()).isCloseTo(-0.1, within(0.05));
        assertThat(quality.verdict()).isEqualTo(Outcome.INFERIOR);
        Verdict.HumanLabels human = Objects.requireNonNull(quality.human());
        assertThat(human.labelled()).isEqualTo(250);
        assertThat(human.judgeOnly()).isEqualTo(750);
        assertThat(human.judgeDiff()).isCloseTo(0.1, within(0.05));
        assertThat(human.lambda()).isBetween(0.1, 1.0);
        Verdict.SecondOpinion judge = Objects.requireNonNull(quality.secondOpinion());
        assertThat(judge.kind()).isEqualTo("paired-t-90 of the judge alone");
        assertThat(judge.agrees()).isFalse();
        assertThat(verdict.decision().reasons()).contains("paired-t-90 of the judge alone says SUPERIOR");
    }

    @Test
    void aJudgeThatAgreesMakesTheIntervalShorterThanPeopleAlone() throws IOException {
        Verdict verdict = decide(judged(2_000, 5, 0));
        Verdict.Bounds both = Objects.requireNonNull(verdict.quality().interval());
        List<PairRecord> few = new ArrayList<>();
        judged(2_000, 5, 0).stream().filter(PairRecord::labelled).forEach(few::add);
        Verdict.Bounds people = Objects.requireNonNull(decide(few).quality().interval());
        assertThat(decide(few).quality().human()).extracting(Verdict.HumanLabels::judgeOnly).isEqualTo(0);
        assertThat(both.upper() - both.lower()).isLessThan(0.75 * (people.upper() - people.lower()));
    }

    /** The truth lies at the margin, all losses; whatever the judge sees of them, one in twenty may be accepted. */
    @ParameterizedTest
    @CsvSource({"50, 0.05", "50, 0.1", "200, 0.02", "200, 0.03", "200, 0.05", "200, 0.1"})
    void fewLabelsAcceptNoMoreThanOneInTwenty(int labels, double margin) {
        for (double sees : new double[]{0, 0.5, 1}) {
            for (double gains : new double[]{0, 0.03}) {
                int accepted = 0;
                for (int seed = 0; seed < SEEDS; seed++) {
                    List<PairRecord> records = atTheMargin(labels, 300, margin, gains, sees, seed);
                    SteadyPowered powered = Objects.requireNonNull(JudgedByPeople.of(records, DESIGN)).powered();
                    // one in a thousand looks chosen by chance: counted against us
                    accepted += powered == null || powered.interval(0.9).lower() > -margin ? 1 : 0;
                }
                assertThat((double) accepted / SEEDS).as("the judge sees %s of them, gains %s", sees, gains)
                        .isLessThanOrEqualTo(0.05 + 3 * Math.sqrt(0.05 * 0.95 / SEEDS));
            }
        }
    }

    @Test
    void labelsThatDoNotVaryAreNoCertainty() throws IOException {
        for (double candidate : new double[]{0, 1}) {
            List<PairRecord> records = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                boolean marked = i % 2 == 0;
                records.add(new PairRecord("i" + i, null, null,
                        PairRecord.Side.scored(candidate).labelled(marked ? (Double) candidate : null),
                        PairRecord.Side.scored(1 - candidate).labelled(marked ? (Double) (1 - candidate) : null)));
            }
            Verdict.Bounds bounds = Objects.requireNonNull(decide(records).quality().interval());
            assertThat(bounds.upper() - bounds.lower()).isGreaterThan(0.01);
        }
    }

    /** Of equal chances: a loss as often as the margin and the gains together, a gain as often as stated. */
    private static List<PairRecord> atTheMargin(int labels, int rest, double margin, double gains, double sees,
            int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<PairRecord> records = new ArrayList<>();
        for (int i = 0; i < labels + rest; i++) {
            double draw = random.nextDouble();
            double x = draw < margin + gains ? 0 : 1;
            double y = draw >= margin + gains && draw < margin + 2 * gains ? 0 : 1;
            boolean seen = random.nextDouble() < sees;
            records.add(new PairRecord("i" + i, null, null,
                    PairRecord.Side.scored(seen ? x : 1).labelled(i < labels ? (Double) x : null),
                    PairRecord.Side.scored(seen ? y : 1).labelled(i < labels ? (Double) y : null)));
        }
        return records;
    }

    @Test
    void labelsThatCannotBearItAreNamedAndLeftOut() throws IOException {
        assertThat(unused(judged(300, 10, 0))).isEqualTo("there are fewer than 50");
        List<PairRecord> chosen = new ArrayList<>();
        for (PairRecord pair : judged(600, 0, 0)) {
            boolean differ = pair.difference() != 0;
            chosen.add(new PairRecord(pair.id(), null, null, pair.candidate().labelled(differ ? (Double) 1.0 : null),
                    pair.incumbent().labelled(differ ? (Double) 0.5 : null)));
        }
        assertThat(unused(chosen)).startsWith("they are no random sample: the judge sees a difference on 100.0 %");
        assertThat(decide(chosen).quality().intervalKind()).isEqualTo("paired-t-90");
    }

    @Test
    void labelsComeFromAFileOfTheirOwnOrStandBesideTheScores() throws IOException {
        List<PairRecord> records = judged(3, 0, 0);
        Path own = Files.writeString(folder.resolve("own.jsonl"),
                "{\"id\": \"i1\", \"candidate\": 0.25, \"incumbent\": 1}\n");
        PairRecord marked = LabelFile.read(own).onto(records).get(1);
        assertThat(marked.humanDifference()).isEqualTo(-0.75);
        assertThat(marked.difference()).isEqualTo(records.get(1).difference());
        Path beside = folder.resolve("beside.jsonl");
        RecordFile.write(beside, LabelFile.read(own).onto(records));
        List<PairRecord> again = LabelFile.read(beside).onto(records);
        assertThat(again).extracting(PairRecord::labelled).containsExactly(false, true, false);
        assertThat(again.get(1)).isEqualTo(marked);
    }

    @Test
    void labelsOfOtherAnswersAreRefused() throws IOException {
        Path own = Files.writeString(folder.resolve("own.jsonl"),
                "{\"id\": \"other\", \"candidate\": 1, \"incumbent\": 1}\n");
        assertThatThrownBy(() -> LabelFile.read(own).onto(judged(3, 0, 0))).isInstanceOf(IOException.class)
                .hasMessageContaining("its labels are of other items, e.g. 'other'");
        List<PairRecord> old = List.of(served("weights-1"));
        Path before = folder.resolve("before.jsonl");
        RecordFile.write(before, old);
        assertThat(LabelFile.read(before).onto(old).getFirst().humanDifference()).isEqualTo(0);
        assertThatThrownBy(() -> LabelFile.read(before).onto(List.of(served("weights-2"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the label of 'i' is of an answer by")
                .hasMessageContaining("weights-2");
    }

    private static PairRecord served(String fingerprint) {
        PairRecord.Side side = new PairRecord.Side(0.5, 1.0, false, false, false, Set.of(), null, null,
                new PairRecord.Served("open", fingerprint, false), null);
        return new PairRecord("i", null, null, side, side);
    }

    /** Every n-th pair is marked by people, whose difference is the judge's less what it flatters. */
    private static List<PairRecord> judged(int n, int every, double flattery) {
        Random random = new Random(3);
        List<PairRecord> records = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double truth = Math.clamp(0.5 + 0.15 * random.nextGaussian(), 0.0, 1.0);
            double other = Math.clamp(truth + 0.2 * random.nextGaussian() + flattery / 2, 0.0, 1.0);
            boolean marked = every > 0 && i % every == 0;
            records.add(new PairRecord("i" + i, null, null,
                    PairRecord.Side.scored(Math.clamp(truth + flattery, 0, 1)).labelled(marked ? (Double) truth : null),
                    PairRecord.Side.scored(
                            random.nextInt(10) == 0 ? (Double) Math.clamp(truth + flattery, 0, 1) : (Double) other)
                            .labelled(marked ? (Double) other : null)));
        }
        return records;
    }

    private String unused(List<PairRecord> records) throws IOException {
        Verdict verdict = decide(records);
        String reason = String.valueOf(Objects.requireNonNull(verdict.quality().human()).unused());
        assertThat(verdict.decision().reasons()).contains("people's labels were not used: " + reason);
        return reason;
    }

    /** Checked by the other way. */
    private Verdict decide(List<PairRecord> records) throws IOException {
        Path file = folder.resolve("r.jsonl");
        RecordFile.write(file, records);
        Verdict verdict = new VerdictComputer().fromRecords(file, Design.ofRecords(0.03, 0.05, Design.Test.FIXED),
                Instant.parse("2026-11-22T12:00:00Z"));
        assertThat(new VerdictChecker().check(JsonMapper.shared().readTree(VerdictJson.write(verdict)), file))
                .filteredOn(finding -> !finding.holds())
                .isEmpty();
        return verdict;
    }
}
