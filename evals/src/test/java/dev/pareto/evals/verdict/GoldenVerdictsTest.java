package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.pareto.evals.run.Order;
import dev.pareto.evals.stats.MultipleTesting;
import dev.pareto.evals.stats.paired.McNemar;
import dev.pareto.evals.stats.sequential.PluginGro;
import dev.pareto.policies.swap.Outcome;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real models on public benchmarks: the verdicts must be the published ones, from the counts and from the items. */
final class GoldenVerdictsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final VerdictComputer computer = new VerdictComputer();

    @TestFactory
    Stream<DynamicTest> countsGiveThePublishedFixedVerdict() throws IOException {
        return golden().map(pair -> DynamicTest.dynamicTest(name(pair), () -> {
            List<PairRecord> records = fromCounts(pair);
            Verdict whole = verdict(records, 0.02, Design.Test.FIXED);
            assertThat(whole.data().n()).isEqualTo(pair.get("n").asInt());
            close(whole.candidate().accuracy(), pair.get("acc_candidate"));
            close(whole.incumbent().accuracy(), pair.get("acc_incumbent"));
            close(whole.quality().diff(), pair.get("diff"));
            close(whole.data().pDisc(), pair.get("p_discordant"));
            Verdict.Descriptive second = Objects.requireNonNull(whole.quality().descriptive());
            close(second.mcnemarExactP(), pair.get("mcnemar_exact_p"));
            close(second.mcnemarMidP(), pair.get("mcnemar_midp"));
            for (JsonNode expected : pair.get("fixed")) {
                Verdict.Quality quality = fixed(records, expected.get("delta").asDouble());
                assertFixed(quality, expected);
            }
        }));
    }

    /** 57 subjects at once: each one's p, and both corrections for looking at all of them. */
    @Test
    void subjectsAreCorrectedForBeingMany() throws IOException {
        List<JsonNode> subjects = read("golden_verdicts.json").get("mmlu_subjects").valueStream().toList();
        double[] midP = subjects.stream().mapToDouble(GoldenVerdictsTest::worse).toArray();
        double[] discoveries = MultipleTesting.benjaminiHochberg(midP);
        double[] holm = MultipleTesting.holm(midP);
        for (int i = 0; i < midP.length; i++) {
            JsonNode one = subjects.get(i);
            close((one.get("b").asDouble() - one.get("c").asDouble()) / one.get("n").asDouble(), one.get("diff"));
            close(midP[i], one.get("midp"));
            close(discoveries[i], one.get("bh"));
            close(holm[i], one.get("holm"));
        }
        assertThat(Arrays.stream(discoveries).filter(one -> one <= 0.05).count()).isEqualTo(40);
        assertThat(Arrays.stream(holm).filter(one -> one <= 0.05).count()).isEqualTo(33);
    }

    @TestFactory
    Stream<DynamicTest> itemsGiveThePublishedVerdictAndStop() throws IOException {
        Path data = shared("eval-data/zeroeval");
        return golden().filter(pair -> pair.get("task").asString().startsWith("zeroeval/"))
                .map(pair -> DynamicTest.dynamicTest(name(pair), () -> {
                    assumeThat(data).as("the published outcomes lie beside the repository").isNotNull().exists();
                    List<PairRecord> records = fromItems(Objects.requireNonNull(data), pair);
                    assertThat(records).hasSize(pair.get("n").asInt());
                    for (JsonNode expected : pair.get("fixed")) {
                        assertFixed(fixed(records, expected.get("delta").asDouble()), expected);
                    }
                    for (String margin : pair.get("sequential").propertyNames()) {
                        JsonNode expected = pair.get("sequential").get(margin);
                        Verdict.Quality quality = quality(records, Double.parseDouble(margin),
                                Design.Test.SEQUENTIAL);
                        assertThat(quality.verdict()).hasToString(expected.get("verdict").asString());
                        assertThat(quality.stoppedAt()).isEqualTo(expected.get("n_used").asInt());
                        assertThat(quality.logENoninferior()).isCloseTo(expected.get("log_e_noninf").asDouble(),
                                within(1e-8));
                        assertThat(quality.logEInferior()).isCloseTo(expected.get("log_e_inf").asDouble(),
                                within(1e-8));
                    }
                }));
    }

    /** Llama-3.1-70B for gpt-4o-mini: the bound that held where the test stopped, and the one at the end. */
    @Test
    void theAnytimeBoundIsThePublishedOne() throws IOException {
        Path data = shared("eval-data/zeroeval");
        assumeThat(data).as("the published outcomes lie beside the repository").isNotNull().exists();
        JsonNode pair = golden().filter(one -> one.get("task").asString().equals("zeroeval/gsm")
                && one.get("incumbent").asString().startsWith("gpt-4o-mini")
                && one.get("candidate").asString().contains("3.1-70B")).findFirst().orElseThrow();
        JsonNode expected = read("stats_vectors.json")
                .at("/plugin_gro_eprocess/anytime_lower_bound/gsm_llama70b_vs_gpt4omini_delta02");
        double[] d = Order.seeded(fromItems(Objects.requireNonNull(data), pair), PairRecord::id, "swap-1")
                .stream()
                .mapToDouble(PairRecord::difference)
                .toArray();
        for (int i = 0; i < expected.get("n").size(); i++) {
            double[] first = Arrays.copyOf(d, expected.get("n").get(i).asInt());
            assertThat(PluginGro.lowerBound(first, 0.02, 0.05, PluginGro.Parameters.STANDARD))
                    .isCloseTo(expected.get("lower").get(i).asDouble(), within(1e-9));
        }
    }

    @Test
    void hopelessComparisonsEndEarlyAndNoOtherDoes() throws IOException {
        Path data = shared("eval-data/zeroeval");
        assumeThat(data).as("the published outcomes lie beside the repository").isNotNull().exists();
        int undecided = 0;
        int ended = 0;
        for (JsonNode pair : golden().filter(one -> one.get("task").asString().startsWith("zeroeval/")).toList()) {
            List<PairRecord> order = Order.seeded(fromItems(Objects.requireNonNull(data), pair), PairRecord::id,
                    "swap-1");
            for (String margin : pair.get("sequential").propertyNames()) {
                boolean decided = !pair.at("/sequential/" + margin + "/verdict").asString().equals("INCONCLUSIVE");
                boolean hopeless = hopeless(order, Double.parseDouble(margin));
                assertThat(decided && hopeless).as(name(pair) + " at " + margin).isFalse();
                undecided += decided ? 0 : 1;
                ended += hopeless ? 1 : 0;
            }
        }
        assertThat(undecided).isEqualTo(17);
        assertThat(ended).isEqualTo(16);
    }

    private static boolean hopeless(List<PairRecord> order, double margin) {
        Design design = Design.ofRecords(margin, 0.05, Design.Test.SEQUENTIAL);
        PluginGro process = design.process();
        Futility futility = new Futility(design, order.size());
        for (PairRecord pair : order) {
            futility.add(pair.difference());
            if (process.add(pair.difference()) != Outcome.INCONCLUSIVE) {
                return false;
            }
            if (futility.hopeless(process.logNonInferior(), process.logInferior())) {
                return true;
            }
        }
        return false;
    }

    private void assertFixed(Verdict.Quality quality, JsonNode expected) {
        assertThat(quality.verdict()).hasToString(expected.get("verdict").asString());
        Verdict.Bounds interval = Objects.requireNonNull(quality.interval());
        assertThat(interval.lower()).isCloseTo(expected.get("tango90").get(0).asDouble(), within(1e-8));
        assertThat(interval.upper()).isCloseTo(expected.get("tango90").get(1).asDouble(), within(1e-8));
        close(quality.pNonInferior(), expected.get("p_noninferior"));
    }

    /** Two-sided where the candidate is worse; else there is nothing to flag. */
    private static double worse(JsonNode subject) {
        int better = subject.get("b").asInt();
        int worse = subject.get("c").asInt();
        return worse > better ? McNemar.test(better, worse).midP() : 1;
    }

    /** To nine digits, however small. */
    private static void close(@Nullable Double actual, JsonNode expected) {
        double value = expected.doubleValue();
        assertThat(actual).isCloseTo(value, within(Math.abs(value) * 1e-9));
    }

    private Verdict.Quality fixed(List<PairRecord> records, double margin) {
        return quality(records, margin, Design.Test.FIXED);
    }

    private Verdict.Quality quality(List<PairRecord> records, double margin, Design.Test test) {
        return verdict(records, margin, test).quality();
    }

    private Verdict verdict(List<PairRecord> records, double margin, Design.Test test) {
        Verdict.Subject nobody = new Verdict.Subject("x", null, List.of(), false, null);
        VerdictContext context = new VerdictContext(null, new Verdict.SuiteRef("golden", null), nobody, nobody,
                records.size(), List.of(), null, null, null, NOW, null);
        return computer.compute(records, Design.ofRecords(margin, 0.05, test), context);
    }

    private static List<PairRecord> fromCounts(JsonNode pair) {
        List<PairRecord> records = new ArrayList<>();
        add(records, pair.get("a_both").asInt(), 1, 1);
        add(records, pair.get("b_only_candidate").asInt(), 1, 0);
        add(records, pair.get("c_only_incumbent").asInt(), 0, 1);
        add(records, pair.get("d_neither").asInt(), 0, 0);
        return records;
    }

    private static void add(List<PairRecord> records, int count, double candidate, double incumbent) {
        for (int i = 0; i < count; i++) {
            records.add(new PairRecord("item-" + records.size(), null, null, PairRecord.Side.scored(candidate),
                    PairRecord.Side.scored(incumbent)));
        }
    }

    /** No answer counts as wrong; an empty field means that the model was never asked. */
    private static List<PairRecord> fromItems(Path data, JsonNode pair) throws IOException {
        List<String> lines = Files.readAllLines(
                data.resolve(pair.get("task").asString().substring("zeroeval/".length()) + ".correct.csv"));
        List<String> header = Arrays.asList(lines.getFirst().split(",", -1));
        int candidate = header.indexOf(pair.get("candidate").asString());
        int incumbent = header.indexOf(pair.get("incumbent").asString());
        List<PairRecord> records = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split(",", -1);
            if (!fields[candidate].isEmpty() && !fields[incumbent].isEmpty()) {
                records.add(new PairRecord(fields[0], null, null,
                        PairRecord.Side.scored(fields[candidate].equals("1") ? 1.0 : 0.0),
                        PairRecord.Side.scored(fields[incumbent].equals("1") ? 1.0 : 0.0)));
            }
        }
        return records;
    }

    private static Stream<JsonNode> golden() throws IOException {
        return read("golden_verdicts.json").get("verdicts").valueStream().toList().stream();
    }

    private static JsonNode read(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                GoldenVerdictsTest.class.getResourceAsStream("/dev/pareto/evals/" + resource))) {
            return JsonMapper.shared().readTree(in.readAllBytes());
        }
    }

    private static String name(JsonNode pair) {
        return pair.get("task").asString() + ": " + pair.get("incumbent").asString() + " to "
                + pair.get("candidate").asString();
    }

    /** A path below the folder {@code shared} beside the repository, or null without a repository. */
    private static @Nullable Path shared(String path) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".mvn"))) {
                return folder.resolveSibling("shared").resolve(path);
            }
        }
        return null;
    }
}
