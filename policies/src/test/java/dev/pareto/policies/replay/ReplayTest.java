package dev.pareto.policies.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pareto.policies.offpolicy.Estimate;
import dev.pareto.policies.offpolicy.Method;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayTest {

    private static final String BASE = """
                                       vendors:
                                         one: {dialect: openai, url: http://one, open: true, models: [quick]}
                                         two: {dialect: openai, url: http://two, open: true, models: [good]}
                                       routes:
                                         ask: {candidates: [one/quick, two/good], policy: p}
                                       policies:
                                         p: {minimise: latency}
                                       """;

    @TempDir
    private Path folder;

    private ParetoConfig config(String changed) throws IOException, ConfigException {
        Path base = folder.resolve("pareto.yaml");
        Files.writeString(base, BASE);
        Path file = folder.resolve("new.yaml");
        Files.writeString(file, changed);
        return new ConfigReader().readChanged(base, file, Map.of());
    }

    /** A decision between two models, drawn with this probability of the first. */
    private static String line(int number, String chosen, double first, double score, long millis) {
        return """
               {"decision": {"id": "r-%d", "route": "ask", "policy": "p", "baseline": null,
                 "outcome": {"kind": "chosen", "model": "%s", "fallbacks": []},
                 "candidates": [
                   {"model": "one/quick", "place": 1, "share": 1, "predicted_cost": "0.001", "total_p95_ms": 1000,
                    "latency_observations": 100, "refusals": [], "violations": [], "propensity": %s},
                   {"model": "two/good", "place": 2, "share": 1, "predicted_cost": "0.004", "total_p95_ms": 3000,
                    "latency_observations": 100, "refusals": [], "violations": [], "propensity": %s}],
                 "request": {"at": "2026-10-0%dT00:00:00Z", "model": "ask", "tenant": "t%d", "tags": {}, "unit": "r-%d",
                   "prompt_tokens": 100, "output_tokens": 50, "asked": {}, "objective": "latency"}},
                "outcome": {"served": "%s", "cost": "%s", "latency_ms": %d, "prompt_tokens": 100, "output_tokens": 50,
                  "score": %s}}""".replace("\n", " ")
                .formatted(number, chosen, first, 1 - first, 1 + number % 9, number % 2, number, chosen,
                        chosen.startsWith("one") ? "0.001" : "0.004", millis, score);
    }

    private static List<Recorded> drawn(int requests, double first) {
        var random = new SplittableRandom(4);
        List<Recorded> all = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            boolean one = random.nextDouble() < first;
            double score = random.nextDouble() < (one ? 0.6 : 0.9) ? 1 : 0;
            all.add(Objects.requireNonNull(DecisionLog.parse(
                    line(i, one ? "one/quick" : "two/good", first, score, one ? 900 : 2_500))));
        }
        return all;
    }

    @Test
    void randomisedDecisionsTellWhatAnotherPolicyBrings() throws Exception {
        ParetoConfig good = config("""
                                   policies:
                                     p: {minimise: latency, subject-to: {latency: {total-p95: 10 s}}}
                                   routes:
                                     ask: {candidates: [two/good], policy: p}
                                   """);
        ReplayReport report = Replay.run("good", drawn(2_000, 0.7), good);
        ReplayReport.Row all = report.rows().getFirst();
        assertThat(all.route()).isNull();
        assertThat(all.traffic()).containsExactly(Map.entry("two/good", 2_000L));
        assertThat(all.support().supported()).isEqualTo(2_000);
        assertThat(all.support().modelOnly()).isZero();
        assertThat(all.support().effective()).isBetween(500.0, 700.0);
        ReplayReport.Point accuracy = Objects.requireNonNull(all.accuracy().together());
        assertThat(accuracy.low()).isLessThan(0.9);
        assertThat(accuracy.high()).isGreaterThan(0.9);
        assertThat(accuracy.value()).isCloseTo(0.9, within(0.05));
        assertThat(Objects.requireNonNull(all.accuracy().estimates().get(Method.IPS)).value())
                .isCloseTo(0.9, within(0.1));
        assertThat(Objects.requireNonNull(all.seconds().together()).value()).isEqualTo(2.5);
        assertThat(all.seconds().recorded()).isEqualTo(2.5);
        assertThat(Objects.requireNonNull(all.cost().together()).value()).isCloseTo(0.004, within(0.0004));
        // all, the route, two tenants
        assertThat(report.rows()).hasSize(4);
        assertThat(ReplayJson.write(report)).contains("\"effective_samples\"").doesNotContain("NaN");
        assertThat(ReplayChart.svg(report)).startsWith("<svg").contains("t1 / ask");
    }

    /** The first writes 1,000 tokens and the second 200 for the same price, so the second costs a fifth. */
    @Test
    void anotherModelsCostIsNotToldByWhatThisOneWrote() throws Exception {
        ParetoConfig second = config("""
                                     vendors:
                                       one: {dialect: openai, url: http://one, open: true,
                                         models: {quick: {prices: [{from: 2026-01-01, input: 0, output: 1}]}}}
                                       two: {dialect: openai, url: http://two, open: true,
                                         models: {good: {prices: [{from: 2026-01-01, input: 0, output: 1}]}}}
                                     routes:
                                       ask: {candidates: [two/good], policy: p}
                                     policies:
                                       p: {minimise: latency}
                                     """);
        var random = new SplittableRandom(7);
        List<Recorded> log = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            boolean one = random.nextDouble() < 0.9;
            int tokens = (one ? 1_000 : 200) + random.nextInt(41) - 20;
            log.add(Objects.requireNonNull(DecisionLog.parse(line(i, one ? "one/quick" : "two/good", 0.9, 1, 900)
                    .replace("\"cost\": \"" + (one ? "0.001" : "0.004") + "\"", "\"cost\": \"" + tokens / 1e6 + "\"")
                    .replaceFirst("\"output_tokens\": 50, +\"score\"",
                            "\"output_tokens\": " + tokens + ", \"score\""))));
        }
        ReplayReport.Row all = Replay.run("second", log, second).rows().getFirst();
        assertThat(log.getFirst().outcome()).isNotNull().matches(one -> one.outputTokens() > 150);
        Map<Method, Estimate> cost = all.cost().estimates();
        assertThat(Objects.requireNonNull(cost.get(Method.SNIPS)).value()).isCloseTo(0.0002, within(0.000002));
        assertThat(Objects.requireNonNull(cost.get(Method.DR)).value()).isCloseTo(0.0002, within(0.000002));
        assertThat(Objects.requireNonNull(all.cost().together()).value()).isCloseTo(0.0002, within(0.000002));
    }

    /** The dear one was paid anyway then, so it would have been chosen then, and not by what is left now. */
    @Test
    void committedSpendIsWhatWasLeftOfItThen() throws Exception {
        ParetoConfig cheapest = config("""
                                       vendors:
                                         one: {dialect: openai, url: http://one, open: true,
                                           models: {quick: {prices: [{from: 2026-01-01, input: 0, output: 1}]}}}
                                         two: {dialect: openai, url: http://two, open: true,
                                           models: {good: {prices: [{from: 2026-01-01, input: 0, output: 4}]}}}
                                       routes:
                                         ask: {candidates: [one/quick, two/good], policy: p}
                                       policies:
                                         p: {minimise: cost}
                                       """);
        String price = "\"predicted_cost\": \"0.004\"";
        for (String left : List.of("12.5", "0")) {
            Recorded past = Objects.requireNonNull(DecisionLog.parse(line(1, "one/quick", 0.5, 1, 900)
                    .replace(price, price + ", \"commitment\": {\"name\": \"c\", \"left\": \"" + left
                            + "\", \"currency\": \"USD\"}")));
            ReplayReport.Row all = Replay.run("cheapest", List.of(past), cheapest).rows().getFirst();
            assertThat(all.traffic()).containsOnlyKeys(left.equals("0") ? "one/quick" : "two/good");
        }
    }

    @Test
    void certainDecisionsSupportNoOtherChoiceAndTheReportSaysSo() throws Exception {
        List<Recorded> certain = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            certain.add(Objects.requireNonNull(DecisionLog.parse(line(i, "one/quick", 1, 1, 900))));
        }
        ParetoConfig good = config("routes:\n  ask: {candidates: [two/good], policy: p}\n");
        ReplayReport.Row all = Replay.run("good", certain, good).rows().getFirst();
        assertThat(all.support().supported()).isZero();
        assertThat(all.support().modelOnly()).isEqualTo(50);
        assertThat(all.accuracy().estimates()).isEmpty();
        // nobody ever scored the other model, and nothing is made up
        assertThat(all.accuracy().together()).isNull();
        ReplayReport.Point cost = Objects.requireNonNull(all.cost().together());
        assertThat(cost.value()).isCloseTo(0.004, within(1e-12));
        assertThat(cost.low()).isNull();
        ReplayReport.Row same = Replay.run("same", certain, config("policies:\n  p: {minimise: latency}\n"))
                .rows()
                .getFirst();
        assertThat(same.support().supported()).isEqualTo(50);
        assertThat(Objects.requireNonNull(same.cost().together()).value()).isCloseTo(0.001, within(1e-12));
    }

    @Test
    void aSwapsShareIsAProbability() {
        String line = """
                      {"decision": {"id": "r", "route": "ask", "baseline": "two/good",
                        "outcome": {"kind": "chosen", "model": "two/good"}, "candidates": [
                          {"model": "two/good", "place": 1, "share": 1, "predicted_cost": "0.004", "refusals": [],
                           "violations": [], "baseline": true},
                          {"model": "one/quick", "place": 0, "share": 0.25, "predicted_cost": "0.001",
                           "swap": {"segment": "", "state": "RAMP", "assigned": false}, "refusals": ["outside"],
                           "violations": []}],
                        "request": {"at": "2026-10-01T00:00:00Z", "model": "ask", "tenant": "t", "objective": "cost"}}}""";
        Recorded past = Objects.requireNonNull(DecisionLog.parse(line.replace("\n", " ")));
        assertThat(past.propensity()).isEqualTo(0.75);
        assertThat(past.candidates().get(1).propensity()).isEqualTo(0.25);
    }

    @Test
    void movesNameRequestsAndMoney() throws Exception {
        List<Recorded> log = drawn(40, 0.5);
        ParetoConfig old = config("policies:\n  p: {minimise: latency}\n");
        ParetoConfig now = config("routes:\n  ask: {candidates: [two/good], policy: p}\n");
        List<ReplayReport.Move> moves = Replay.moves(log, old, now);
        assertThat(moves).hasSize(1);
        assertThat(moves.getFirst().requests()).isEqualTo(40);
        assertThat(moves.getFirst().costBefore()).isCloseTo(0.001, within(1e-9));
        assertThat(moves.getFirst().costAfter()).isCloseTo(0.004, within(1e-9));
        assertThat(moves.getFirst().secondsAfter()).isEqualTo(2.5);
        assertThat(Replay.moves(log, now, now)).isEmpty();
    }

    @Test
    void aLogThatCannotBeReadSaysWhere() throws IOException {
        Path file = folder.resolve("log.jsonl");
        Files.writeString(file, line(1, "one/quick", 1, 1, 900) + "\n{\"decision\": 7}\n");
        assertThatThrownBy(() -> DecisionLog.read(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("policy export");
        Files.writeString(file, line(1, "one/quick", 1, 1, 900) + "\n{\"decision\": {\"id\": \"old\"}}\n");
        assertThat(DecisionLog.read(file).records()).hasSize(1);
        assertThat(DecisionLog.read(file).withoutRequest()).isEqualTo(1);
    }
}
