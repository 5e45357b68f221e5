package dev.pareto.evals.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.pareto.evals.check.Finding;
import dev.pareto.evals.check.VerdictChecker;
import dev.pareto.evals.suite.DecisionPlan;
import dev.pareto.evals.suite.Grouping;
import dev.pareto.evals.suite.GuardPlan;
import dev.pareto.policies.price.Money;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whatever is changed in a verdict, even when it is sealed again, the independent checker names it. */
final class TamperedVerdictTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    /** What records cannot tell; the seal and the chain hold it. */
    private static final Pattern UNTOLD = Pattern.compile("^/(route|previous_sha256|data/records|suite/sha256"
            + "|guards/\\d+/reason|design/preregistered_(at|before_data)|noise_floor/(n|diff|unstable)"
            + "|more/(currency|seconds)|quality/human/unused|(candidate|incumbent)/served_models/\\d+"
            + "|decision/reasons/\\d+|design/break_even/fail_cost|(candidate|incumbent)/(fingerprint|simulated))$");

    @TempDir
    private Path folder;

    private final Map<String, JsonNode> verdicts = new LinkedHashMap<>();

    @TestFactory
    Stream<DynamicTest> everyStatementIsChecked() throws IOException {
        verdicts();
        return verdicts.entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
            JsonNode verdict = entry.getValue();
            assertThat(wrong(verdict, entry.getKey())).isEmpty();
            List<String> unseen = leaves(verdict).parallelStream()
                    .filter(pointer -> !pointer.equals("/schema") && !pointer.equals("/sha256")
                            && wrong(seal(changed(verdict, pointer)), entry.getKey()).isEmpty())
                    .toList();
            assertThat(unseen).allMatch(pointer -> UNTOLD.matcher(pointer).find());
        }));
    }

    @Test
    void whatIsTakenAwayOrPutInIsNamed() throws IOException {
        verdicts();
        forged("guarded", verdict -> ((ArrayNode) verdict.get("guards")).remove(0), "guards");
        forged("guarded", verdict -> ((ArrayNode) verdict.get("slices")).remove(1), "slices");
        forged("guarded", verdict -> verdict.putNull("economics"), "economics");
        forged("guarded", verdict -> ((ArrayNode) verdict.at("/decision/blocked_by")).removeAll(),
                "decision.blocked_by");
        forged("guarded", verdict -> ((ArrayNode) verdict.at("/design/guards")).remove(0), "design.sha256");
        forged("guarded", verdict -> ((ObjectNode) verdict.get("design")).putNull("false_discovery_rate"),
                "design.sha256");
        forged("graded", verdict -> ((ObjectNode) verdict.get("quality")).putNull("second_opinion"),
                "quality.second_opinion");
        forged("graded", verdict -> ((ObjectNode) verdict.get("quality")).putNull("interval"),
                "quality.interval.lower");
        forged("undecided", verdict -> verdict.putNull("more"), "more");
        forged("people", verdict -> ((ObjectNode) verdict.get("quality")).putNull("human"), "quality.human.labelled");
    }

    @Test
    void aVerdictBoundToAnotherBuildOrForLongerIsNamed() throws IOException {
        verdicts();
        forged("guarded", verdict -> ((ObjectNode) verdict.get("candidate")).put("fingerprint", "weights-2"),
                "candidate.fingerprint");
        forged("guarded", verdict -> ((ObjectNode) verdict.get("candidate")).putNull("fingerprint"),
                "candidate.fingerprint");
        forged("guarded", verdict -> verdict.put("expires", "2027-11-22T12:00:00Z"), "expires");
        forged("simulated", verdict -> {
            verdict.put("simulated", false);
            ((ObjectNode) verdict.get("incumbent")).put("simulated", false);
        }, "incumbent.simulated");
    }

    @Test
    void changedRecordsAreNamed() throws IOException {
        verdicts();
        Path file = file("guarded");
        String whole = Files.readString(file);
        Files.writeString(file, whole.replaceFirst("\"score\":1.0", "\"score\":0.0"));
        assertThat(names(wrong(known("guarded"), "guarded"))).contains("data.records_sha256");
        Files.writeString(file, whole);
        Files.writeString(file, "{\"id\": \"more\", \"candidate\": 1, \"incumbent\": 0}\n", StandardOpenOption.APPEND);
        assertThat(names(wrong(known("guarded"), "guarded"))).contains("data.records_sha256", "data.n");
    }

    @Test
    void dataThatCannotBeUsedMustBeSaidToBe() throws IOException {
        List<PairRecord> records = new ArrayList<>(binary(400, 0.9, 0.9));
        for (int i = 0; i < 20; i++) {
            records.add(
                    new PairRecord("lost-" + i, null, null, PairRecord.Side.scored(1.0), PairRecord.Side.scored(null)));
        }
        JsonNode invalid = verdict("missing", records, plan(new Grouping.None(), List.of()), Design.Test.FIXED, null);
        assertThat(invalid.at("/decision/action").asString()).isEqualTo("INVALID");
        assertThat(wrong(invalid, "missing")).isEmpty();
        ObjectNode forged = (ObjectNode) invalid.deepCopy();
        ((ObjectNode) forged.get("quality")).put("verdict", "NON_INFERIOR");
        assertThat(names(wrong(seal(forged), "missing"))).contains("quality.verdict");
    }

    private void forged(String name, Consumer<ObjectNode> change, String named) throws IOException {
        ObjectNode forged = (ObjectNode) known(name).deepCopy();
        change.accept(forged);
        assertThat(names(wrong(seal(forged), name))).as(name + " " + named).contains(named);
    }

    private void verdicts() throws IOException {
        List<GuardPlan> guards = List.of(new GuardPlan("format.fail", null, null, 0.005, 0.05),
                new GuardPlan("latency.p95_ms", 900.0, null, null, null),
                new GuardPlan("cost_per_success", null, 0.8, null, null),
                new GuardPlan("grader.polite.fail", 3.0, null, null, null));
        DecisionPlan sliced = new DecisionPlan(0.05, 0.05, new Grouping.Strata(Map.of("a", 0.2, "b", 0.5, "c", 0.3)),
                100,
                null, guards, 0.1, List.of("c"));
        verdict("guarded", rich(600), sliced, Design.Test.FIXED, null);
        verdict("by items", rich(600), new DecisionPlan(0.05, 0.05, new Grouping.Strata(Map.of()), 100, null, List.of(),
                0.1, List.of()), Design.Test.FIXED, null);
        verdict("simulated", simulated(binary(400, 0.9, 0.9)), plan(new Grouping.None(), List.of()), Design.Test.FIXED,
                null);
        verdict("sequential", rich(900), plan(new Grouping.None(), List.of()), Design.Test.SEQUENTIAL, null);
        verdict("graded", graded(120, false), plan(new Grouping.None(), List.of()), Design.Test.FIXED, null);
        verdict("people", graded(300, true), plan(new Grouping.None(), List.of()), Design.Test.FIXED, null);
        verdict("clustered", clustered(400), plan(new Grouping.Clusters(), List.of()), Design.Test.FIXED, null);
        verdict("undecided", rich(90), plan(new Grouping.None(), List.of()), Design.Test.FIXED, null);
        verdict("money", rich(600), plan(new Grouping.None(), List.of()), Design.Test.FIXED,
                new BreakEven(new BigDecimal("0.001"), new BigDecimal("0.0001"), new BigDecimal("0.01"), "price list"));
    }

    private JsonNode verdict(String name, List<PairRecord> records, DecisionPlan plan, Design.Test test,
            @Nullable BreakEven money)
            throws IOException {
        Path file = file(name);
        String sha = RecordFile.write(file, records);
        boolean simulated = name.equals("simulated");
        VerdictContext context = new VerdictContext("support", new Verdict.SuiteRef("small", "0".repeat(64)),
                new Verdict.Subject("vendor/closed", null, List.of("closed"), simulated, null),
                new Verdict.Subject("local/open", "weights-1", List.of("open"), false, null), records.size(), List.of(),
                true, file.toString(), sha, NOW, "f".repeat(64), new Verdict.NoiseFloor(50, 2, 0.04, 0.0, false), 0.5,
                null);
        Design design = new Design(money == null ? 0.05 : money.margin(), money == null ? "test" : money.words(), test,
                plan, "swap-1", NOW.minusSeconds(60), money);
        JsonNode verdict = JsonMapper.shared()
                .readTree(VerdictJson.write(new VerdictComputer().compute(records, design, context)));
        verdicts.put(name, verdict);
        return verdict;
    }

    private JsonNode known(String name) {
        return Objects.requireNonNull(verdicts.get(name), name);
    }

    private static DecisionPlan plan(Grouping grouping, List<GuardPlan> guards) {
        return new DecisionPlan(0.05, 0.05, grouping, 100, null, guards, null, List.of());
    }

    private Path file(String name) {
        return folder.resolve(name + ".jsonl");
    }

    private List<Finding> wrong(JsonNode verdict, String name) {
        try {
            return new VerdictChecker().check(verdict, file(name))
                    .stream()
                    .filter(finding -> !finding.holds())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(List<Finding> findings) {
        return findings.stream().map(Finding::what).toList();
    }

    /** As a forger would seal it. */
    static ObjectNode seal(ObjectNode verdict) {
        return verdict.put("sha256", VerdictJson.hash(verdict));
    }

    private static List<PairRecord> binary(int n, double candidate, double incumbent) {
        Random random = new Random(n);
        List<PairRecord> records = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            records.add(new PairRecord("i" + i, null, null,
                    PairRecord.Side.scored(random.nextDouble() < candidate ? 1.0 : 0.0),
                    PairRecord.Side.scored(random.nextDouble() < incumbent ? 1.0 : 0.0)));
        }
        return records;
    }

    /** Strata, failures, latencies, costs, critical items and fingerprints. */
    private static List<PairRecord> rich(int n) {
        Random random = new Random(5);
        List<PairRecord> records = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            boolean hard = random.nextDouble() < 0.1;
            double x = hard && random.nextDouble() < 0.6 ? 0 : 1;
            double y = hard && random.nextDouble() < 0.6 ? 0 : 1;
            records.add(new PairRecord("i" + i, null, "abc".substring(i % 3, i % 3 + 1), i % 50 == 7,
                    new PairRecord.Side(i % 90 == 4 ? null : (Double) x, null, i % 90 == 4, i % 75 == 0, i % 80 == 1,
                            i % 100 == 3 ? Set.of("polite") : Set.of(), 100 + 10.0 * random.nextInt(50),
                            Money.usd("0.0001"), new PairRecord.Served("open", "weights-1", false), null),
                    new PairRecord.Side(y, null, i % 120 == 4, false, false, Set.of(), 500.0,
                            Money.usd("0.00" + (1 + i % 3)), new PairRecord.Served("closed", null, false), null)));
        }
        return records;
    }

    private static List<PairRecord> simulated(List<PairRecord> records) {
        return records.stream()
                .map(pair -> new PairRecord(pair.id(), null, null, pair.candidate(),
                        new PairRecord.Side(pair.incumbent().score(), null, false, false, false, Set.of(), null, null,
                                new PairRecord.Served("closed", null, true), null)))
                .toList();
    }

    private static List<PairRecord> graded(int n, boolean labelled) {
        Random random = new Random(11);
        List<PairRecord> records = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double x = random.nextInt(5) / 4.0;
            double y = Math.clamp(x + (random.nextInt(5) - 2) * 0.25, 0, 1);
            boolean marked = labelled && i % 3 == 0;
            records.add(
                    new PairRecord("i" + i, null, null, PairRecord.Side.scored(x).labelled(marked ? (Double) x : null),
                            PairRecord.Side.scored(y).labelled(marked ? (Double) Math.clamp(y - 0.05, 0, 1) : null)));
        }
        return records;
    }

    private static List<PairRecord> clustered(int n) {
        Random random = new Random(13);
        List<PairRecord> records = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            records.add(new PairRecord("i" + i, "c" + i / 5, null,
                    PairRecord.Side.scored(random.nextInt(10) > 0 ? 1.0 : 0.0),
                    PairRecord.Side.scored(random.nextInt(10) > 0 ? 1.0 : 0.0)));
        }
        return records;
    }

    private static List<String> leaves(JsonNode tree) {
        List<String> leaves = new ArrayList<>();
        if (tree.isObject()) {
            tree.properties()
                    .forEach(
                            entry -> leaves(entry.getValue()).forEach(leaf -> leaves.add("/" + entry.getKey() + leaf)));
        } else if (tree.isArray()) {
            for (int i = 0; i < tree.size(); i++) {
                String at = "/" + i;
                leaves(tree.get(i)).forEach(leaf -> leaves.add(at + leaf));
            }
        } else if (!tree.isNull()) {
            leaves.add("");
        }
        return leaves;
    }

    /** A copy in which one value is another. */
    private static ObjectNode changed(JsonNode verdict, String pointer) {
        ObjectNode copy = (ObjectNode) verdict.deepCopy();
        int cut = pointer.lastIndexOf('/');
        JsonNode parent = copy.at(pointer.substring(0, cut));
        JsonNode old = copy.at(pointer);
        JsonNodeFactory json = JsonNodeFactory.instance;
        JsonNode other = old.isIntegralNumber()
                ? json.numberNode(old.asLong() + 2)
                : old.isNumber()
                        ? json.numberNode(old.asDouble() + 1e-4 * Math.max(1, Math.abs(old.asDouble())))
                        : old.isBoolean()
                                ? json.booleanNode(!old.booleanValue())
                                : json.stringNode(
                                        old.stringValue().matches("[0-9.]+") ? "0.5" : old.stringValue() + "x");
        if (parent instanceof ObjectNode object) {
            object.set(pointer.substring(cut + 1), other);
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(pointer.substring(cut + 1)), other);
        }
        return copy;
    }
}
