package dev.pareto.policies.decide;

import static dev.pareto.policies.decide.World.NOW;
import static dev.pareto.policies.decide.World.config;
import static dev.pareto.policies.decide.World.latency;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.SentPolicy;
import dev.pareto.policies.predict.Accuracies;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.FloorAnswer;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.accuracy.Influence;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the solver does beside choosing the best: floors, rules, steadiness, forecasts, policies that are sent. */
final class SolverTest {

    private static final ModelId DEAR = ModelId.parse("v/dear");
    private static final ModelId CHEAP = ModelId.parse("v/cheap");
    private static final ModelId NEAR = ModelId.parse("v/near");
    private static final String MODELS = """
                                         vendors:
                                           v:
                                             dialect: openai
                                             url: http://v
                                             models:
                                               dear:  {prices: [{from: 2020-01-01, input: 10, output: 0}]}
                                               cheap: {prices: [{from: 2020-01-01, input: 1, output: 0}]}
                                               near:  {prices: [{from: 2020-01-01, input: 0.99, output: 0}]}
                                           open: {dialect: openai, url: http://o, open: true, models: {free: {}}}
                                         """;
    private static final String TWO = MODELS + """
                                               routes: {r: {candidates: [v/dear, v/cheap], policy: p%s}}
                                               policies:
                                                 p: {minimise: cost%s}
                                               """;

    private final PolicyEngine engine = new PolicyEngine();

    /* ---------------------------------------- steadiness ---------------------------------------- */

    @Test
    void whoServedLastStaysUntilTheGainIsWorthIt() {
        Snapshot world = Snapshot.of(config(TWO.formatted("", "").replace("[v/dear,", "[v/near, v/dear,")));

        assertThat(model(engine.decide(request(), world))).as("one percent cheaper").isEqualTo(NEAR);
        Decision steady = engine.decide(request(), world.withLastServed((route, unit) -> CHEAP));
        assertThat(model(steady)).isEqualTo(CHEAP);
        assertThat(steady.reason()).isEqualTo(
                "v/cheap: served last and stays: v/near is better by 1 % only, and p changes for more than 2 %");
        assertThat(model(engine.decide(request(), world.withLastServed((route, unit) -> DEAR)))).isEqualTo(NEAR);
        Snapshot eager = Snapshot.of(config(TWO.formatted("", ", stay-unless-better-by: 0 %")
                .replace("[v/dear,", "[v/near, v/dear,"))).withLastServed((route, unit) -> CHEAP);
        assertThat(model(engine.decide(request(), eager))).isEqualTo(NEAR);
        assertThat(model(engine.decide(request(), world.withLastServed((route, unit) -> CHEAP)
                .availableWhen(model -> !model.equals(CHEAP))))).as("it cannot stay").isEqualTo(NEAR);
    }

    @Test
    void latencyThatJittersMovesNobody() {
        Snapshot world = Snapshot.of(config(TWO.formatted("", "").replace("minimise: cost", "minimise: latency")));
        ModelId last = CHEAP;
        int changes = 0;
        for (int i = 0; i < 200; i++) {
            int now = i;
            ModelId before = last;
            last = model(engine.decide(request(), world.withLastServed((route, unit) -> before)
                    .withLatencies((model, tokens) -> latency(100,
                            Duration.ofMillis(1_000 + (model.equals(CHEAP) ? 13L * now % 19 : 7L * now % 19))))));
            changes += last.equals(before) ? 0 : 1;
        }
        assertThat(changes).isZero();
    }

    /* ------------------------------------------ floors ------------------------------------------ */

    @Test
    void aFloorHoldsWhateverHeadersAndPoliciesSay() {
        ParetoConfig config = config(
                TWO.formatted("", "") + """
                                        floors:
                                          medical: {data-class: medical, accuracy: {at-least: 95 %}}
                                          acme: {tenant: acme, only: [v/dear]}
                                          open-only: {tenant: charity, models: open}
                                        """);
        Snapshot world = Snapshot.of(config).withAccuracies(accuracies(0.97, 0.80));

        assertThat(model(engine.decide(request(), world))).isEqualTo(CHEAP);
        assertThat(model(engine.decide(request("t", "medical", Map.of()), world))).isEqualTo(DEAR);
        assertThat(model(engine.decide(request("t", null, Map.of("data-class", "medical")), world)))
                .as("a key's tag")
                .isEqualTo(DEAR);
        assertThat(model(engine.decide(request("acme", null, Map.of()), world))).isEqualTo(DEAR);
        assertThat(engine.decide(request("charity", null, Map.of()), world).outcome()).isEqualTo(
                new Outcome.Infeasible("floor open-only keeps the request from v/dear",
                        "without it v/dear could serve"));
        Decision unknown = engine.decide(request("t", "medical", Map.of()), Snapshot.of(config));
        assertThat(unknown.outcome()).as("closest never lets a floor go, and unknown is missed")
                .isEqualTo(new Outcome.Infeasible("floor medical: accuracy at-least 95 %",
                        "without floor medical: accuracy at-least 95 % (unknown) admits v/dear"));
        assertThat(engine.decide(direct("v/cheap", "acme"), world).outcome())
                .as("asked for by name")
                .isInstanceOf(Outcome.Infeasible.class);
    }

