package dev.pareto.policies.decide;

import static dev.pareto.policies.decide.World.CLOSED;
import static dev.pareto.policies.decide.World.NOW;
import static dev.pareto.policies.decide.World.OPEN;
import static dev.pareto.policies.decide.World.VENDORS;
import static dev.pareto.policies.decide.World.config;
import static dev.pareto.policies.decide.World.latency;
import static dev.pareto.policies.decide.World.request;
import static dev.pareto.policies.decide.World.verdict;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.cascade.AcceptanceRates;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.swap.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which requests go through a cascade, and why the others do not. */
final class CascadeRuleTest {

    private static final ModelId PRICED = ModelId.parse("cluster/small");
    private static final String VERIFIED = "accept: {verifier: {labels: l.jsonl, margin: 2 pp, confidence: 95 %}}";

    private final PolicyEngine engine = new PolicyEngine();
    private final CascadeRule rule = new CascadeRule();
    private final AcceptanceRates rates = new AcceptanceRates();

    private static String yaml(String first, String cascade, String policy) {
        return VENDORS.replace("open: true}",
                "open: true, models: {small: {prices: [{from: 2020-01-01, input: 2, output: 6}]}}}")
                + """
                  routes:
                    support: {candidates: [openai/gpt-4o, %s], policy: p, cascade: {first: %s, %s}}
                  policies:
                    p: {minimise: cost%s}
                  """
                        .formatted(first, first, cascade, policy);
    }

    private CascadeStep step(String yaml, RequestFeatures request, Latency latency) {
        return step(snapshot(yaml, latency), request);
    }

    private static Snapshot snapshot(String yaml, Latency latency) {
        return Snapshot.of(config(yaml)).withLatencies((model, tokens) -> latency.of(model));
    }

    private CascadeStep step(Snapshot snapshot, RequestFeatures request) {
        Route route = snapshot.config().route("support").orElseThrow();
        return requireNonNull(rule.decide(route, engine.decide(request, snapshot), request, snapshot, rates));
    }

    private interface Latency {
        dev.pareto.policies.predict.LatencyForecast of(ModelId model);
    }

    private static final Latency QUICK = model -> latency(100, Duration.ofMillis(900));

    private static String why(CascadeStep step) {
        return ((CascadeStep.Stand) step).why();
    }

    @Test
    void anAnswerThatIsJudgedWholeNeedsNoVerdict() {
        CascadeStep.Ask ask = (CascadeStep.Ask) step(yaml(OPEN.toString(), VERIFIED, ""), request("support"), QUICK);

        assertThat(ask.plan().first()).isEqualTo(OPEN);
        assertThat(ask.escalation()).containsExactly(CLOSED);
        assertThat(ask.strongP95()).isEqualTo(Duration.ofMillis(900));
        assertThat(ask.deadline()).isNull();
    }

    @Test
    void firstTokensAloneAreNoExceptionToTheGate() {
        String tokens = "gate: first-tokens, first-tokens: 8, accept: {log-probability: {mean: -1}}";

        assertThat(why(step(yaml(OPEN.toString(), tokens, ""), request("support"), QUICK)))
                .isEqualTo("only first tokens would be judged and the decision is not for local/support-desk");

        Snapshot proven = snapshot(yaml(OPEN.toString(), tokens, ""), QUICK)
                .withVerdicts(route -> List.of(verdict(Outcome.NON_INFERIOR)));
        CascadeStep.Ask ask = (CascadeStep.Ask) step(proven, request("support"));
        assertThat(ask.escalation()).containsExactly(CLOSED);
    }

    @Test
    void aSwapThatMovesTrafficIsNotMixedUp() {
        Snapshot proven = snapshot(yaml(OPEN.toString(), VERIFIED, ""), QUICK)
                .withVerdicts(route -> List.of(verdict(Outcome.NON_INFERIOR)));

        assertThat(why(step(proven, request("support")))).startsWith("a swap moves the traffic to local/support-desk");
    }

    @Test
    void closedSegmentsStayClosed() {
        String yaml = yaml(OPEN.toString(), VERIFIED, "")
                + "swaps: {support: {to: local/support-desk, segments: {by: area, closed: [legal]}}}\n";
        RequestFeatures legal = request("support").of("u", Map.of("area", "legal"));

        assertThat(why(step(yaml, legal, QUICK))).isEqualTo("segment legal stays closed");
        assertThat(step(yaml, request("support").of("u", Map.of("area", "billing")), QUICK))
                .isInstanceOf(CascadeStep.Ask.class);
        String other = yaml.replace("candidates: [openai/gpt-4o,", "candidates: [openai/gpt-4o, cluster/other,")
                .replace("to: local/support-desk", "to: cluster/other");
        assertThat(why(step(other, legal, QUICK))).as("whomever the entry names")
                .isEqualTo("segment legal stays closed");
    }

    @Test
    void hardRefusalsHold() {
        String yaml = yaml(PRICED.toString(), VERIFIED, "");
        Snapshot down = snapshot(yaml, QUICK).availableWhen(model -> !model.equals(PRICED));
        assertThat(why(step(down, request("support")))).isEqualTo("cluster/small is not available now");
        assertThat(why(step(yaml, request("support", overrides(null, null, CLOSED)), QUICK)))
                .isEqualTo("Pareto-Model names the model");
    }

