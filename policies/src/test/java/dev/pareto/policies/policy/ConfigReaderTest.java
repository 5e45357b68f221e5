package dev.pareto.policies.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.swap.Approval;
import dev.pareto.policies.swap.Segments;
import dev.pareto.policies.swap.Shadow;
import dev.pareto.policies.swap.SwapPlan;
import dev.pareto.policies.swap.guard.DriftPlan;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.policies.swap.guard.GuardRules;
import dev.pareto.policies.swap.guard.JudgePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ConfigReaderTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String DESIGN = """
                                         vendors:
                                           openai:    {dialect: openai,    url: https://api.openai.com,    key: ${OPENAI_API_KEY:}}
                                           anthropic: {dialect: anthropic, url: https://api.anthropic.com, key: ${ANTHROPIC_API_KEY:}}
                                           cluster:   {dialect: openai, urls: [http://vllm-0:8000, http://vllm-1:8000], open: true, hourly-cost: 2.10 USD}
                                           local:     {engine: embedded, models-dir: models}
                                         routes:
                                           gpt-4o:                                   # callers change nothing: they still ask for gpt-4o
                                             candidates: [openai/gpt-4o, local/qwen3-8b]
                                             policy: good-enough
                                         policies:
                                           good-enough:
                                             minimise: cost
                                             subject-to:
                                               accuracy: {within: 2 pp, of: openai/gpt-4o, confidence: 95 %}     # or: {at-least: 92 %}
                                               latency:  {first-token-p95: 800 ms, total-p95: 6 s}
                                               cost:     {at-most: 0.02 USD}
                                             when-infeasible: closest                # or: reject
                                         swaps:
                                           gpt-4o: {to: local/qwen3-8b, suites: [support], margin: 2 pp, shadow: 5 %, ramp: [1 %, 5 %, 25 %, 95 %], holdback: 5 %, approval: automatic}
                                         """;

    @TempDir
    private Path folder;

    @Test
    void theExampleOfTheDesignReadsAsItIs() throws Exception {
        ParetoConfig config = read(DESIGN, Map.of("OPENAI_API_KEY", "sk-1"));

        Vendor openai = config.catalogue().vendor("openai").orElseThrow();
        assertThat(Objects.requireNonNull(openai.key()).reveal()).isEqualTo("sk-1");
        assertThat(openai.toString()).doesNotContain("sk-1");
        assertThat(config.catalogue().vendor("anthropic").orElseThrow().key()).isNull();
        Vendor cluster = config.catalogue().vendor("cluster").orElseThrow();
        assertThat(cluster.urls()).hasSize(2);
        assertThat(cluster.hourlyCost()).isEqualTo(Money.usd("2.10"));
        assertThat(config.catalogue().vendor("local").orElseThrow().kind()).isEqualTo(VendorKind.EMBEDDED);
        Route route = config.route("gpt-4o").orElseThrow();
        assertThat(route.candidates()).containsExactly(ModelId.parse("openai/gpt-4o"), ModelId.parse("local/qwen3-8b"));
        assertThat(route.baseline()).isEqualTo(ModelId.parse("openai/gpt-4o"));
        assertThat(route.cache().enabled()).isFalse();
        assertThat(config.policies()).containsEntry("good-enough",
                new Policy("good-enough", Objective.MINIMISE_COST,
                        new Constraints(
                                List.of(new AccuracyFloor.Within(0.02, ModelId.parse("openai/gpt-4o"), 0.95)),
                                Duration.ofMillis(800), Duration.ofSeconds(6), Money.usd("0.02")),
                        WhenInfeasible.CLOSEST));
        assertThat(config.swaps()).containsEntry("gpt-4o",
                new SwapPlan("gpt-4o", ModelId.parse("local/qwen3-8b"), List.of("support"), 0.02, 0.05,
                        List.of(0.01, 0.05, 0.25, 0.95), Duration.ofHours(24), 0.05, Approval.AUTOMATIC));
    }

    @Test
    void aPolicyMayLearnFromItsOwnAnswers() throws Exception {
        String learning = DESIGN.replace("minimise: cost",
                "minimise: cost\n    explore: {share: 3 %, accuracy-at-least: 85 %, budget: {at-most: 20 USD, per: month}}");
        assertThat(Objects.requireNonNull(read(learning, Map.of()).policies().get("good-enough")).explore())
                .isEqualTo(new Exploration(0.03, 0.85, Money.usd("20"), Exploration.Period.MONTH,
                        Duration.ofDays(1)));
        assertThat(Objects.requireNonNull(read(DESIGN, Map.of()).policies().get("good-enough")).explore()).isNull();
        assertThatThrownBy(() -> read(learning.replace("3 %", "30 %"), Map.of()))
                .hasMessageContaining("at most a fifth");
        assertThatThrownBy(() -> read(learning.replace("at-most: 20 USD, ", ""), Map.of()))
                .hasMessageContaining("needs 'at-most'");
    }

    @Test
    void whatHasNoEffectYetIsSaid() throws Exception {
        assertThat(read(DESIGN, Map.of()).warnings()).containsExactly(
                "dialect anthropic of vendor anthropic has no effect yet: calls reach it as they came, in OpenAI's dialect");
    }

    @Test
    void aSwapStatesShadowGuardsAndSegments() throws Exception {
        String whole = DESIGN.replace("shadow: 5 %,",
                """
                shadow: {sample: 10 %, per-day: 2 USD, at-once: 2, time-limit: 20 s}, requests: 7, exit-margin: 4 pp,
                  cool-down: [1 h, 2 d], segments: {by: intent, closed: [refund, legal], own: [billing]},
                  guards: {errors: 3 %, format: off, slow: 10 %, latency: 4 s, quality: 12 %, arl: 5000},""");
        SwapPlan plan = Objects.requireNonNull(read(whole, Map.of()).swaps().get("gpt-4o"));

        assertThat(plan.shadow()).isEqualTo(new Shadow(0.1, Money.usd("2"), 2, Duration.ofSeconds(20)));
        assertThat(plan.requests()).isEqualTo(7);
        assertThat(plan.exitMargin()).isEqualTo(0.04);
        assertThat(plan.coolDowns()).containsExactly(Duration.ofHours(1), Duration.ofDays(2));
        assertThat(plan.segments())
                .isEqualTo(new Segments("intent", Set.of("refund", "legal"), Set.of("billing"), false));
        assertThat(plan.guards()).isEqualTo(new GuardRules(Map.of(Guard.ERRORS, 0.03, Guard.TRUNCATED, 0.02,
                Guard.LATENCY, 0.1, Guard.QUALITY, 0.12), Set.of(Guard.FORMAT), Duration.ofSeconds(4), 5_000));
        assertThat(plan.drift()).isEqualTo(DriftPlan.DEFAULT);
        assertThat(plan.judge()).isNull();
    }

    @Test
    void whoRatesLiveAnswersIsReadAndAGuardThatIsOffStaysOff() throws Exception {
        SwapPlan plan = Objects.requireNonNull(read(
                DESIGN.replace("shadow: 5 %",
                        """
                        judge: {model: openai/gpt-4o, calibration: judges/cal.jsonl, rubric: r.md, kind: judge_score, sample: 2 %,
                          per-day: 1 USD, at-once: 3, time-limit: 9 s}, drift: {bound: 0.3, least: 200},
                          guards: {feedback: 40 %, judged: off}"""),
                Map.of()).swaps().get("gpt-4o"));

        assertThat(plan.judge()).isEqualTo(new JudgePlan(ModelId.parse("openai/gpt-4o"), JudgePlan.Kind.JUDGE_SCORE,
                "r.md", "judges/cal.jsonl", 0.02, Money.usd("1"), 3, Duration.ofSeconds(9)));
        assertThat(plan.drift()).isEqualTo(new DriftPlan(0.3, 200, 2_000));
        assertThat(plan.guards().rate(Guard.FEEDBACK)).isEqualTo(0.4);
        assertThat(plan.guards().or(Guard.JUDGED, 0.1).rate(Guard.JUDGED)).isNull();
        assertThat(plan.guards().qualityOr(0.1).rate(Guard.QUALITY)).isEqualTo(0.1);
    }

    @Test
    void aBoundAloneOrOffIsADriftPlanAndAJudgeWithoutProofIsRefused() throws Exception {
        assertThat(Objects.requireNonNull(
                read(DESIGN.replace("shadow: 5 %", "drift: 0.5"), Map.of()).swaps().get("gpt-4o")).drift())
                .isEqualTo(new DriftPlan(0.5, 500, 2_000));
        assertThat(Objects.requireNonNull(
                read(DESIGN.replace("shadow: 5 %", "drift: off"), Map.of()).swaps().get("gpt-4o")).drift()).isNull();
        assertThatThrownBy(() -> read(DESIGN.replace("shadow: 5 %", "judge: {model: openai/gpt-4o}"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("judge needs 'calibration'");
        assertThatThrownBy(() -> read(DESIGN.replace("shadow: 5 %",
                "judge: {model: opnai/gpt-4o, calibration: c.jsonl}"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("vendor 'opnai'");
    }

    @Test
    void howLongFeedbackIsTakenAndWhetherItsWordsAreKeptIsRead() throws Exception {
        assertThat(read("gateway: {feedback: {max-age: 2 d, comments: true}}", Map.of()).gateway().feedback())
                .isEqualTo(new GatewaySettings.Feedback(Duration.ofDays(2), true));
        assertThat(read("gateway: {port: 1}", Map.of()).gateway().feedback())
                .isEqualTo(new GatewaySettings.Feedback(Duration.ofDays(7), false));
    }

    @Test
    void aGuardThatAllowsNothingIsRefused() {
        assertThatThrownBy(() -> read(DESIGN.replace("shadow: 5 %", "guards: {errors: 0 %}"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("errors must be above 0 %");
    }

    @Test
    void aPartThatStaysClosedButNeedNotSayItsNameIsWarnedOf() throws Exception {
        String risky = DESIGN.replace("shadow: 5 %",
                "segments: {by: intent, closed: [refund], unlabelled: open}");

        assertThat(read(risky, Map.of()).warnings()).last().asString().contains("without the tag 'intent'");
    }

    @Test
    void anEmptyFileIsAGatewayWithDefaults() throws Exception {
        ParetoConfig config = read("", Map.of());

        assertThat(config.gateway()).isEqualTo(GatewaySettings.DEFAULT);
        assertThat(config.routes()).isEmpty();
    }

    @Test
    void modelsNobodyRoutedAreReachedByTheirOwnNames() throws Exception {
        ParetoConfig config = read(DESIGN, Map.of());

        assertThat(config.route("openai/gpt-4o-mini").orElseThrow().candidates())
                .containsExactly(ModelId.parse("openai/gpt-4o-mini"));
        assertThat(config.route("gpt-4o-2024-11-20").orElseThrow().declared()).isFalse();
        assertThat(config.priceSku(ModelId.parse("openai/gpt-4o-2024-11-20"))).isEqualTo("openai/gpt-4o");
        assertThat(config.route("claude-sonnet-5").orElseThrow().baseline())
                .isEqualTo(ModelId.parse("anthropic/claude-sonnet-5"));
    }

    @Test
    void modelsNobodyListedGoToTheVendorInFrontUnlessTheyWouldHaveToBeListed() throws Exception {
        ParetoConfig config = read(DESIGN, Map.of());

        assertThat(config.route("brand-new").orElseThrow().candidates())
                .containsExactly(ModelId.parse("openai/brand-new"));
        assertThat(config.route("meta-llama/Llama-9").orElseThrow().candidates())
                .containsExactly(ModelId.parse("openai/meta-llama/Llama-9"));
        assertThat(config.route("cluster/fresh").orElseThrow().candidates())
                .containsExactly(ModelId.parse("cluster/fresh"));
        assertThat(config.catalogue().unlisted("cluster/fresh").orElseThrow())
                .satisfies(fresh -> assertThat(fresh.upstreamName()).isEqualTo("fresh"))
                .satisfies(fresh -> assertThat(fresh.open()).isTrue())
                .satisfies(fresh -> assertThat(fresh.listed()).isFalse());
        assertThat(config.prices().at(config.priceSku(ModelId.parse("openai/brand-new")), "standard", NOW)).isEmpty();
        for (String nowhere : List.of("local/no-such-model", "anthropic/no-such-model", " ", "openai/ ", "local/",
                "x".repeat(200))) {
            assertThat(config.route(nowhere)).as(nowhere).isEmpty();
        }
    }

    @Test
    void theVendorInFrontIsTheDefaultOneThenTheOneNamedLikeTheDialectThenTheOnlyOne() throws Exception {
        String one = "vendors:\n  b: {dialect: openai, url: http://b}\n";
        String two = one + "  a: {dialect: openai, url: http://a}\n";
        String three = two + "  openai: {dialect: openai, url: http://o}\n";

        assertThat(front(one)).isEqualTo("b");
        assertThat(front(two)).as("no telling which").isEqualTo("none");
        assertThat(front(three)).isEqualTo("openai");
        assertThat(front(three + "default-vendor: a\n")).isEqualTo("a");
        assertThat(front(one + "  local: {engine: embedded}\ndefault-vendor: local\n")).isEqualTo("none");
        assertThat(front("vendors: {openai: {simulated: true, like: openai/gpt-4o}}\n")).isEqualTo("none");
    }

    private String front(String yaml) throws Exception {
        return read(yaml, Map.of()).catalogue().front().map(Vendor::name).orElse("none");
    }

    @Test
    void aBareNameThatTwoVendorsServeNeedsADefaultVendor() throws Exception {
        String two = """
                     vendors:
                       a: {dialect: openai, url: http://a, models: [m]}
                       b: {dialect: openai, url: http://b, models: [m]}
                     """;
        assertThat(read(two, Map.of()).route("m")).isEmpty();
        assertThat(read(two + "default-vendor: b\n", Map.of()).route("m").orElseThrow().candidates())
                .containsExactly(ModelId.parse("b/m"));
    }

    @Test
    void anEmbeddedModelHasAStatedPriceOfZeroAndAnUnlistedOneHasNone() throws Exception {
        ParetoConfig config = read(DESIGN, Map.of());

        PriceVersion local = config.prices().at("local/qwen3-8b", "standard", NOW).orElseThrow();
        assertThat(local.basis()).isEqualTo(CostSource.ZERO_RATED);
        ParetoConfig cluster = read(
                DESIGN.replace("local/qwen3-8b", "cluster/qwen3-8b").replace(", hourly-cost: 2.10 USD", ""), Map.of());
        assertThat(cluster.prices().at("cluster/qwen3-8b", "standard", NOW)).isEmpty();
        assertThat(cluster.warnings()).filteredOn(warning -> !warning.contains("no effect"))
                .singleElement()
                .asString()
                .contains("cluster/qwen3-8b");
    }

    @Test
    void aSimulatedVendorBorrowsThePriceOfTheModelItStandsFor() throws Exception {
        ParetoConfig config = read("""
                                   vendors:
                                     openai: {simulated: true, like: openai/gpt-4o, suites: [support]}
                                     local: {engine: embedded}
                                   routes:
                                     support: {candidates: [openai/gpt-4o, local/support-desk]}
                                   """, Map.of());

        assertThat(config.catalogue().simulated(ModelId.parse("openai/gpt-4o"))).isTrue();
        assertThat(config.priceSku(ModelId.parse("openai/gpt-4o"))).isEqualTo("openai/gpt-4o");
        assertThat(config.route("support").orElseThrow().baseline()).isEqualTo(ModelId.parse("openai/gpt-4o"));
        assertThat(config.catalogue().find(ModelId.parse("openai/gpt-4o")).orElseThrow().contextLength())
                .isEqualTo(128_000);
    }

    @Test
    void aRecordedVendorAnswersFromFilesAtThePriceOfTheModelThatWasRecorded() throws Exception {
        ParetoConfig config = read(
                """
                vendors:
                  closed: {recorded: [a.jsonl, more], paced: false, prices: openai, models: [gpt-4o-mini-2024-07-18]}
                  open: {recorded: a.jsonl, open: true, models: [llama]}
                """, Map.of());

        Vendor closed = config.catalogue().vendor("closed").orElseThrow();
        assertThat(closed.kind()).isEqualTo(VendorKind.RECORDED);
        assertThat(closed.recording()).isEqualTo(new Vendor.Recording(List.of("a.jsonl", "more"), false));
        assertThat(closed.simulated()).as("it is no evidence about a live vendor").isTrue();
        assertThat(config.priceSku(ModelId.parse("closed/gpt-4o-mini-2024-07-18"))).isEqualTo("openai/gpt-4o-mini");
        Vendor open = config.catalogue().vendor("open").orElseThrow();
        assertThat(open.recording()).isEqualTo(new Vendor.Recording(List.of("a.jsonl"), true));
        assertThat(open.open()).isTrue();
    }

    @Test
    void everyKeyOfTheGatewayAndOfAVendorIsRead() throws Exception {
        Files.writeString(folder.resolve("key.txt"), "from-file\n");
        ParetoConfig config = read(
                """
                gateway:
                  host: 127.0.0.1
                  port: 0
                  admin-host: localhost
                  admin-port: 9091
                  max-body: 2 MiB
                  data-dir: state
                  keys:
                    search: {secret: "file:key.txt", tenant: team-search, tags: {team: search}}
                vendors:
                  acme:
                    dialect: openai
                    url: https://acme.example/v1
                    key: ${ACME_KEY}
                    retries: 3
                    time-limits: {connect: 1 s, first-token: 5 s, idle: 6 s, total: 7 m}
                    circuit-breaker: {failure-rate: 25 %, window: 8, wait: 9 s}
                    models:
                      big: {context: 8192, max-output: 4096, open: true, can: [chat, tools], upstream: BIG-1,
                            prices: [{from: 2026-01-01, input: 1, output: 2}]}
                routes:
                  r: {candidates: [acme/big], cache: {ttl: 10 m, max-entries: 5}, fallbacks: [acme/small]}
                """, Map.of("ACME_KEY", "k"));

        assertThat(config.gateway().maxBodyBytes()).isEqualTo(2 << 20);
        assertThat(config.gateway().port()).isZero();
        assertThat(config.gateway().keys()).singleElement().satisfies(key -> {
            assertThat(key.secret().reveal()).isEqualTo("from-file");
            assertThat(key.tenant()).isEqualTo("team-search");
            assertThat(key.tags()).containsEntry("team", "search");
        });
        Vendor acme = config.catalogue().vendor("acme").orElseThrow();
        assertThat(acme.resilience().retries()).isEqualTo(3);
        assertThat(acme.resilience().timeLimits().total()).isEqualTo(Duration.ofMinutes(7));
        assertThat(acme.resilience().circuitBreaker().openFor()).isEqualTo(Duration.ofSeconds(9));
        assertThat(config.catalogue().find(ModelId.parse("acme/big")).orElseThrow().upstreamName()).isEqualTo("BIG-1");
        assertThat(config.prices().at("acme/big", "standard", NOW)).isPresent();
        Route route = config.route("r").orElseThrow();
        assertThat(route.cache()).isEqualTo(new CachePolicy(true, Duration.ofMinutes(10), 5));
        assertThat(route.baseline()).isNull();
        assertThat(route.fallbacks()).containsExactly(ModelId.parse("acme/small"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"',
            textBlock = """
                        routess: {}                                            | 1:1: unknown key 'routess' in configuration; did you mean 'routes'?
                        vendors: {a: {dialect: openai, ulr: http://x}}         | 1:32: unknown key 'ulr' in vendor; did you mean 'url'?
                        vendors: {a: {dialect: openia, url: http://x}}         | 1:24: unknown dialect 'openia'; did you mean 'openai'?
                        vendors: {a: {dialect: openai}}                        | an HTTP vendor has a url
                        vendors: {a: {dialect: openai, url: ftp://x}}          | 1:37: 'url': write an http or https URL
                        vendors: {a: {dialect: openai, url: http://x, key: s}} | 'key' holds a secret in plain sight; write key: ${NAME_OF_A_VARIABLE}
                        vendors: {a: {dialect: openai, url: ${MISSING}}}       | environment variable MISSING is not set
                        vendors: {a: {dialect: openai, url: http://x, like: b/c}} | 'like' belongs to a simulated vendor
                        vendors: {a: {dialect: openai, url: http://x, paced: true}} | 'paced' belongs to a recorded vendor
                        vendors: {a: {recorded: x, simulated: true, like: b/c}} | vendor a is recorded and something else, too
                        routes: {r: {candidates: []}}                          | route r has no candidates
                        routes: {r: {candidates: [openai/gpt-4o]}}             | vendor 'openai' of model openai/gpt-4o is not configured
                        routes: {r: {candidates: [gpt-4o]}}                    | a model is written vendor/name, got 'gpt-4o'
                        policies: {p: {minimise: money}}                       | 'minimise': write cost or latency, not 'money'
                        policies: {p: {}}                                      | a policy has exactly one of 'minimise' and 'maximise'
                        policies: {p: {minimise: cost, subject-to: {latency: {total-p95: 6}}}} | write a time with its unit
                        policies: {p: {minimise: cost, subject-to: {accuracy: {within: 2 %, of: a/b}}}} | write percentage points, such as 2 pp, not '2 %'
                        policies: {p: {minimise: cost, subject-to: {accuracy: {within: 2 pp, of: a/b}}}} | compares with an unknown model 'a/b'
                        policies: {p: {minimise: cost}, p: {minimise: cost}}   | key 'p' is given twice
                        swaps: {r: {to: a/b}}                                  | swap of an unknown route 'r'
                        {vendors: {a: {dialect: openai, url: http://x}}, routes: {r: {candidates: [a/b], hold-out: 2 %}}} | a hold-out stays with the baseline
                        gateway: {port: 70000}                                 | a port must be 0 to 65535
                        gateway: {port: 8080, admin-port: 8080}                | port and admin-port are both 8080
                        default-vendor: nobody                                 | 1:17: unknown vendor 'nobody'
                        a: [                                                   | not valid YAML
                        """)
    void aBadFileIsRefusedWithPlaceReasonAndRemedy(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml, Map.of())).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("pareto.yaml:")
                .hasMessageContaining(message);
    }

    @Test
    void depthSizeAndAliasesAreBounded() {
        assertThatThrownBy(() -> read("a: " + "[".repeat(60) + "]".repeat(60), Map.of()))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read("#".repeat(1_000_001), Map.of())).hasMessageContaining("larger than 1 MB");
        assertThatThrownBy(() -> read("vendors: &a {}\nroutes: *a\n", Map.of())).isInstanceOf(ConfigException.class);
    }

    @Test
    void aSecretOfTheEnvironmentCannotChangeTheStructure() throws Exception {
        ParetoConfig config = read("vendors: {a: {dialect: openai, url: http://x, key: ${K}}}",
                Map.of("K", "x}, b: {evil: true"));

        assertThat(Objects.requireNonNull(config.catalogue().vendor("a").orElseThrow().key()).reveal())
                .isEqualTo("x}, b: {evil: true");
    }

    @Test
    void policyFilesAreReadBesideTheMainOne() throws Exception {
        Files.createDirectory(folder.resolve("policies"));
        Files.writeString(folder.resolve("policies/extra.yaml"), "policies: {quick: {minimise: latency}}\n");
        assertThat(read(DESIGN, Map.of()).policies()).containsKeys("good-enough", "quick");

        Files.writeString(folder.resolve("policies/extra.yaml"), "policies:\n  good-enough: {minimise: latency}\n");
        assertThatThrownBy(() -> read(DESIGN, Map.of()))
                .hasMessageContaining("policies/extra.yaml:2:3: policy 'good-enough' is given twice");
    }

    @Test
    void aRefusedReloadLeavesTheLastGoodConfigurationInForce() throws Exception {
        Path file = folder.resolve("pareto.yaml");
        Files.writeString(file, DESIGN);
        ConfigSource source = new ConfigSource(file, Map.of(), config -> config);
        ParetoConfig first = source.current();

        Files.writeString(file, DESIGN.replace("minimise: cost", "minimise: coast"));
        assertThat(source.reload()).isInstanceOfSatisfying(ConfigSource.Reload.Refused.class,
                refused -> assertThat(refused.reason().place().line()).isEqualTo(12));
        assertThat(source.current()).isSameAs(first);

        Files.writeString(file, DESIGN.replace("minimise: cost", "minimise: latency"));
        assertThat(source.reload()).isInstanceOf(ConfigSource.Reload.Accepted.class);
        assertThat(Objects.requireNonNull(source.current().policies().get("good-enough")).objective())
                .isEqualTo(Objective.MINIMISE_LATENCY);
    }

    @Test
    void aConfigurationThatCannotBeFinishedIsRefused() throws Exception {
        Path file = folder.resolve("pareto.yaml");
        Files.writeString(file, DESIGN);
        ConfigSource source = new ConfigSource(file, Map.of(), config -> {
            if (config.routes().isEmpty()) {
                throw new IllegalArgumentException("no route is left");
            }
            return config;
        });

        Files.writeString(file, "vendors: {}\n");

        assertThat(source.reload()).isInstanceOfSatisfying(ConfigSource.Reload.Refused.class,
                refused -> assertThat(refused.reason()).hasMessageContaining("no route is left"));
    }

    @Test
    void theGatewaySaysWhoMayReachItAndWhetherTheyNeedKeys() throws Exception {
        GatewaySettings stated = read("gateway: {admin-names: [pareto.internal, ops], require-keys: false}", Map.of())
                .gateway();

        assertThat(stated.adminNames()).containsExactly("pareto.internal", "ops");
        assertThat(stated.requireKeys()).isFalse();
        assertThat(GatewaySettings.DEFAULT.requireKeys()).isNull();
    }

    @Test
    void theGatewaySaysHowTokensAreGuessedAhead() throws Exception {
        GatewaySettings stated = read(
                "gateway: {speculation: {n-gram: true, most-tokens: 4, most-running: 2, drafts: {big: small}}}",
                Map.of())
                .gateway();

        assertThat(stated.speculation()).isEqualTo(new GatewaySettings.Speculation(true, 4, 2, Map.of("big", "small")));
        assertThat(GatewaySettings.DEFAULT.speculation().nGram()).isFalse();
        assertThatThrownBy(() -> read("gateway: {speculation: {most-tokens: 17}}", Map.of()))
                .hasMessageContaining("most-tokens and most-running must be 1 to 16, got 17 and 3");
        assertThatThrownBy(() -> read("gateway: {speculation: {drafts: {big: big}}}", Map.of()))
                .hasMessageContaining("the model big cannot draft for itself");
    }

    @Test
    void aMissingFileIsRefusedAtStart() {
        assertThatThrownBy(() -> new ConfigSource(folder.resolve("none.yaml"), Map.of(), config -> config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.yaml:1:1: there is no such file");
    }

    @Test
    void theEnginesMemoryIsAShareOrASize() throws Exception {
        assertThat(read("vendors: {}", Map.of()).gateway().engine()).isEqualTo(EngineLimits.DEFAULT);
        EngineLimits share = read("""
                                  gateway: {engine: {memory: 50 %, unload-after: 5 m, pinned: [local/big]}}
                                  vendors: {local: {engine: embedded}}
                                  """, Map.of()).gateway().engine();
        EngineLimits size = read("gateway: {engine: {memory: 24 GB, pinned: []}}", Map.of()).gateway().engine();

        assertThat(share).isEqualTo(
                new EngineLimits(new MemoryCap.Share(0.5), Duration.ofMinutes(5), Set.of(ModelId.parse("local/big"))));
        assertThat(share.memory().of(1_000)).isEqualTo(500);
        assertThat(size.memory().of(1_000)).isEqualTo(24_000_000_000L);
        assertThat(size.pinned()).isEmpty();
        assertThat(size.unloadAfter()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void anEngineThatCouldHoldNothingIsRefused() {
        for (String engine : List.of("memory: 0 %", "memory: 120 %", "memory: 0 GB", "unload-after: 0 s",
                "pinned: [openai/gpt-4o]")) {
            assertThatThrownBy(() -> read("gateway: {engine: {" + engine + "}}", Map.of()))
                    .as(engine)
                    .isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void theSchemaForEditorsHasExactlyTheKeysThatAreRead() throws IOException {
        JsonNode schema;
        try (var in = Objects
                .requireNonNull(ConfigReader.class.getResourceAsStream("/dev/pareto/policies/pareto.schema.json"))) {
            schema = new JsonMapper().readTree(in);
        }
        Shapes.BY_DEFINITION.forEach((name, shape) -> {
            JsonNode definition = name.equals("root") ? schema : schema.path("$defs").path(name);
            assertThat(names(definition.path("properties"))).as(name).isEqualTo(new TreeSet<>(shape.keys()));
            assertThat(definition.path("additionalProperties").asBoolean(true)).as(name).isFalse();
        });
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.forEachEntry((key, value) -> names.add(key));
        return names;
    }

    private ParetoConfig read(String yaml, Map<String, String> env) throws Exception {
        Path file = folder.resolve("pareto.yaml");
        Files.writeString(file, yaml);
        return new ConfigReader().read(file, env);
    }
}
