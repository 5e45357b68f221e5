package dev.pareto.policies.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.usage.ReportedCost;
import dev.pareto.policies.price.usage.Served;
import dev.pareto.policies.price.usage.UsageNormaliser;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.yaml.YamlException;
import dev.pareto.policies.yaml.YamlParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Accuracy bugs of other gateways, by their numbers in the design's research; each would be one here if its test failed. The numbers
 * left out belong to streams (A25, A26, A28, A29), the ledger and its roll-ups (A30 to A34, A43, A49, A50), budgets (A35 to A37) and
 * the cache (A51), and are tested there.
 */
final class AccuracyBugsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final PriceBook BOOK = PriceSheetReader.book(new PriceSheetReader().shipped());

    private final CostCalculator calculator = new CostCalculator();
    private final UsageNormaliser normaliser = new UsageNormaliser();
    private final JsonMapper json = new JsonMapper();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A01_cacheWritesAreNotChargedAsInputToo")
    void a01() throws IOException {
        assertThat(vectorCost("V05")).isEqualTo("0.054399");
    }

    @Test
    @DisplayName("A02_cacheHitsAreNotChargedTwice")
    void a02() throws IOException {
        assertThat(vectorCost("V03")).isEqualTo("0.184918125");
    }

    @Test
    @DisplayName("A03_aContractPriceCountsTheSameTokensAsTheList")
    void a03() throws IOException {
        JsonNode vector = CostVectorsTest.vector("V07");
        PriceVersion list = CostVectorsTest.price(vector);
        PriceVersion contract = new PriceVersion("c", list.sku(), list.serviceTier(), list.validFrom(), null, "USD",
                list.bands(),
                list.minimums(), CostSource.CONTRACT, "contract");
        Usage usage = usage(vector);

        Bill bill = calculator.bill(usage, new PriceBook(List.of(list, contract)), list.sku(), "standard", NOW, null);

        assertThat(bill.source()).isEqualTo("contract");
        assertThat(bill.contracted().total()).isEqualTo(bill.list().total()).isEqualTo(Money.usd("0.0465"));
    }

    @Test
    @DisplayName("A04_cachedTokensPayTheCachedPrice")
    void a04() throws IOException {
        assertThat(vectorCost("V12")).isEqualTo("0.003975");
    }

    @Test
    @DisplayName("A05_cachedTokensCountAsPrompt")
    void a05() throws IOException {
        assertThat(usage(CostVectorsTest.vector("V07")).promptTokens()).isEqualTo(88_000);
    }

    @Test
    @DisplayName("A06_theVisibleAnswerIsBilledBesideReasoning")
    void a06() throws IOException {
        assertThat(vectorCost("V08")).isEqualTo("0.00019365");
    }

    @Test
    @DisplayName("A07_reasoningIsNotAddedToAnOutputThatIncludesIt")
    void a07() throws IOException {
        assertThat(vectorCost("V09")).isEqualTo("0.0000577");
        assertThat(normalise("openai.chat", """
                                            {"prompt_tokens": 9, "completion_tokens": 22, "total_tokens": 31,
                                             "completion_tokens_details": {"reasoning_tokens": 21}}""").outputTokens())
                .isEqualTo(22);
    }

    @Test
    @DisplayName("A08_thoughtsOfGeminiAreOutput")
    void a08() throws IOException {
        assertThat(usage(CostVectorsTest.vector("V09")).outputTokens()).isEqualTo(22);
        assertThat(vectorCost("V11")).isEqualTo("0.0021375");
    }

    @Test
    @DisplayName("A09_reasoningPricedApartTakesThePlaceOfOutput")
    void a09() throws IOException {
        assertThat(vectorCost("V10")).isEqualTo("0.00046");
    }

    @Test
    @DisplayName("A10_longPromptsPayTheLongPromptPrice")
    void a10() {
        assertThat(booked("anthropic/claude-sonnet-4-5",
                """
                {"input_tokens": 150001, "output_tokens": 1000, "cache_read_input_tokens": 50000}"""))
                .isEqualTo("0.952506");
    }

    @Test
    @DisplayName("A11_theCacheFollowsTheTierOfTheWholePrompt")
    void a11() {
        assertThat(booked("anthropic/claude-sonnet-4-5",
                """
                {"input_tokens": 40000, "output_tokens": 1000, "cache_read_input_tokens": 200000,
                 "cache_creation_input_tokens": 10000}""")).isEqualTo("0.4575");
    }

    @Test
    @DisplayName("A12_oneTierHoldsForAllTokensOfARequest")
    void a12() {
        // Written tokens count toward the threshold, and no token stays at the lower price.
        assertThat(booked("anthropic/claude-sonnet-4-5",
                """
                {"input_tokens": 100000, "output_tokens": 0, "cache_creation_input_tokens": 100001}"""))
                .isEqualTo("1.3500075");
        Cost cost = calculator.cost(Usage.ofTokens(272_001, 2_000), at("openai/gpt-5.5", "standard"), NOW);
        assertThat(total(cost)).isEqualTo("2.81001");
    }

    @Test
    @DisplayName("A13_theBoundaryIsEachVendorsOwn")
    void a13() {
        assertThat(
                total(calculator.cost(Usage.ofTokens(200_000, 1), at("anthropic/claude-sonnet-4-5", "standard"), NOW)))
                .isEqualTo("0.600015");
        assertThat(total(calculator.cost(
                normalise("xai.chat", """
                                      {"prompt_tokens": 200000, "completion_tokens": 1000, "total_tokens": 201000,
                                       "prompt_tokens_details": {"cached_tokens": 100000}}"""),
                at("x-ai/grok-4.5", "standard"), NOW)))
                .isEqualTo("0.472");
        assertThat(total(calculator.cost(Usage.ofTokens(199_999, 1), at("x-ai/grok-4.5", "standard"), NOW)))
                .isEqualTo("0.400004");
    }

    @Test
    @DisplayName("A14_batchOfALongPromptIsNotBilledAtTheFlatBatchPrice")
    void a14() {
        assertThat(total(calculator.cost(Usage.ofTokens(300_000, 1_000), at("openai/gpt-5.5", "batch"), NOW)))
                .isEqualTo("1.5225");
        // Where nobody reports the long price of a tier, a long prompt is unpriced instead of cheap.
        assertThat(calculator.cost(Usage.ofTokens(300_000, 1_000), at("openai/gpt-5.5", "flex"), NOW).total()).isNull();
        // And a cached token at a tier without a cached price is unpriced, not billed as a fresh one.
        Usage cached = new Usage(Map.of(Buckets.INPUT, BigDecimal.ONE, Buckets.CACHE_READ, BigDecimal.TEN));
        assertThat(calculator.cost(cached, at("openai/gpt-5.5", "batch"), NOW).total()).isNull();
    }

    @Test
    @DisplayName("A15_flexPaysTheFlexPrice")
    void a15() {
        assertThat(total(calculator.cost(
                normalise("openai.chat", """
                                         {"prompt_tokens": 10000, "completion_tokens": 1000, "total_tokens": 11000,
                                          "prompt_tokens_details": {"cached_tokens": 4000}}"""),
                at("openai/gpt-5.4", "flex"), NOW)))
                .isEqualTo("0.01552");
    }

    @Test
    @DisplayName("A16_priorityPaysThePriorityPriceUnderEveryName")
    void a16() throws Exception {
        ParetoConfig config = config("vendors: {openai: {dialect: openai, url: https://api.openai.com}}");
        for (String name : List.of("openai/gpt-4o", "openai/gpt-4o-2024-08-06", "openai/gpt-4o-2024-11-20")) {
            PriceVersion price = config.prices()
                    .at(config.priceSku(ModelId.parse(name)), "priority", NOW)
                    .orElseThrow();
            assertThat(total(calculator.cost(Usage.ofTokens(9, 1), price, NOW))).as(name).isEqualTo("0.00005525");
        }
    }

    @Test
    @DisplayName("A17_theTierThatServedIsBilled")
    void a17() {
        String tier = ServiceTiers.effective("default", "priority");
        assertThat(total(calculator.cost(Usage.ofTokens(1_000, 100), at("openai/gpt-4o", tier), NOW)))
                .isEqualTo("0.0035");
    }

    @Test
    @DisplayName("A18_vertexTellsItsTierAsTrafficType")
    void a18() {
        Served served = Served
                .of(json.readTree("""
                                  {"usageMetadata": {"promptTokenCount": 10, "trafficType": "ON_DEMAND_FLEX"}}"""));
        assertThat(ServiceTiers.effective(served.tier(), "standard")).isEqualTo("flex");
        assertThat(ServiceTiers.effective("ON_DEMAND", "flex")).isEqualTo("standard");
        assertThat(ServiceTiers.effective("PROVISIONED_THROUGHPUT", null)).isEqualTo("provisioned");
        // A tier that nobody knows is unpriced, not billed as another.
        assertThat(BOOK.at("openai/gpt-4o", ServiceTiers.effective("hyperspeed", null), NOW)).isEmpty();
    }

    @Test
    @DisplayName("A19_everyDatedSnapshotResolvesToThePricesOfItsAlias")
    void a19() throws Exception {
        ParetoConfig config = config("vendors: {openai: {dialect: openai, url: https://api.openai.com}}");
        int snapshots = 0;
        for (PriceSheet sheet : new PriceSheetReader().shipped()) {
            for (PriceSheet.Entry entry : sheet.vendor().equals("openai")
                    ? sheet.models()
                    : List.<PriceSheet.Entry>of()) {
                for (String alias : entry.aliases()) {
                    snapshots++;
                    assertThat(config.priceSku(new ModelId("openai", alias))).isEqualTo("openai/" + entry.name());
                }
            }
        }
        assertThat(snapshots).isGreaterThan(15);
    }

    @Test
    @DisplayName("A20_theDeploymentsPriceBeatsTheCatalogue")
    void a20() throws Exception {
        ParetoConfig config = config("""
                                     vendors:
                                       eu:
                                         dialect: openai
                                         url: https://eu.example
                                         prices: openai
                                         models:
                                           gpt-4o:
                                             prices:
                                               - {from: 2026-01-01, input: 0, output: 0, basis: zero_rated}
                                               - {from: 2026-01-01, tier: batch, input: 1, output: 2}
                                     """);
        String sku = config.priceSku(ModelId.parse("eu/gpt-4o"));
        assertThat(total(calculator.cost(Usage.ofTokens(1_000, 500),
                config.prices().at(sku, "standard", NOW).orElseThrow(), NOW)))
                .isEqualTo("0");
        assertThat(total(
                calculator.cost(Usage.ofTokens(1_000, 500), config.prices().at(sku, "batch", NOW).orElseThrow(), NOW)))
                .isEqualTo("0.002");
        assertThat(config.priceSku(ModelId.parse("eu/gpt-4.1"))).isEqualTo("openai/gpt-4.1");
    }

    @Test
    @DisplayName("A21_audioAnswersPayTheAudioPrice")
    void a21() throws IOException {
        assertThat(vectorCost("V32")).isEqualTo("0.00064");
        // Without a price for audio the answer is unpriced, never text.
        Usage audio = new Usage(Map.of(Buckets.OUTPUT, BigDecimal.ONE, Buckets.OUTPUT_AUDIO, BigDecimal.TEN));
        assertThat(calculator.cost(audio, at("openai/gpt-4o", "standard"), NOW).total()).isNull();
    }

    @Test
    @DisplayName("A22_cachedAudioPaysTheCachedAudioPrice")
    void a22() throws IOException {
        assertThat(vectorCost("V31")).isEqualTo("0.07576");
        assertThat(total(
                calculator.cost(usage(CostVectorsTest.vector("V31")), at("openai/gpt-realtime", "standard"), NOW)))
                .isEqualTo("0.07576");
    }

    @Test
    @DisplayName("A23_imageTokensPayTheImagePrice")
    void a23() throws IOException {
        assertThat(vectorCost("V33")).isEqualTo("0.13712");
        assertThat(total(calculator.cost(usage(CostVectorsTest.vector("V33")),
                at("google/gemini-3-pro-image-preview", "standard"),
                NOW))).isEqualTo("0.13712");
    }

    @Test
    @DisplayName("A24_imagesByThePieceAreNotFree")
    void a24() throws IOException {
        assertThat(vectorCost("V34")).isEqualTo("0.16");
    }

    @Test
    @DisplayName("A27_aPlaceholderOfOneTokenIsNotTheBill")
    void a27() {
        Usage relayed = new Usage(
                Map.of(Buckets.INPUT, BigDecimal.valueOf(25), Buckets.OUTPUT, BigDecimal.valueOf(511)));
        assertThat(total(calculator.cost(relayed, at("anthropic/claude-sonnet-5", "standard"), NOW)))
                .isEqualTo("0.00516");
    }

    @Test
    @DisplayName("A38_anUnknownModelIsUnpricedAndNotFree")
    void a38() {
        Cost cost = calculator.cost(Usage.ofTokens(1_000, 500),
                BOOK.at("openai/brand-new", "standard", NOW).orElse(null), NOW);
        assertThat(cost.total()).isNull();
        assertThat(cost.status()).isEqualTo(PriceStatus.MISSING);
        assertThat(cost.lines()).extracting(ChargeLine::cost).containsOnlyNulls();
    }

    @Test
    @DisplayName("A39_aSelfHostedPriceIsNotTreatedAsZero")
    void a39() throws Exception {
        ParetoConfig config = config(
                """
                vendors:
                  cluster:
                    dialect: openai
                    url: http://vllm
                    open: true
                    models: {qwen: {prices: [{from: 2026-01-01, input: 0.2, output: 0.4, basis: amortised}]}}
                  hours: {dialect: openai, url: http://vllm, open: true, hourly-cost: 2.10 USD, models: [qwen]}
                """);
        assertThat(total(calculator.cost(Usage.ofTokens(1_000, 500), config.prices()
                .at("cluster/qwen", "standard", NOW)
                .orElseThrow(), NOW))).isEqualTo("0.0004");
        Usage held = Usage.ofTokens(1_000, 500).plus(Buckets.GPU_SECOND, new BigDecimal("3.6"));
        assertThat(total(calculator.cost(held, config.prices().at("hours/qwen", "standard", NOW).orElseThrow(), NOW)))
                .isEqualTo("0.0021");
    }

    @Test
    @DisplayName("A40_aPricePerTokenIsRefused")
    void a40() {
        assertThatThrownBy(() -> new PriceSheetReader().read(YamlParser.parse("t",
                """
                {vendor: a, currency: USD, checked: 2026-11-21, source: t,
                 models: {m: {prices: [{from: 2026-01-01, input: {price: 8, per: 1}}]}}}""", name -> null)))
                .isInstanceOf(YamlException.class)
                .hasMessageContaining("per token");
    }

    @Test
    @DisplayName("A41_savingsAreNetOfTheRouterAndMayBeNegative")
    void a41() throws IOException {
        JsonNode inputs = CostVectorsTest.vector("B19").path("inputs");
        Money net = Money.usd(inputs.path("baseline").asString(""))
                .minus(Money.usd(inputs.path("actual").asString("")))
                .minus(Money.usd(inputs.path("overhead").asString("")));
        assertThat(net.plain()).isEqualTo("-0.001819");
        Money baseline = Objects.requireNonNull(calculator.cost(Usage.ofTokens(1_000, 500),
                at("anthropic/claude-opus-5", "standard"), NOW).total());
        Money actual = Objects.requireNonNull(calculator.cost(Usage.ofTokens(1_050, 480),
                at("groq/openai/gpt-oss-120b", "standard"), NOW).total());
        assertThat(baseline.minus(actual).minus(Money.usd("0.0002")).plain()).isEqualTo("0.0168545");
    }

    @Test
    @DisplayName("A42_historyKeepsThePriceOfItsDay")
    void a42() {
        Instant august = Instant.parse("2026-08-20T23:59:59.999Z");
        Usage usage = Usage.ofTokens(100_000, 10_000);
        PriceBook before = new PriceBook(BOOK.versions()
                .stream()
                .filter(version -> version.validFrom().isBefore(Instant.parse("2026-08-21T00:00:00Z")))
                .toList());
        Cost then = calculator.cost(usage, before.at("openai/gpt-5.6-sol", "standard", august).orElseThrow(), august);

        Cost now = calculator.cost(usage, BOOK.at("openai/gpt-5.6-sol", "standard", august).orElseThrow(), august);

        assertThat(now).isEqualTo(then);
        assertThat(total(now)).isEqualTo("0.8");
        Instant day = Instant.parse("2026-08-21T00:00:00Z");
        assertThat(total(calculator.cost(usage, BOOK.at("openai/gpt-5.6-sol", "standard", day).orElseThrow(), day)))
                .isEqualTo("0.6");
    }

    @Test
    @DisplayName("A44_inclusiveCountsOfASpanAreNotSummedAgain")
    void a44() throws IOException {
        Usage span = normalise("otel", """
                                       {"gen_ai.usage.input_tokens": 2600, "gen_ai.usage.cache_read.input_tokens": 2000,
                                        "gen_ai.usage.cache_write.input_tokens": 400, "gen_ai.usage.output_tokens": 300,
                                        "gen_ai.usage.reasoning.output_tokens": 120}""");
        assertThat(span.quantities()).isEqualTo(usage(CostVectorsTest.vector("V04")).quantities());
    }

    @Test
    @DisplayName("A45_theLastSnapshotOfAStreamHolds")
    void a45() {
        Usage usage = normalise("anthropic.messages",
                """
                [{"type": "message_start", "message": {"usage": {"input_tokens": 10, "output_tokens": 9}}},
                 {"type": "content_block_delta"},
                 {"type": "message_delta", "usage": {"output_tokens": 9}},
                 {"type": "message_delta", "usage": {"output_tokens": 159}}]""");
        assertThat(usage.outputTokens()).isEqualTo(159);
        assertThat(total(calculator.cost(usage, at("anthropic/claude-opus-5", "standard"), NOW))).isEqualTo("0.004025");
    }

    @Test
    @DisplayName("A46_cacheCreationIsCountedOnce")
    void a46() throws IOException {
        assertThat(vectorCost("V06")).isEqualTo("1.06376125");
    }

    @Test
    @DisplayName("A47_linesAndTotalAgreeToTheLastDigit")
    void a47() {
        java.util.Random random = new java.util.Random(47);
        for (int i = 0; i < 5_000; i++) {
            Usage usage = Usage.ofTokens(random.nextInt(300_000), random.nextInt(50_000));
            Cost cost = calculator.cost(usage, at("openai/gpt-5.4", "standard"), NOW);
            BigDecimal sum = cost.lines()
                    .stream()
                    .map(line -> Objects.requireNonNull(line.cost()))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(Objects.requireNonNull(cost.total()).amount()).isEqualByComparingTo(sum);
        }
    }

    @Test
    @DisplayName("A48_theVendorsOwnCostIsBilledAndTheListKept")
    void a48() {
        JsonNode raw = json.readTree(
                """
                {"usage": {"prompt_tokens": 57, "completion_tokens": 19, "total_tokens": 76, "cost": 0.0000139}}""");
        PriceVersion price = version(Map.of("input", "0.1", "output", "0.6"));
        Bill bill = calculator.bill(normaliser.normalise("openrouter.chat", raw), new PriceBook(List.of(price)), "t/m",
                "standard",
                NOW, ReportedCost.of(raw));

        assertThat(bill.billed()).isEqualTo(Money.usd("0.0000139"));
        assertThat(bill.list().total()).isEqualTo(Money.usd("0.0000171"));
        assertThat(bill.drift()).isEqualTo(Money.usd("-0.0000032"));
        assertThat(bill.source()).isEqualTo("vendor");
    }

    @Test
    @DisplayName("A52_usageThatIsMissingIsNotZero")
    void a52() {
        for (String empty : List.of("{}", "{\"usage\": null}", "{\"usage\": {}}", "{\"prompt_tokens\": null}")) {
            assertThatThrownBy(() -> normalise("openai.chat", empty)).as(empty)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no count");
        }
    }

    private ParetoConfig config(String yaml) throws Exception {
        Path file = folder.resolve("pareto.yaml");
        Files.writeString(file, yaml);
        return new ConfigReader().read(file, Map.of());
    }

    private String vectorCost(String id) throws IOException {
        JsonNode vector = CostVectorsTest.vector(id);
        return total(calculator.cost(usage(vector), CostVectorsTest.price(vector), NOW));
    }

    private String booked(String sku, String anthropicUsage) {
        return total(calculator.cost(normalise("anthropic.messages", anthropicUsage), at(sku, "standard"), NOW));
    }

    private Usage usage(JsonNode vector) {
        return normaliser.normalise(vector.path("dialect").asString(""), vector.path("usage_raw"));
    }

    private Usage normalise(String dialect, String raw) {
        return normaliser.normalise(dialect, json.readTree(raw));
    }

    private static PriceVersion at(String sku, String tier) {
        return BOOK.at(sku, tier, NOW).orElseThrow();
    }

    private static PriceVersion version(Map<String, String> perMillion) {
        TreeMap<String, UnitPrice> prices = new TreeMap<>();
        perMillion.forEach((bucket, price) -> prices.put(bucket, UnitPrice.perMillion(price)));
        return new PriceVersion("t", "t/m", "standard", Instant.EPOCH, null, "USD",
                List.of(new PriceBand(0, List.of(), prices)), new TreeMap<>(), CostSource.LIST, "test");
    }

    private static String total(Cost cost) {
        return Objects.requireNonNull(cost.total(), "unpriced").plain();
    }
}
