package dev.pareto.policies.decide;

import static dev.pareto.policies.decide.World.CLOSED;
import static dev.pareto.policies.decide.World.NOW;
import static dev.pareto.policies.decide.World.OPEN;
import static dev.pareto.policies.decide.World.SUPPORT;
import static dev.pareto.policies.decide.World.VENDORS;
import static dev.pareto.policies.decide.World.config;
import static dev.pareto.policies.decide.World.latency;
import static dev.pareto.policies.decide.World.request;
import static dev.pareto.policies.decide.World.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.Hold;
import dev.pareto.policies.swap.Outcome;
import dev.pareto.policies.swap.Swap;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.SwapState;
import dev.pareto.policies.swap.Swaps;
import dev.pareto.policies.swap.guard.Monitor;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PolicyEngineTest {

    private static final SwapKey KEY = new SwapKey("support", OPEN);

    private final PolicyEngine engine = new PolicyEngine();
    private final Snapshot nothingKnown = Snapshot.of(config(SUPPORT));
    private final Snapshot proven = nothingKnown.withVerdicts(route -> List.of(verdict(Outcome.NON_INFERIOR)));

    @Test
    void withoutAVerdictTheOpenModelIsNotGoodEnough() {
        Decision decision = engine.decide(request("support"), nothingKnown);

        assertThat(chosen(decision).model()).isEqualTo(CLOSED);
        assertThat(chosen(decision).fallbacks()).isEmpty();
        assertThat(decision.reason()).isEqualTo("openai/gpt-4o: no verdict yet for local/support-desk on support");
        assertThat(decision.baseline()).isEqualTo(CLOSED);
    }

    @Test
    void withAVerdictItTakesTheRoute() {
        Decision decision = engine.decide(request("support"), proven);

        assertThat(chosen(decision).model()).isEqualTo(OPEN);
        assertThat(chosen(decision).fallbacks()).containsExactly(CLOSED);
        assertThat(decision.reason()).isEqualTo("local/support-desk: cheapest that meets good-enough (verdict v-12 "
                + "non-inferior at 3 pp, -0.4 pp; cost 0 vs 0.00281 USD); latency not yet known");
    }

    @Test
    void anExpiredInferiorInconclusiveOrTooLooseVerdictKeepsTheClosedModel() {
        assertThat(reasonWith(verdict(Outcome.NON_INFERIOR, 0.03, false, NOW)))
                .isEqualTo("openai/gpt-4o: verdict v-12 for local/support-desk on support expired");
        assertThat(reasonWith(verdict(Outcome.INFERIOR)))
                .startsWith("openai/gpt-4o: local/support-desk is not good enough");
        assertThat(reasonWith(verdict(Outcome.INCONCLUSIVE))).startsWith("openai/gpt-4o: ");
        assertThat(reasonWith(verdict(Outcome.INVALID))).startsWith("openai/gpt-4o: ");
        assertThat(engine.decide(request("support"), Snapshot.of(config(SUPPORT.replace("3 pp", "1 pp")))
                .withVerdicts(route -> List.of(verdict(Outcome.NON_INFERIOR)))).reason())
                .startsWith("openai/gpt-4o: ")
                .contains("1 pp is asked");
    }

    @Test
    void aSimulatedVerdictNeverMovesTrafficOfARealVendor() {
        assertThat(reasonWith(verdict(Outcome.SUPERIOR, 0.03, true, NOW.plusSeconds(60))))
                .isEqualTo("openai/gpt-4o: the newest verdict for local/support-desk, v-12, was obtained against a "
                        + "simulated vendor and moves no real traffic");
        Snapshot simulated = Snapshot.of(config(SUPPORT.replace("{dialect: openai, url: https://api.openai.com}",
                "{simulated: true, like: openai/gpt-4o, suites: [support]}")));
        assertThat(chosen(engine.decide(request("support"), simulated
                .withVerdicts(route -> List.of(verdict(Outcome.SUPERIOR, 0.03, true, NOW.plusSeconds(60)))))).model())
                .isEqualTo(OPEN);
    }

    @Test
    void anotherBuildOfTheModelIsNotTheOneThatWasMeasured() {
        Snapshot other = new Snapshot(proven.config(), proven.latencies(), proven.verdicts(), proven.swaps(),
                proven.available(), model -> "sha256:2", proven.outputLengths());

        assertThat(engine.decide(request("support"), other).reason())
                .isEqualTo(
                        "openai/gpt-4o: swap to local/support-desk is stale: verdict v-12 measured another build of the model");
    }

    @Test
    void evidenceAgesByTheTimeOfTheSwaps() {
        Snapshot later = proven.withSwaps(new Swaps() {
            @Override
            public @Nullable Swap find(SwapKey key) {
                return null;
            }

            @Override
            public Instant time(Instant at) {
                return at.plus(Duration.ofDays(3_650));
            }
        });
        assertThat(engine.decide(request("support"), later).reason())
                .isEqualTo("openai/gpt-4o: verdict v-12 for local/support-desk on support expired");
    }

    @Test
    void theSwapStateOnFileCapsTheShare() {
        Swap closed = Swap.closed(KEY, NOW);
        assertThat(engine.decide(request("support"), proven.withSwaps(key -> closed)).reason())
                .isEqualTo("openai/gpt-4o: swap to local/support-desk is closed: no verdict yet");

        Snapshot ramp = Snapshot.of(config(SUPPORT + "swaps: {support: {to: local/support-desk, approval: automatic, "
                + "ramp: [25 %], dwell: 7 d, holdback: 5 %}}\n")).withVerdicts(proven.verdicts());
        long open = java.util.stream.IntStream.range(0, 10_000)
                .filter(i -> chosen(engine.decide(unit("user-" + i), ramp)).model().equals(OPEN))
                .count();
        assertThat(open).isBetween(2_350L, 2_650L);
    }

    @Test
    void aVerdictThatCannotBeTrustedOpensNothingAndSaysWhy() {
        assertThat(reasonWith(verdict(Outcome.SUPERIOR).unsound("it was changed after it was sealed")))
                .isEqualTo("openai/gpt-4o: local/support-desk is not good enough: verdict v-12 cannot be trusted: "
                        + "it was changed after it was sealed");
    }

    @Test
    void nothingReachesACandidateThatTheStateForbids() {
        Snapshot closed = Snapshot
                .of(config(
                        VENDORS + """
                                  routes:
                                    support: {candidates: [openai/gpt-4o, local/support-desk], policy: cheap, fallbacks: [local/support-desk]}
                                  policies: {cheap: {minimise: cost}, other: {minimise: latency}}
                                  """))
                .withVerdicts(proven.verdicts())
                .withSwaps(key -> Swap.closed(key, NOW));
        List<Overrides> asked = List.of(Overrides.NONE, new Overrides(null, null, null, null, OPEN, false),
                new Overrides("other", null, null, null, null, false),
                new Overrides(null, new BigDecimal("0.000000001"), null, null, null, false),
                new Overrides(null, null, Duration.ofMillis(1), null, null, false),
                new Overrides(null, null, null, null, null, true));
        for (Overrides one : asked) {
            for (Snapshot world : List.of(closed, closed.availableWhen(model -> model.equals(OPEN)))) {
                assertThat(models(engine.decide(request("support", one), world))).as(one.toString())
                        .doesNotContain(OPEN);
            }
        }
    }

    private static List<ModelId> models(Decision decision) {
        return decision.outcome() instanceof dev.pareto.policies.decide.Outcome.Chosen chosen
                ? Stream.concat(Stream.of(chosen.model()), chosen.fallbacks().stream())
                        .toList()
                : List.of();
    }

    @Test
    void anOverrideLetsAPersonsShareServeWithoutEvidenceUntilItExpires() {
        Hold hold = new Hold(Hold.Kind.OVERRIDE, 1, "ann", "trial", NOW.minusSeconds(60), NOW.plusSeconds(1));
        Swap overridden = new Swap(KEY, SwapState.CLOSED, 0, 0, NOW, null, null, null, 0, null, hold, Monitor.FRESH,
                "no verdict yet");
        Snapshot world = nothingKnown.withSwaps(key -> overridden);

        assertThat(chosen(engine.decide(request("support"), world)).model()).isEqualTo(OPEN);
        RequestFeatures later = new RequestFeatures("r-1", "support", 100, null, false, false, Overrides.NONE, "t",
                NOW.plusSeconds(1));
        assertThat(chosen(engine.decide(later, world)).model()).isEqualTo(CLOSED);
    }

    @Test
    void aDividedRouteMovesItsPartsOneByOne() {
        Snapshot divided = Snapshot
                .of(config(SUPPORT + "swaps: {support: {to: local/support-desk, approval: automatic, "
                        + "dwell: 0 s, segments: {by: intent, closed: [refund, legal], own: [billing]}}}\n"));
        Evidence known = verdict(Outcome.NON_INFERIOR);
        Evidence judged = new Evidence(known.verdictId(), known.route(), known.candidate(), known.incumbent(),
                Outcome.INCONCLUSIVE, known.margin(), known.difference(), known.lower(),
                known.upper(), known.confidence(), known.candidateAccuracy(), known.incumbentAccuracy(), false,
                known.candidateFingerprint(), known.createdAt(), known.expiresAt(), null, Outcome.NON_INFERIOR,
                Map.of("shipping", Outcome.INFERIOR, "refund",
                        Outcome.INFERIOR));
        Snapshot world = divided.withVerdicts(route -> List.of(judged));

        assertThat(chosen(engine.decide(tagged("orders"), world)).model()).isEqualTo(OPEN);
        assertThat(chosen(engine.decide(tagged("billing"), world)).model()).isEqualTo(OPEN);
        assertThat(engine.decide(tagged("refund"), world).reason()).contains("segment refund stays closed");
        assertThat(engine.decide(tagged("shipping"), world).reason())
                .contains("local/support-desk is not good enough in segment shipping");
        assertThat(engine.decide(request("support"), world).reason()).contains("the request has no tag 'intent'");
        Snapshot billingBack = world
                .withSwaps(key -> key.segment().equals("billing") ? Swap.closed(key, NOW) : null);
        assertThat(chosen(engine.decide(tagged("billing"), billingBack)).model()).isEqualTo(CLOSED);
        assertThat(chosen(engine.decide(tagged("orders"), billingBack)).model()).isEqualTo(OPEN);
    }

    @Test
    void whatAnEntryDoesNotNameNeitherOpensByItselfNorServesItsClosedParts() {
        String routes = VENDORS
                + """
                  routes:
                    support: {candidates: [openai/gpt-4o, cluster/other, local/support-desk], policy: cheap}
                  policies: {cheap: {minimise: cost}}
                  """;
        Snapshot planned = Snapshot.of(config(routes
                + "swaps: {support: {to: cluster/other, approval: manual, segments: {by: intent, closed: [refund], "
                + "own: [billing]}}}\n")).withVerdicts(proven.verdicts());

        assertThat(models(engine.decide(tagged("orders"), planned))).doesNotContain(OPEN);
        assertThat(engine.decide(tagged("orders"), planned).assessments())
                .filteredOn(one -> one.model().equals(OPEN))
                .singleElement()
                .satisfies(one -> assertThat(one.refusals()).singleElement()
                        .asString()
                        .contains("swaps.support names another model as 'to': name this one, or override"));
        Hold hold = new Hold(Hold.Kind.OVERRIDE, 1, "ann", "trial", NOW.minusSeconds(60), NOW.plusSeconds(1));
        Snapshot overridden = planned.withSwaps(key -> key.equals(KEY)
                ? new Swap(KEY, SwapState.CLOSED, 0, 0, NOW, null, null, null, 0, null, hold, Monitor.FRESH, "-")
                : null);
        assertThat(models(engine.decide(tagged("orders"), overridden))).contains(OPEN);
        assertThat(models(engine.decide(tagged("billing"), overridden))).contains(OPEN);
        assertThat(models(engine.decide(tagged("refund"), overridden))).doesNotContain(OPEN);
        assertThat(models(engine.decide(request("support"), overridden))).as("it may be a refund")
                .doesNotContain(OPEN);
    }

    private static RequestFeatures tagged(String intent) {
        return request("support").of("user-1", Map.of("intent", intent));
    }

    @Test
    void everySuiteOfThePlanMustFindItGoodEnough() {
        Snapshot two = Snapshot.of(config(SUPPORT
                + "swaps: {support: {to: local/support-desk, approval: automatic, dwell: 0 s, suites: [a, b]}}\n"));
        Evidence good = verdict(Outcome.NON_INFERIOR);

        assertThat(engine.decide(request("support"), two.withVerdicts(route -> List.of(of(good, "a")))).reason())
                .contains("no verdict of suite b yet");
        assertThat(chosen(engine.decide(request("support"),
                two.withVerdicts(route -> List.of(of(good, "a"), of(good, "b"))))).model()).isEqualTo(OPEN);
        Evidence bad = verdict(Outcome.INFERIOR);
        assertThat(chosen(engine.decide(request("support"),
                two.withVerdicts(route -> List.of(of(good, "a"), of(bad, "b"))))).model()).isEqualTo(CLOSED);
    }

    private static Evidence of(Evidence it, String suite) {
        return new Evidence(it.verdictId(), it.route(), it.candidate(), it.incumbent(), it.outcome(), it.margin(),
                it.difference(), it.lower(), it.upper(), it.confidence(), it.candidateAccuracy(),
                it.incumbentAccuracy(), it.simulated(), it.candidateFingerprint(), it.createdAt(), it.expiresAt(),
                suite, it.outcome(), Map.of());
    }

    @Test
    void aCallerKeepsItsModelFromRequestToRequest() {
        Snapshot half = Snapshot.of(config(SUPPORT + "swaps: {support: {to: local/support-desk, approval: automatic, "
                + "ramp: [50 %], dwell: 7 d}}\n")).withVerdicts(proven.verdicts());
        for (int i = 0; i < 100; i++) {
            assertThat(chosen(engine.decide(unit("user-" + i), half)).model())
                    .isEqualTo(chosen(engine.decide(unit("user-" + i), half)).model());
        }
    }

    @Test
    void aRouteWithoutAPolicyObeysItsSwapsShare() {
        String bare = World.VENDORS + "routes: {support: {candidates: [openai/gpt-4o, local/support-desk]}}\n";
        String swap = "swaps: {support: {to: local/support-desk, margin: 3 pp, approval: automatic, shadow: 0 %, "
                + "ramp: [50 %], dwell: 7 d}}\n";
        Snapshot half = Snapshot.of(config(bare + swap)).withVerdicts(proven.verdicts());
        int open = 0;
        for (int i = 0; i < 1_000; i++) {
            open += chosen(engine.decide(unit("user-" + i), half)).model().equals(OPEN) ? 1 : 0;
        }
        assertThat(open).isBetween(450, 550);
        assertThat(engine.decide(unit("user-1"), Snapshot.of(config(bare + swap))).outcome())
                .as("without a verdict nothing moves")
                .isInstanceOfSatisfying(dev.pareto.policies.decide.Outcome.Chosen.class,
                        it -> assertThat(it.model()).isEqualTo(CLOSED));

        Decision whole = engine.decide(unit("user-1"), Snapshot.of(config(bare)).withVerdicts(proven.verdicts()));
        assertThat(chosen(whole).model()).as("what no swap states opens at once").isEqualTo(OPEN);
        assertThat(chosen(whole).fallbacks()).containsExactly(CLOSED);
        assertThat(whole.reason()).startsWith("local/support-desk: its swap serves 100 % of support");
    }

    @Test
    void aClosedLabelIsNotEscapedByItsCase() {
        Snapshot divided = Snapshot.of(config(SUPPORT
                + "swaps: {support: {to: local/support-desk, approval: automatic, segments: {by: intent, closed: [refund]}}}\n"))
                .withVerdicts(proven.verdicts());
        for (String label : List.of("refund", "REFUND", "Refund")) {
            assertThat(engine.decide(request("support").of("u", Map.of("intent", label)), divided).reason())
                    .contains("segment refund stays closed");
        }
    }

    @Test
    void aVerdictAgainstASimulatedVendorIsToldFromNone() {
        Evidence made = new Evidence("v-9", "support", OPEN, ModelId.parse("simulated/gpt-4o"),
                dev.pareto.policies.swap.Outcome.NON_INFERIOR, 0.03, 0, -0.01, 0.01, 0.95, 0.9, 0.9, true, null,
                NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1)));
        assertThat(engine.decide(request("support"), nothingKnown.withVerdicts(route -> List.of(made))).reason())
                .endsWith("v-9, was obtained against a simulated vendor and moves no real traffic");
    }

    @Test
    void aManualSwapWaitsForAPerson() {
        Snapshot manual = Snapshot.of(config(SUPPORT + "swaps: {support: {to: local/support-desk}}\n"))
                .withVerdicts(proven.verdicts());

        assertThat(engine.decide(request("support"), manual).reason())
                .startsWith("openai/gpt-4o: swap to local/support-desk awaits approval");
    }

    @Test
    void paretoModelChoosesOnlyWithinTheGate() {
        Overrides forced = new Overrides(null, null, null, null, OPEN, false);

        assertThat(engine.decide(request("support", forced), nothingKnown).outcome()).isEqualTo(
                new dev.pareto.policies.decide.Outcome.Infeasible("no verdict yet for local/support-desk on support",
                        "./pareto eval compare --candidate local/support-desk --baseline openai/gpt-4o finds out whether it may"));
        assertThat(chosen(engine.decide(request("support", forced), proven)).model()).isEqualTo(OPEN);
        Overrides stranger = new Overrides(null, null, null, null, ModelId.parse("openai/gpt-5"), false);
        assertThat(engine.decide(request("support", stranger), proven).reason())
                .startsWith("infeasible: Pareto-Model openai/gpt-5 is not a candidate of support");
    }

    @Test
    void localOnlyRequestsNeverReachAVendor() {
        Overrides local = new Overrides(null, null, null, null, null, true);

        assertThat(chosen(engine.decide(request("support", local), proven)).fallbacks()).isEmpty();
        assertThat(chosen(engine.decide(request("support", local), proven)).model()).isEqualTo(OPEN);
        assertThat(engine.decide(request("support", local), nothingKnown).outcome())
                .isInstanceOf(dev.pareto.policies.decide.Outcome.Infeasible.class);
    }

    @Test
    void whatTheRequestAskedForIsNeverLetGo() {
        Overrides cheap = new Overrides(null, new BigDecimal("0.0001"), null, null, null, false);

        Decision decision = engine.decide(request("support", cheap), nothingKnown);

        assertThat(decision.outcome()).isEqualTo(
                new dev.pareto.policies.decide.Outcome.Infeasible("Pareto-Max-Cost-Usd 0.0001 USD",
                        "Pareto-Max-Cost-Usd 0.0001 USD -> 0.00281 USD admits openai/gpt-4o"));
        assertThat(decision.reason()).startsWith("infeasible: Pareto-Max-Cost-Usd 0.0001 USD");
        assertThat(chosen(engine.decide(request("support", cheap), proven)).model()).isEqualTo(OPEN);
    }

    @Test
    void theClosestCandidateServesWhenThePolicyAllowsIt() {
        Snapshot slow = nothingKnown.withLatencies((model, tokens) -> latency(100, Duration.ofMillis(7200)));

        Decision decision = engine.decide(request("support"), slow);

        assertThat(chosen(decision).model()).isEqualTo(CLOSED);
        assertThat(decision.reason())
                .isEqualTo("openai/gpt-4o: closest to good-enough (latency total-p95 6 s -> 7.2 s)");
        Snapshot strict = Snapshot.of(config(SUPPORT + "    when-infeasible: reject\n"))
                .withLatencies((model, tokens) -> latency(100, Duration.ofMillis(7200)));
        assertThat(engine.decide(request("support"), strict).outcome())
                .isEqualTo(new dev.pareto.policies.decide.Outcome.Infeasible("latency total-p95 6 s",
                        "latency total-p95 6 s -> 7.2 s admits openai/gpt-4o"));
    }

    @Test
    void aLatencySeenTooSeldomBindsNothing() {
        Snapshot few = nothingKnown.withLatencies((model, tokens) -> latency(19, Duration.ofSeconds(60)));

        assertThat(chosen(engine.decide(request("support"), few)).relaxed()).isNull();
    }

    @Test
    void aModelThatCannotBeCalledIsPassedOver() {
        Decision decision = engine.decide(request("support"), proven.availableWhen(model -> !model.equals(OPEN)));

        assertThat(chosen(decision).model()).isEqualTo(CLOSED);
        assertThat(decision.reason()).isEqualTo("openai/gpt-4o: local/support-desk is not available now");
        assertThat(engine.decide(request("support"), nothingKnown.availableWhen(model -> false)).outcome())
                .isInstanceOf(dev.pareto.policies.decide.Outcome.Infeasible.class);
    }

    @Test
    void anUnknownPriceLosesToAStatedOneAndFailsACostLimit() {
        ParetoConfig config = config(VENDORS + """
                                               routes: {r: {candidates: [cluster/unlisted, openai/gpt-4o], policy: p}}
                                               policies: {p: {minimise: cost, subject-to: {cost: {at-most: 1 USD}}}}
                                               """);
        Decision decision = engine.decide(request("r"), Snapshot.of(config).withVerdicts(route -> List.of()));

        assertThat(chosen(decision).model()).isEqualTo(CLOSED);
        assertThat(decision.assessments().getFirst().violations()).extracting(Violation::actual)
                .containsExactly("unknown");
        assertThat(decision.assessments().getFirst().predictedCost()).isNull();
    }

    @Test
    void aPromptThatDoesNotFitAndToolsThatAreNotTakenRuleAModelOut() {
        ParetoConfig config = config(
                """
                vendors:
                  a: {dialect: openai, url: http://a, models: {small: {context: 100, can: [chat]}, large: {context: 9999, can: [chat, tools]}}}
                routes: {r: {candidates: [a/small, a/large]}}
                """);
        assertThat(engine.decide(request("r"), Snapshot.of(config)).reason())
                .isEqualTo("a/large: prompt of about 100 tokens exceeds the 100 of a/small");
        RequestFeatures tools = new RequestFeatures("r", "r", 10, null, false, true, Overrides.NONE, "t", NOW);
        assertThat(engine.decide(tools, Snapshot.of(config)).reason()).isEqualTo("a/large: a/small takes no tools");
    }

    @Test
    void anotherPolicyTightensTheRoutesOwn() {
        ParetoConfig config = config(
                SUPPORT + """
                            quick: {minimise: latency, subject-to: {latency: {total-p95: 1 s}}, when-infeasible: reject}
                          """);
        Snapshot slow = Snapshot.of(config).withLatencies((model, tokens) -> latency(100, Duration.ofSeconds(2)));
        Overrides quick = new Overrides("quick", null, null, null, null, false);

        assertThat(engine.decide(request("support", quick), slow).outcome())
                .isInstanceOfSatisfying(dev.pareto.policies.decide.Outcome.Infeasible.class,
                        none -> assertThat(none.bindingConstraint()).isEqualTo("latency total-p95 1 s"));
        assertThat(engine.decide(request("support", new Overrides("quik", null, null, null, null, false)), slow)
                .outcome()).isEqualTo(new dev.pareto.policies.decide.Outcome.UnknownPolicy("quik", "quick"));
    }

    @Test
    void anUnknownModelIsToldWithTheNearestName() {
        assertThat(engine.decide(request("local/suport-desk"), nothingKnown).outcome()).isEqualTo(
                new dev.pareto.policies.decide.Outcome.UnknownModel("local/suport-desk", "local/support-desk"));
        Snapshot nobodyToAsk = Snapshot.of(config("""
                                                  vendors: {local: {engine: embedded}}
                                                  routes: {support: {candidates: [local/support-desk]}}
                                                  """));
        assertThat(engine.decide(request("suport"), nobodyToAsk).outcome())
                .isEqualTo(new dev.pareto.policies.decide.Outcome.UnknownModel("suport", "support"));
    }

    @Test
    void aModelThatIsNotListedGoesToTheVendorInFrontUnpricedAndMarkedSo() {
        Decision decision = engine.decide(request("ft:gpt-4o:org::id"), nothingKnown);

        assertThat(chosen(decision).model()).isEqualTo(ModelId.parse("openai/ft:gpt-4o:org::id"));
        assertThat(chosen(decision).fallbacks()).isEmpty();
        assertThat(decision.reason())
                .isEqualTo("not in the catalogue, unpriced: openai/ft:gpt-4o:org::id: asked for by name");
        assertThat(decision.assessments())
                .singleElement()
                .satisfies(only -> assertThat(only.predictedCost()).isNull());
        assertThat(engine.decide(request("ft:gpt-4o:org::id", new Overrides(null, BigDecimal.ONE, null, null, null,
                false)), nothingKnown).outcome()).as("a bound on an unknown cost")
                .isInstanceOf(dev.pareto.policies.decide.Outcome.Infeasible.class);
    }

    @Test
    void aCallersKeyGoesToNobodyButTheVendorThatTheCallerAddressed() {
        String vendors = """
                         vendors:
                           openai: {dialect: openai, url: https://api.openai.com}
                           other: {dialect: openai, url: https://other%s, models: [big]}
                           cluster: {dialect: openai, url: http://vllm:8000, open: true, models: [free]}
                         routes:
                           gpt-4o: {candidates: [other/big, openai/gpt-4o]}
                           free: {candidates: [cluster/free]}
                         """;
        Snapshot keyless = Snapshot.of(config(vendors.formatted("")));
        Snapshot keyed = Snapshot.of(config(vendors.formatted(", key: '${OTHER_KEY:sk-other}'")));

        Decision decision = engine.decide(withKey("gpt-4o", keyless), keyless);
        assertThat(chosen(decision).model()).isEqualTo(CLOSED);
        assertThat(chosen(decision).fallbacks()).isEmpty();
        assertThat(chosen(engine.decide(withKey("free", keyless), keyless)).model())
                .as("open weights are served without a key")
                .isEqualTo(ModelId.parse("cluster/free"));
        assertThat(decision.reason())
                .isEqualTo("openai/gpt-4o: vendor other has no key configured and the caller's key is not for it");
        assertThat(chosen(engine.decide(withKey("gpt-4o", keyed), keyed)).model())
                .as("a key of its own")
                .isEqualTo(ModelId.parse("other/big"));
        assertThat(chosen(engine.decide(withKey("other/big", keyless), keyless)).model())
                .as("asked for by name")
                .isEqualTo(ModelId.parse("other/big"));
        assertThat(chosen(engine.decide(request("gpt-4o"), keyless)).model()).as("no key to give away")
                .isEqualTo(ModelId.parse("other/big"));
    }

    @Test
    void theReasonIsAlwaysSafeForAHeader() {
        Decision decision = engine.decide(request("süpport\r\nX-Evil: 1" + "x".repeat(500)), nothingKnown);

        assertThat(decision.reason()).hasSizeLessThanOrEqualTo(200).matches("[ -~]*").endsWith("...");
    }

    @Test
    void theViewHoldsWhatAPersonNeedsToCheckTheDecision() {
        Map<String, ?> view = DecisionView.of(engine.decide(request("support"), proven));

        assertThat(view).containsKeys("id", "route", "policy", "reason", "baseline", "outcome", "candidates");
        assertThat(view.toString()).contains("verdict=v-12", "predicted_cost=0.00281", "kind=chosen");
    }

    @Test
    void headersAreReadAndBadOnesAreRefusedByName() {
        Map<String, String> headers = Map.of("Pareto-Policy", "p", "Pareto-Max-Cost-Usd", "0.02",
                "Pareto-Max-Latency-Ms", "800", "Pareto-Min-Accuracy", "92 %", "Pareto-Model", "a/b",
                "Pareto-Data-Class", "local-only");
        assertThat(Overrides.fromHeaders(headers::get)).isEqualTo(new Overrides("p", new BigDecimal("0.02"),
                Duration.ofMillis(800), 0.92, ModelId.parse("a/b"), true));
        assertThat(Overrides.fromHeaders(name -> null)).isEqualTo(Overrides.NONE);
        assertThatThrownBy(() -> Overrides.fromHeaders(Map.of("Pareto-Max-Latency-Ms", "-1")::get))
                .hasMessageContaining("header Pareto-Max-Latency-Ms: write whole milliseconds");
        assertThatThrownBy(() -> Overrides.fromHeaders(Map.of("Pareto-Data-Class", "secret")::get))
                .hasMessageContaining("write local-only or any");
    }

    private String reasonWith(dev.pareto.policies.swap.Evidence evidence) {
        return engine.decide(request("support"), nothingKnown.withVerdicts(route -> List.of(evidence))).reason();
    }

    private static RequestFeatures unit(String unit) {
        return new RequestFeatures("r-1", "support", 100, null, false, false, Overrides.NONE, "tenant", unit,
                NOW, false, null);
    }

    /** Of a caller with a key for whom he addresses. */
    private static RequestFeatures withKey(String model, Snapshot world) {
        return request(model)
                .withCallersKey(world.config().catalogue().addressed(model).map(Vendor::name).orElse(null));
    }

    private static dev.pareto.policies.decide.Outcome.Chosen chosen(Decision decision) {
        assertThat(decision.outcome()).isInstanceOf(dev.pareto.policies.decide.Outcome.Chosen.class);
        return (dev.pareto.policies.decide.Outcome.Chosen) decision.outcome();
    }

    @Test
    void aReasonNamesEachCandidateThatIsLeftOutAndWhyAsFarAsTheLineHasRoom() {
        String routes = """
                        routes:
                          support: {candidates: [openai/gpt-4o, %s], policy: cheap}
                        policies:
                          cheap: {minimise: cost}
                        """;
        Decision three = engine.decide(World.request("support"), Snapshot.of(World.config(
                World.VENDORS + routes.formatted("local/support-desk, cluster/tiny, cluster/other")))
                .availableWhen(model -> !model.name().equals("tiny")));
        assertThat(three.reason()).isEqualTo("openai/gpt-4o: no verdict yet for local/support-desk on support; "
                + "cluster/tiny is not available now; no verdict yet for cluster/other on support");

        String many = IntStream.range(0, 12).mapToObj(i -> "cluster/open-" + i).collect(Collectors.joining(", "));
        Decision dozen = engine.decide(World.request("support"),
                Snapshot.of(World.config(World.VENDORS + routes.formatted(many))));
        assertThat(dozen.reason()).startsWith("openai/gpt-4o: no verdict yet for cluster/open-0 on support; no verdict")
                .endsWith("; 9 more left out")
                .hasSizeLessThanOrEqualTo(200);
    }
}