    @Test
    void aDataClassThatNobodyConfiguredIsRefused() {
        ParetoConfig config = config(TWO.formatted("", "")
                + "floors: {m: {data-class: [medical, legal], models: closed}}\n");
        assertThat(Overrides.fromHeaders(Map.of("Pareto-Data-Class", "medical")::get, config).dataClass())
                .isEqualTo("medical");
        assertThatThrownBy(() -> Overrides.fromHeaders(Map.of("Pareto-Data-Class", "medcal")::get, config))
                .hasMessageContaining("a class of a floor: legal, medical; not 'medcal'");
    }

    /* ------------------------------------------ rules ------------------------------------------- */

    @Test
    void theFirstRuleOfARouteThatHoldsIsApplied() {
        Snapshot world = Snapshot
                .of(config(TWO.formatted(
                        """
                        , rules: [{when: 'tags.tier == "gold"', policy: best}, {when: tokens > 500, only: [v/dear]},
                                  {when: tokens > 1, policy: best}]""", "}\n  best: {maximise: accuracy")))
                .withAccuracies(accuracies(0.9, 0.5));

        Decision gold = engine.decide(request("t", null, Map.of("tier", "gold")), world);
        assertThat(model(gold)).isEqualTo(DEAR);
        assertThat(gold.policy()).isEqualTo("best");
        assertThat(gold.rules()).extracting(RuleTrace::name).containsExactly("rule 1 of r");
        Decision large = engine.decide(request(), world);
        assertThat(model(large)).isEqualTo(DEAR);
        assertThat(large.policy()).isEqualTo("p");
        assertThat(large.reason()).isEqualTo("v/dear: rule 2 of r keeps the request from v/cheap");
    }

    @Test
    void everyRuleOfAPolicyThatHoldsTightensItAndOneThatFailsDoesNot() {
        Snapshot world = Snapshot
                .of(config(TWO.formatted("",
                        """
                        , rules: [{when: stream, subject-to: {accuracy: {at-least: 80 %}}},
                                    {when: 1 / max_output_tokens > 0, subject-to: {cost: {at-most: 0 USD}}},
                                    {when: 'language == "en"', subject-to: {accuracy: {at-least: 70 %}}}]""")))
                .withAccuracies(accuracies(0.9, 0.5));

        Decision decision = engine.decide(
                request().reading(Map.of(), new PromptText("What are the rules for this, and how do you apply them?",
                        null)),
                world);
        assertThat(model(decision)).isEqualTo(DEAR);
        assertThat(decision.rules()).hasSize(2);
        assertThat(decision.rules().getFirst().failure()).as("never an error of the request").isNotNull();
        assertThat(decision.rules().getLast().failure()).isNull();
        assertThat(DecisionView.of(decision).toString()).contains("rule=rule 3 of p");
        assertThat(model(engine.decide(request().reading(Map.of(), new PromptText("Wie ist das?", null)), world)))
                .isEqualTo(CHEAP);
    }

    /* ---------------------------------------- forecasts ----------------------------------------- */