    private static Overrides overrides(@org.jspecify.annotations.Nullable String maxUsd,
            @org.jspecify.annotations.Nullable String maxMillis, @org.jspecify.annotations.Nullable ModelId model) {
        return Overrides.fromHeaders(name -> switch (name) {
            case "Pareto-Max-Cost-Usd" -> maxUsd;
            case "Pareto-Max-Latency-Ms" -> maxMillis;
            case "Pareto-Model" -> model == null ? null : model.toString();
            default -> null;
        });
    }

    @Test
    void bothCallsMustFitTheLimits() {
        String yaml = yaml(PRICED.toString(), VERIFIED, "");

        assertThat(why(step(yaml, request("support", overrides(null, "1500", null)), QUICK)))
                .isEqualTo("total-p95 of both 900 ms + 900 ms > 1.5 s");
        CascadeStep.Ask ask = (CascadeStep.Ask) step(yaml, request("support", overrides(null, "2000", null)), QUICK);
        assertThat(ask.deadline()).isEqualTo(Duration.ofSeconds(2));
        BigDecimal both = requireNonNull(ask.firstCost()).plus(requireNonNull(ask.strongCost())).amount();
        assertThat(step(yaml, request("support", overrides(both.toPlainString(), null, null)), QUICK))
                .isInstanceOf(CascadeStep.Ask.class);
        String less = both.subtract(BigDecimal.valueOf(1, 9)).toPlainString();
        assertThat(why(step(yaml, request("support", overrides(less, null, null)), QUICK))).startsWith("cost of both ");
        String early = yaml(PRICED.toString(), VERIFIED, ", subject-to: {latency: {first-token-p95: 1 s}}");
        RequestFeatures streamed = new RequestFeatures("r-1", "support", 100, null, true, false, Overrides.NONE, "t",
                NOW);
        assertThat(why(step(early, streamed, QUICK))).isEqualTo("first-token-p95 of both 900 ms + 900 ms > 1 s");
        assertThat(step(early, request("support"), QUICK)).as("not streamed").isInstanceOf(CascadeStep.Ask.class);
    }

    @Test
    void anAccuracyFloorIsKeptByAPromiseAsTightAndByNothingElse() {
        String floor = ", subject-to: {accuracy: {within: 3 pp, of: openai/gpt-4o, confidence: 95 %}}";

        assertThat(step(yaml(OPEN.toString(), VERIFIED, floor), request("support"), QUICK))
                .isInstanceOf(CascadeStep.Ask.class);
        for (String loose : List.of(VERIFIED.replace("2 pp", "5 pp"), VERIFIED.replace("95 %", "90 %"),
                "accept: {verifier: {labels: l.jsonl, at-least: 99 %}}", "accept: {second: {model: cluster/small}}")) {
            Snapshot snapshot = snapshot(yaml(OPEN.toString(), loose, floor), QUICK);
            assertThat(why(step(snapshot, request("support")))).startsWith("accuracy within 3 pp of openai/gpt-4o");
            assertThat(snapshot.config().warnings()).anyMatch(warning -> warning.contains("does not promise to keep"));
        }
    }

    @Test
    void whatPassesTooSeldomToPayGoesStraightToTheStrongModelButForAFew() {
        String yaml = yaml(PRICED.toString(), VERIFIED, "");
        CascadeStep.Ask unknown = (CascadeStep.Ask) step(yaml, request("support"), QUICK);
        assertThat(unknown.rate().known()).isFalse();
        for (int i = 0; i < 200; i++) {
            rates.judged("support", PRICED, 100, false);
        }

        assertThat(why(step(yaml, request("support"), QUICK)))
                .matches("0\\.\\d % of its answers pass, and asking it costs \\d\\d\\.?\\d? % of openai/gpt-4o");
        int explored = 0;
        for (int i = 0; i < 1_000; i++) {
            RequestFeatures one = new RequestFeatures("r-" + i, "support", 100, null, false, false, Overrides.NONE, "t",
                    NOW);
            explored += step(yaml, one, QUICK) instanceof CascadeStep.Ask ask && ask.exploring() ? 1 : 0;
        }
        assertThat(explored).as("5 %").isBetween(30, 75);
        for (int i = 0; i < 400; i++) {
            rates.judged("support", PRICED, 100, true);
        }
        assertThat(step(yaml, request("support"), QUICK)).isInstanceOf(CascadeStep.Ask.class);
    }

    @Test
    void aStrongModelThatIsOnlyDownMayStillBeWaitedForByAnAnswerThatPasses() {
        Snapshot down = snapshot(yaml(OPEN.toString(), VERIFIED, ""), QUICK)
                .availableWhen(model -> !model.equals(CLOSED));

        CascadeStep.Ask ask = (CascadeStep.Ask) step(down, request("support"));
        assertThat(ask.escalation()).containsExactly(CLOSED);
    }
}
