package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.check.Finding;
import dev.pareto.evals.check.VerdictChecker;
import dev.pareto.policies.swap.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Records of every shape that people bring, each verdict held against the independent checker. */
final class OddRecordsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void scoresBetweenZeroAndOneAreDecidedByStudentsT() throws IOException {
        Random random = new Random(7);
        Verdict verdict = decide(0.05, lines(400, i -> pair(i, noisy(random), noisy(random))));
        assertThat(verdict.quality().intervalKind()).isEqualTo("paired-t-90");
        assertThat(verdict.data().both()).as("no table of other scores").isNull();
        assertThat(verdict.quality().pNonInferior()).isBetween(0.0, 1.0);
    }

    @Test
    void equalRecordsAreNoProofWhileTheyAreFew() throws IOException {
        for (double score : new double[]{0.5, 1}) {
            Verdict few = decide(0.02, lines(20, i -> pair(i, score, score)));
            assertThat(few.quality().verdict()).as("20 times " + score).isEqualTo(Outcome.INCONCLUSIVE);
            assertThat(Objects.requireNonNull(few.more()).items()).isPositive();
            Verdict many = decide(0.02, lines(600, i -> pair(i, score, score)));
            assertThat(many.quality().verdict()).as("600 times " + score).isEqualTo(Outcome.NON_INFERIOR);
            assertThat(many.more()).isNull();
        }
        assertThat(decide(0.02, lines(600, i -> pair(i, 0.2, 0.7))).quality().verdict()).isEqualTo(Outcome.INFERIOR);
        assertThat(decide(0.02, lines(600, i -> pair(i, 0.7, 0.2))).quality().verdict()).isEqualTo(Outcome.SUPERIOR);
    }

    /** Where nobody is ever right, two models cannot be told apart. */
    @Test
    void aSuiteOnWhichTheIncumbentIsHardlyEverRightIsInvalid() throws IOException {
        for (int n : new int[]{20, 600}) {
            Verdict verdict = decide(0.02, lines(n, i -> pair(i, 0, 0)));
            assertThat(verdict.quality().verdict()).as(n + " items").isEqualTo(Outcome.INVALID);
            assertThat(verdict.sentence()).contains("the incumbent is right on 0 % of the items: this suite cannot tell"
                    + " models apart; look at the keys and the grader").doesNotContain("cheaper");
        }
        Verdict near = decide(0.05, lines(1_000, i -> pair(i, 0, i < 10 ? 1 : 0)));
        assertThat(near.sentence()).contains("right on 1.0 % of the items at a margin of 5.0 points");
        assertThat(decide(0.05, lines(1_000, i -> pair(i, 0, i < 200 ? 1 : 0))).quality().verdict())
                .isEqualTo(Outcome.INFERIOR);
        assertThat(decide(0.005, lines(8_000, i -> pair(i, i % 50 == 0 ? 1 : 0, i % 50 == 0 ? 1 : 0))).quality()
                .verdict()).as("a small margin of a hard suite").isEqualTo(Outcome.NON_INFERIOR);
        assertThat(decide(0.05, lines(600, i -> pair(i, i % 2, 0))).quality().verdict())
                .as("a candidate that is better shows that it can tell")
                .isEqualTo(Outcome.SUPERIOR);
    }

    @Test
    void theItemsThatItTakesAreThoseAtWhichTheTestWouldAccept() throws IOException {
        Verdict ties = decide(0.03, write(lines(60, i -> pair(i, 1, 1))), false);
        assertThat(Objects.requireNonNull(ties.more()).items()).isEqualTo(28);
        assertThat(decide(0.03, write(lines(87, i -> pair(i, 1, 1))), false).quality().verdict())
                .isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(decide(0.03, write(lines(88, i -> pair(i, 1, 1))), false).quality().verdict())
                .isEqualTo(Outcome.NON_INFERIOR);
        Verdict scores = decide(0.05, write(lines(40, i -> pair(i, 0.5, 0.5))), false);
        long all = 40 + Objects.requireNonNull(scores.more()).items();
        assertThat(decide(0.05, write(lines((int) all, i -> pair(i, 0.5, 0.5))), false).quality().verdict())
                .isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void moreItemsOfClustersAreToldAsClusters() throws IOException {
        Verdict verdict = decide(0.05,
                write(lines(600, i -> clustered(i, i / 10, i / 10 % 6 == 0 ? 0 : 1, i / 10 % 6 == 1 ? 0 : 1))), false);
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.INCONCLUSIVE);
        long items = Objects.requireNonNull(verdict.more()).items();
        assertThat(items).as("sixty draws, not six hundred").isGreaterThan(2_000);
        assertThat(verdict.sentence()).contains(" more clusters would be");
    }

    @Test
    void aStratumThatGotWorseIsFlaggedThoughNobodyAskedForIt() throws IOException {
        Verdict verdict = decide(0.05, lines(900, i -> "{\"id\": " + i + ", \"stratum\": \"" + (i < 100 ? "a" : "b")
                + "\", \"candidate\": " + (i < 30 ? 0 : 1) + ", \"incumbent\": 1}"));
        assertThat(verdict.slices()).extracting(Verdict.Slice::name, Verdict.Slice::flagged)
                .containsExactly(tuple("a", true), tuple("b", false));
        assertThat(verdict.decision().reasons()).contains("slice a is worse");
    }

    @Test
    void aHandfulOfDifferencesHasNoSpreadToTrust() throws IOException {
        Verdict verdict = decide(0.02, lines(60, i -> pair(i, i == 3 ? 0.9 : 0.5, 0.5)));
        assertThat(verdict.quality().intervalKind()).isEqualTo("anytime-95");
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void oneRecordDecidesNothing() throws IOException {
        for (double score : new double[]{0.5, 1}) {
            Verdict one = decide(0.02, lines(1, i -> pair(i, score, score)));
            assertThat(one.quality().verdict()).isEqualTo(Outcome.INCONCLUSIVE);
            assertThat(one.sentence()).contains("not enough data, about ");
        }
    }

    @Test
    void clustersCountAsOneDrawEach() throws IOException {
        IntFunction<String> together = i -> clustered(i, i / 10, i / 10 % 3 == 0 ? 0 : 1, 1);
        Verdict clusters = decide(0.05, lines(600, together));
        Verdict items = decide(0.05, lines(600, i -> pair(i, i / 10 % 3 == 0 ? 0 : 1, 1)));
        assertThat(clusters.quality().intervalKind()).isEqualTo("clustered-t-90");
        assertThat(clusters.design().grouping()).isEqualTo("cluster");
        assertThat(clusters.quality().diff()).isCloseTo(items.quality().diff(), within(1e-12));
        assertThat(width(clusters)).isGreaterThan(2.5 * width(items));

        Verdict few = decide(0.05, lines(100, i -> clustered(i, i % 10, i % 3 == 0 ? 0 : 1, 1)));
        assertThat(few.quality().interval()).isNull();
        assertThat(few.quality().verdict()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(few.decision().reasons()).contains("fewer than 20 clusters");
    }

    @Test
    void clustersOfOneAreItems() throws IOException {
        Verdict single = decide(0.05, lines(300, i -> clustered(i, i, i % 20 == 0 ? 0 : 1, i % 25 == 0 ? 0 : 1)));
        Verdict items = decide(0.05, lines(300, i -> pair(i, i % 20 == 0 ? 0 : 1, i % 25 == 0 ? 0 : 1)));
        assertThat(single.quality()).isEqualTo(items.quality());
    }

    @Test
    void clustersThatAllAgreeAreNoProofWhileTheyAreFew() throws IOException {
        assertThat(decide(0.02, lines(400, i -> clustered(i, i % 20, 1, 1))).quality().verdict())
                .isEqualTo(Outcome.INCONCLUSIVE);
        Verdict many = decide(0.02, lines(1_200, i -> clustered(i, i / 2, 1, 1)));
        assertThat(many.quality().intervalKind()).isEqualTo("anytime-95");
        assertThat(many.quality().verdict()).isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void sequentialClustersAreBetOnByTheirMeans() throws IOException {
        Verdict verdict = decide(0.1, lines(2_000, i -> clustered(i, i / 4, i % 40 == 0 ? 0 : 1, i % 37 == 0 ? 0 : 1)),
                true);
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.NON_INFERIOR);
        assertThat(verdict.quality().stoppedAt()).isLessThan(2_000).isEqualTo(verdict.data().n());
        assertThat(verdict.data().n() % 4).as("whole clusters").isZero();
        assertThat(verdict.quality().intervalKind()).isEqualTo("anytime-95 of cluster means");
    }

    /** 20 clusters of which 8 differ: the interval of Miller 2024 with 19 degrees of freedom, computed elsewhere. */
    @Test
    void clustersOfPassesAndFailuresGetStudentsT() throws IOException {
        Verdict verdict = decide(0.05, write(lines(200, i -> clustered(i, i / 10, i % 7 == 0 ? 0 : 1,
                i % 8 == 0 ? 0 : 1))), false);
        assertThat(verdict.quality().intervalKind()).isEqualTo("clustered-t-90");
        Verdict.Bounds interval = Objects.requireNonNull(verdict.quality().interval());
        assertThat(interval.lower()).isCloseTo(-0.043801416374890545, within(1e-9));
        assertThat(interval.upper()).isCloseTo(0.0038014163748905407, within(1e-9));
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.NON_INFERIOR);
    }

    @Test
    void scoresOfWhichAFewDifferGetStudentsT() throws IOException {
        Verdict verdict = decide(0.05, lines(300, i -> pair(i, i % 20 == 0 ? 0.2 + 0.001 * i : 0.5, 0.5)));
        assertThat(verdict.quality().intervalKind()).isEqualTo("paired-t-90");
        assertThat(decide(0.05, lines(300, i -> pair(i, i < 7 ? 0.4 : 0.5, 0.5))).quality().intervalKind())
                .isEqualTo("anytime-95");
    }

    /** The stop of an independent replay over cluster means, ordered by SHA-256("swap-1|" + cluster). */
    @Test
    void clustersAreDrawnInTheOrderOfTheirOwnNames() throws IOException {
        IntFunction<String> line = i -> clustered(i, i / 4, i % 40 == 0 ? 0 : 1, i % 37 == 0 ? 0 : 1);
        Verdict verdict = decide(0.1, lines(2_000, line), true);
        assertThat(verdict.quality().stoppedAt()).isEqualTo(176);
        assertThat(verdict.quality().logENoninferior()).isCloseTo(3.207724880123844, within(1e-9));
    }

    @Test
    void anItemNamedLikeAClusterIsAnotherDrawWhateverTheOrderOfTheFile() throws IOException {
        List<String> lines = lines(400, i -> clustered(i, i / 4, i % 10 == 0 ? 0 : 1, i % 11 == 0 ? 0 : 1));
        lines.add("{\"id\": \"c7\", \"candidate\": 0, \"incumbent\": 1}");
        Verdict.Quality quality = decide(0.02, write(lines), true).quality();
        assertThat(quality.stoppedAt()).isEqualTo(401);
        assertThat(decide(0.02, write(lines.reversed()), true).quality().logENoninferior())
                .isEqualTo(quality.logENoninferior());
    }

    @Test
    void keysThatNobodyReadsAreIgnoredAndNamed() throws IOException {
        Path file = write(lines(3, i -> "{\"id\": " + i + ", \"foo\": 1, \"model\": \"m\", \"candidate\":"
                + " {\"score\": 1, \"tokens\": 9}, \"incumbent\": 1}"));
        RecordFile.Content content = RecordFile.content(file);
        assertThat(content.records()).hasSize(3);
        assertThat(content.ignored()).containsExactly("\"foo\" of a record", "\"model\" of a record",
                "\"tokens\" of one side of a record");
        Path many = Files.writeString(folder.resolve("r.jsonl"), lines(100, i -> "\"x" + i + "\": 1").stream()
                .collect(Collectors.joining(", ", "{\"id\": 1, ", ", \"candidate\": 1, \"incumbent\": 1}")));
        assertThat(RecordFile.content(many).ignored()).hasSize(20);
    }

    @Test
    void strataAreWeighedByTheirRecords() throws IOException {
        Verdict verdict = decide(0.05, lines(900, i -> "{\"id\": " + i + ", \"stratum\": \"" + (i % 3 == 0 ? "a" : "b")
                + "\", \"candidate\": " + (i % 7 == 0 ? 0 : 1) + ", \"incumbent\": " + (i % 8 == 0 ? 0 : 1) + "}"));
        assertThat(verdict.quality().intervalKind()).isEqualTo("stratified-normal-90");
        assertThat(verdict.slices()).extracting(Verdict.Slice::name).containsExactly("a", "b");
        Verdict lone = decide(0.05, lines(900, i -> "{\"id\": " + i + ", \"stratum\": \"" + (i == 0 ? "a" : "b")
                + "\", \"candidate\": " + (i % 7 == 0 ? 0 : 1) + ", \"incumbent\": " + (i % 8 == 0 ? 0 : 1) + "}"));
        assertThat(lone.quality().intervalKind()).as("a stratum of one has no variance").isEqualTo("tango-90");
    }

    @Test
    void whatIsMissingIsWrongForTheCandidateAndMissingForTheIncumbent() throws IOException {
        List<String> lines = new ArrayList<>(lines(300, i -> pair(i, 1, 1)));
        lines.add("{\"id\": \"x\", \"incumbent\": 1}");
        lines.add("");
        lines.add("{\"id\": \"y\", \"candidate\": 1}");
        Verdict verdict = decide(0.05, lines);
        assertThat(verdict.data().n()).isEqualTo(301);
        assertThat(verdict.data().onlyIncumbent()).isEqualTo(1);
        assertThat(verdict.data().missing()).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            lines.add("{\"id\": \"z" + i + "\", \"candidate\": 1, \"incumbent\": null}");
        }
        assertThat(decide(0.05, lines).quality().verdict()).isEqualTo(Outcome.INVALID);
    }

    @Test
    void whatCannotBeReadSaysWhereAndHowToMendIt() {
        refused("{\"id\": 1, \"candidate\": 1, \"incumbent\": 1}\n{\"id\": 1, \"candidate\": 1, \"incumbent\": 1}",
                "r.jsonl:2: the id '1' stands there twice");
        refused("{\"id\": 1, \"candidate\": 1.2, \"incumbent\": 1}", "r.jsonl:1: score 1.2");
        refused("{\"id\": 1, \"candidate\": \"yes\", \"incumbent\": 1}", "r.jsonl:1: a score must be a number");
        refused("[1, 2]", "r.jsonl:1: no object");
        refused("nonsense", "r.jsonl:1");
        refused("", "there are no records");
        refused("{\"id\": 1, \"canditate\": 1, \"incumbent\": 1}",
                "r.jsonl:1: 'canditate' is no key of a record; did you mean 'candidate'?");
        refused("{\"id\": 1, \"incumbent\": 1}", "no record has a score of the candidate");
        refused("{\"id\": 1, \"model\": 1, \"incumbent\": 1}",
                "r.jsonl:1: 'model' is no key of a record, which has id, cluster");
        refused("{\"id\": 1, \"candidate\": 1, \"incumbent\": 1}\n{\"candidate\": 1, \"incumbent\": 1}",
                "r.jsonl:2: 'id' must be there");
        refused("{\"id\": 1, \"candidate\": 1, \"incumbent\": 1, \"cluste\": \"a\"}", "did you mean 'cluster'?");
        side("{\"score\": 1, \"latency\": 3}",
                "'latency' is no key of one side of a record; did you mean 'latency_ms'?");
    }

    /** Each of these once gave a verdict of something else than its author meant. */
    @Test
    void whatIsAmbiguousIsRefused() {
        refused("{\"id\": 1, \"candidate\": 1, \"candidate\": 0, \"incumbent\": 1}", "Duplicate");
        refused("{\"id\": 1, \"candidate\": 1, \"incumbent\": 1} {\"id\": 2, \"candidate\": 0, \"incumbent\": 1}",
                "more on the line than one JSON object");
        refused("{\"id\": 1, \"candidate\": NaN, \"incumbent\": 1}", "write null where there is no score");
        refused("{\"id\": {\"a\": 1}, \"candidate\": 1, \"incumbent\": 1}", "'id' must be a text or a number");
        refused("{\"id\": \" \", \"candidate\": 1, \"incumbent\": 1}", "'id' must be a text that is not blank");
        refused("{\"id\": 1, \"critical\": \"yes\", \"candidate\": 1, \"incumbent\": 1}",
                "'critical' must be true or false");
        side("{\"scor\": 1}", "did you mean 'score'?");
        side("{\"score\": 1, \"human\": 2}", "human 2.0 is not within 0 and 1");
        side("{\"score\": 1, \"latency_ms\": \"12\"}", "'latency_ms' must be a number from 0");
        side("{\"score\": 1, \"latency_ms\": -5}", "'latency_ms' must be a number from 0");
        side("{\"score\": 1, \"format_failure\": \"false\"}", "'format_failure' must be true or false");
        side("{\"score\": 1, \"failed_graders\": \"a\"}", "'failed_graders' must be a list of names");
        side("{\"score\": 1, \"cost\": \"abc\"}", "'cost' must be an amount such as 0.0012");
        side("{\"score\": 1, \"cost\": -1}", "'cost' must be an amount from 0");
        side("{\"score\": 1, \"cost\": \"1e999999999\"}", "'cost' must be an amount from 0");
    }

    @Test
    void encodingsAndLineEndsDoNotMatter() throws IOException {
        List<String> plain = lines(300, i -> pair(i, i % 17 == 0 ? 0 : 1, i % 19 == 0 ? 0 : 1).replace("\"id\": ",
                "\"id\": \"日本🎉\", \"cluster\": "));
        for (int i = 0; i < plain.size(); i++) {
            plain.set(i, plain.get(i).replace("🎉", "🎉" + i));
        }
        Verdict.Quality quality = decide(0.05, plain).quality();
        Path file = folder.resolve("r.jsonl");
        Files.writeString(file, "\uFEFF" + String.join("\r\n", plain) + "\r\n\r\n  \r\n");
        Verdict other = decide(0.05, file, false);
        assertThat(other.quality()).isEqualTo(quality);
        assertThat(other.data().recordsSha256()).isEqualTo(RecordFile.content(file).sha256())
                .isEqualTo(CanonicalJson.sha256(Files.readAllBytes(file)));
        Files.write(file, String.join("\n", plain).getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> RecordFile.read(file)).hasMessageContaining("save it as UTF-8");
        Files.write(file, new byte[]{0x1f, (byte) 0x8b, 8, 0, '\n'});
        assertThatThrownBy(() -> RecordFile.read(file)).hasMessageContaining("unpack it first");
    }

    @Test
    void theOrderOfTheRecordsDoesNotMatter() throws IOException {
        Random random = new Random(7);
        List<String> lines = lines(200, i -> pair(i, noisy(random), noisy(random)));
        Verdict.Quality quality = decide(0.05, lines).quality();
        assertThat(Objects.requireNonNull(quality.secondOpinion()).kind()).isEqualTo("bca-90");
        Verdict.Quality reversed = decide(0.05, lines.reversed()).quality();
        assertThat(reversed.secondOpinion()).isEqualTo(quality.secondOpinion());
        assertThat(reversed.verdict()).isEqualTo(quality.verdict());
    }

    @Test
    void aHandfulOfScoresThatLieCloseTogetherIsNoProof() throws IOException {
        Verdict verdict = decide(0.02, lines(3, i -> pair(i, 0.8 + 0.001 * i, 0.5)));
        assertThat(verdict.quality().intervalKind()).isEqualTo("anytime-95");
        assertThat(verdict.quality().verdict()).isEqualTo(Outcome.INCONCLUSIVE);
        Verdict strata = decide(0.02, lines(40, i -> "{\"id\": " + i + ", \"stratum\": \"s" + i / 2
                + "\", \"candidate\": " + (i / 2 % 2) + ", \"incumbent\": " + (1 - i / 2 % 2) + "}"));
        assertThat(strata.quality().intervalKind()).as("no spread within any stratum").isEqualTo("tango-90");
    }

    @Test
    void whereTheBootstrapOfSkewedScoresDisagreesNothingIsDecided() throws IOException {
        Verdict skewed = decide(0.0437,
                lines(60, i -> pair(i, i < 3 ? 0.05 : 0.5 + 0.05 + 0.0001 * (i % 5), i < 3 ? 0.95 : 0.5)));
        assertThat(skewed.quality().intervalKind()).isEqualTo("paired-t-90");
        assertThat(Objects.requireNonNull(skewed.quality().interval()).lower()).isGreaterThan(-0.0437);
        Verdict.SecondOpinion second = Objects.requireNonNull(skewed.quality().secondOpinion());
        assertThat(second.interval().lower()).isLessThan(-0.0437);
        assertThat(second.agrees()).isFalse();
        assertThat(skewed.quality().verdict()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(skewed.decision().reasons()).contains("bca-90 says INCONCLUSIVE");
        assertThat(skewed.quality().intervals()).contains("second opinion").endsWith("(bca-90): INCONCLUSIVE.");
    }

    @Test
    void newcombeStandsBesideTango() throws IOException {
        Verdict verdict = decide(0.05, lines(800, i -> pair(i, i % 17 == 0 ? 0 : 1, i % 19 == 0 ? 0 : 1)));
        Verdict.SecondOpinion second = Objects.requireNonNull(verdict.quality().secondOpinion());
        assertThat(second.kind()).isEqualTo("newcombe-90");
        assertThat(second.agrees()).isTrue();
        assertThat(verdict.quality().intervals()).endsWith("(newcombe-90): the same verdict.");
    }

    @Test
    void levelsAreWrittenAsPeopleWriteThem() throws IOException {
        Path file = write(lines(500, i -> pair(i, 1, 1)));
        Verdict verdict = new VerdictComputer().fromRecords(file, Design.ofRecords(0.05, 0.025, Design.Test.FIXED),
                NOW);
        assertThat(verdict.quality().intervalKind()).isEqualTo("tango-95");
        Verdict anytime = new VerdictComputer().fromRecords(file,
                Design.ofRecords(0.05, 0.025, Design.Test.SEQUENTIAL), NOW);
        assertThat(anytime.quality().intervalKind()).isEqualTo("anytime-97.5");
    }

    @Test
    void theCheckerSeesAnyNumberThatWasChanged() throws IOException {
        Path file = write(lines(800, i -> pair(i, i % 17 == 0 ? 0 : 1, i % 19 == 0 ? 0 : 1)));
        Verdict verdict = new VerdictComputer().fromRecords(file, Design.ofRecords(0.05, 0.05, Design.Test.FIXED), NOW);
        for (String path : List.of("/quality/diff", "/quality/interval/lower", "/quality/p_non_inferior", "/data/n",
                "/data/both", "/candidate/accuracy")) {
            ObjectNode forged = VerdictJson.tree(verdict);
            int cut = path.lastIndexOf('/');
            ((ObjectNode) forged.at(path.substring(0, cut))).put(path.substring(cut + 1), 0.123);
            assertThat(new VerdictChecker().check(forged, file)).as(path)
                    .filteredOn(finding -> !finding.holds())
                    .extracting(Finding::what)
                    .contains("sha256", path.substring(1).replace('/', '.'));
        }
        ObjectNode promoted = VerdictJson.tree(verdict);
        ((ObjectNode) promoted.get("quality")).put("verdict", "SUPERIOR");
        assertThat(new VerdictChecker().check(promoted, file)).extracting(Finding::what, Finding::holds)
                .contains(tuple("quality.verdict", false));
        Files.writeString(file, pair(9_999, 1, 1) + "\n", StandardOpenOption.APPEND);
        assertThat(new VerdictChecker().check(VerdictJson.tree(verdict), file))
                .extracting(Finding::what, Finding::holds)
                .contains(tuple("data.records_sha256", false));
    }

    private Verdict decide(double margin, List<String> lines) throws IOException {
        decide(margin, lines, true);
        return decide(margin, lines, false);
    }

    /** The verdict of the records as the command line gives it, checked by the other way. */
    private Verdict decide(double margin, List<String> lines, boolean sequential) throws IOException {
        return decide(margin, write(lines), sequential);
    }

    private Verdict decide(double margin, Path file, boolean sequential) throws IOException {
        List<PairRecord> records = RecordFile.read(file);
        Verdict verdict = new VerdictComputer().fromRecords(RecordFile.content(file), file,
                Design.ofRecords(margin, 0.05,
                        sequential ? Design.Test.SEQUENTIAL : Design.Test.FIXED, records),
                NOW);
        JsonNode json = JsonMapper.shared().readTree(VerdictJson.write(verdict));
        assertThat(VerdictJson.read(json.toString())).isEqualTo(verdict);
        assertThat(new VerdictChecker().check(json, file)).filteredOn(finding -> !finding.holds()).isEmpty();
        return verdict;
    }

    private void side(String side, String reason) {
        refused("{\"id\": 1, \"candidate\": " + side + ", \"incumbent\": 1}", reason);
    }

    private void refused(String text, String reason) {
        assertThatThrownBy(() -> RecordFile.read(Files.writeString(folder.resolve("r.jsonl"), text)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    private Path write(List<String> lines) throws IOException {
        return Files.write(folder.resolve("r.jsonl"), lines);
    }

    private static double width(Verdict verdict) {
        Verdict.Bounds interval = Objects.requireNonNull(verdict.quality().interval());
        return interval.upper() - interval.lower();
    }

    private static List<String> lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.toList());
    }

    private static String pair(int id, double candidate, double incumbent) {
        return String.format(Locale.ROOT, "{\"id\": %d, \"candidate\": %s, \"incumbent\": %s}", id, candidate,
                incumbent);
    }

    private static String clustered(int id, int cluster, double candidate, double incumbent) {
        return String.format(Locale.ROOT, "{\"id\": %d, \"cluster\": \"c%d\", \"candidate\": %s, \"incumbent\": %s}",
                id,
                cluster, candidate, incumbent);
    }

    private static double noisy(Random random) {
        return Math.clamp(0.7 + 0.2 * random.nextGaussian(), 0.0, 1.0);
    }
}