    @Test
    void aFloorPerPromptIsKeptByLearnThenTestOrTheReferenceServes() {
        Snapshot world = Snapshot.of(config(TWO.formatted("",
                ", subject-to: {accuracy: {within: 2 pp, of: v/dear, confidence: 90 %, per: prompt}}")));

        assertThat(model(engine.decide(request(), world.withAccuracies(floor(new FloorAnswer.Kept(0.01, 0.1, 900))))))
                .isEqualTo(CHEAP);
        Decision hard = engine.decide(request(), world.withAccuracies(floor(new FloorAnswer.Escalated(0.4, 0.1, 900))));
        assertThat(model(hard)).isEqualTo(DEAR);
        assertThat(hard.reason()).contains("expected to gain 40 pp on this prompt and the threshold is 10 pp");
        Decision few = engine.decide(request(), world.withAccuracies(floor(new FloorAnswer.TooFewLabels(22, 23))));
        assertThat(model(few)).isEqualTo(DEAR);
        assertThat(few.reason()).contains("23 labels are missing (there are 22)");
        assertThat(model(engine.decide(request(), world))).as("nothing learnt").isEqualTo(DEAR);
    }

    @Test
    void weightsAreOneSumOfMoney() {
        String weighted = TWO.formatted("", "")
                .replace("minimise: cost",
                        "minimise: {cost: 1, latency: 0.002 USD/s, error: %s USD}");
        Snapshot careless = Snapshot.of(config(weighted.formatted("0.01"))).withAccuracies(accuracies(0.9, 0.8));
        Snapshot careful = Snapshot.of(config(weighted.formatted("0.10"))).withAccuracies(accuracies(0.9, 0.8));

        assertThat(model(engine.decide(request(), careless))).as("0.001 for 10 pp, saving 0.009").isEqualTo(CHEAP);
        assertThat(model(engine.decide(request(), careful))).as("0.010 for 10 pp").isEqualTo(DEAR);
        assertThat(model(engine.decide(request(), careful.withLatencies((model, tokens) -> latency(100,
                Duration.ofSeconds(model.equals(DEAR) ? 2 : 1)))))).as("and a second more").isEqualTo(CHEAP);
    }

    @Test
    void theLeastAccuracyAskedForIsTheForecastsWhereThereIsOne() {
        Overrides asked = new Overrides(null, null, null, 0.9, null, false);
        Snapshot world = Snapshot.of(config(TWO.formatted("", ""))).withAccuracies(accuracies(0.95, 0.85));
        RequestFeatures request = new RequestFeatures("q", "r", 1_000, 0, false, false, asked, "t", NOW)
                .reading(Map.of(), new PromptText("?", null));
        assertThat(model(engine.decide(request, world))).isEqualTo(DEAR);
    }

    /* --------------------------------------- sent policies -------------------------------------- */

    @Test
    void aPolicyThatIsSentHoldsBesideTheRoutesOwn() {
        ParetoConfig config = config(TWO.formatted("", ", subject-to: {cost: {at-most: 0.005 USD}}, "
                + "when-infeasible: reject"));
        Snapshot world = Snapshot.of(config).withAccuracies(accuracies(0.95, 0.85));
        Overrides sent = Overrides.fromHeaders(
                Map.of("Pareto-Policy", "{\"maximise\": \"accuracy\", \"when-infeasible\": \"reject\"}")::get, config);

        assertThat(sent.policy()).isNull();
        Decision decision = engine.decide(with(sent), world);
        assertThat(model(decision)).as("the dear one costs more than the route allows").isEqualTo(CHEAP);
        assertThat(decision.policy()).isEqualTo("(sent)");
        assertThatThrownBy(() -> SentPolicy.read("{minimise: money}", config))
                .hasMessageContaining("policy:1:12: 'minimise': write cost or latency");
        assertThatThrownBy(() -> SentPolicy.read("{minimise: cost, rules: []}", config))
                .hasMessageContaining("unknown key 'rules'");
        assertThatThrownBy(() -> SentPolicy.read("{minimise: ${HOME}}", config)).hasMessageContaining("variables");
        assertThatThrownBy(() -> SentPolicy.read("{minimise: cost, x: '" + "x".repeat(5_000) + "'}", config))
                .hasMessageContaining("at most 4096");
        assertThatThrownBy(() -> SentPolicy.read(
                "{minimise: cost, subject-to: {accuracy: {within: 2 pp, of: v/deer}}}", config))
                .hasMessageContaining("did you mean 'v/dear'?");
        assertThatThrownBy(() -> SentPolicy.read("{minimise: cost", config)).hasMessageContaining("not valid YAML");
    }

    /* ------------------------------------------ config ------------------------------------------ */

    @Test
    void mistakesInRulesFloorsAndWeightsAreToldWithTheirPlace() {
        refused(TWO.formatted(", rules: [{when: token > 5, policy: p}]", ""), "'when': column 1: 'token' is not known");
        refused(TWO.formatted(", rules: [{when: tools, policy: q}]", ""), "unknown policy 'q'");
        refused(TWO.formatted(", rules: [{when: tools, only: [v/near]}]", ""), "v/near is not a candidate");
        refused(TWO.formatted(", rules: [{when: tools}]", ""), "a rule names a policy");
        refused(TWO.formatted("", ", rules: [{when: tools}]"), "needs 'subject-to'");
        refused(TWO.formatted("", "") + "floors: {f: {tenant: a}}", "a floor demands something");
        refused(TWO.formatted("", "") + "floors: {f: {models: open}}", "is about nobody");
        refused(TWO.formatted("", "") + "floors: {f: {route: x, models: open}}", "unknown route 'x'");
        refused(TWO.formatted("", "") + "floors: {f: {data-class: public, models: open}}", "a meaning of its own");
        refused(TWO.formatted("", "").replace("minimise: cost", "minimise: {latency: 1 EUR/s}"), "write USD");
        refused(TWO.formatted("", "").replace("minimise: cost", "minimise: {latency: 1 USD}"), "0.12 USD/min");
        refused(TWO.formatted("", "").replace("minimise: cost", "minimise: {cost: 0}"), "above zero");
        refused(TWO.formatted("", ", subject-to: {accuracy: {within: 0 pp, of: v/dear, per: prompt}}"),
                "nothing can be promised");
        refused(TWO.formatted("", ", stay-unless-better-by: 5"), "write a share");
    }

    private static void refused(String yaml, String message) {
        assertThatThrownBy(() -> config(yaml)).as(message).hasMessageContaining(message);
    }

    /** Forecasts by whether the model is the dear one. */
    private static Accuracies accuracies(double dear, double cheap) {
        return (route, prompt) -> new Fixed(dear, cheap, new FloorAnswer.NotLearnt());
    }

    private static Accuracies floor(FloorAnswer answer) {
        return (route, prompt) -> new Fixed(0.9, 0.8, answer);
    }

    private record Fixed(double dear, double cheap, FloorAnswer answer) implements AccuracyForecasts {

        @Override
        public AccuracyForecast of(ModelId model) {
            double accuracy = model.equals(DEAR) ? dear : cheap;
            return new AccuracyForecast(accuracy, accuracy, accuracy, 500, "1");
        }

        @Override
        public FloorAnswer floor(ModelId candidate, ModelId reference, double margin, double confidence) {
            return answer;
        }

        @Override
        public List<Influence> why(ModelId model) {
            return List.of();
        }
    }

    private static RequestFeatures request() {
        return with(Overrides.NONE);
    }

    private static RequestFeatures with(Overrides overrides) {
        return new RequestFeatures("q", "r", 1_000, 0, false, false, overrides, "t", NOW)
                .reading(Map.of(), new PromptText("?", null));
    }

    @Test
    void whatACallerSaysOfTheDataHidesNoClassOfTheKeyFromRules() {
        Snapshot world = Snapshot.of(config(TWO.formatted(
                ", rules: [{when: \"data_class == 'medical'\", only: [v/dear]}]", "")
                + "floors: {m: {data-class: [medical, legal], models: closed}}\n"));
        Map<String, String> key = Map.of("data-class", "medical");

        assertThat(model(engine.decide(request("t", null, key), world))).isEqualTo(DEAR);
        assertThat(model(engine.decide(request("t", "legal", key), world))).isEqualTo(DEAR);
        assertThat(model(engine.decide(request("t", "medical", Map.of("data-class", "legal")), world)))
                .isEqualTo(DEAR);
        assertThat(model(engine.decide(request("t", "legal", Map.of()), world))).isEqualTo(CHEAP);
    }

    private static RequestFeatures request(String tenant, @Nullable String dataClass, Map<String, String> tags) {
        Overrides overrides = new Overrides(null, null, null, null, null, false, dataClass, null);
        return new RequestFeatures("q", "r", 1_000, 0, false, false, overrides, tenant, NOW).of("q", tags)
                .reading(Map.of(), new PromptText("?", null));
    }

    private static RequestFeatures direct(String model, String tenant) {
        return new RequestFeatures("q", model, 1_000, 0, false, false, Overrides.NONE, tenant, NOW);
    }

    private static ModelId model(Decision decision) {
        assertThat(decision.outcome()).as(decision.reason()).isInstanceOf(Outcome.Chosen.class);
        return ((Outcome.Chosen) decision.outcome()).model();
    }
}
