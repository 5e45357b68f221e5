package dev.pareto.policies.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.price.usage.Served;
import dev.pareto.policies.price.usage.UsageNormaliser;
import dev.pareto.policies.sheet.PriceSheetReader;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The worked bills of token-based usage (V vectors): buckets, lines and cost must come out to the last digit. */
final class CostVectorsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final PriceBook BOOK = PriceSheetReader.book(new PriceSheetReader().shipped());

    private final UsageNormaliser normaliser = new UsageNormaliser();
    private final CostCalculator calculator = new CostCalculator();

    @TestFactory
    Stream<DynamicTest> everyBillComesOutExactly() throws IOException {
        return vectors().stream()
                .filter(vector -> id(vector).startsWith("V"))
                .map(vector -> DynamicTest.dynamicTest(id(vector) + " " + vector.path("feature").asString(""),
                        () -> check(vector)));
    }

    @Test
    void allFortyOneBillsAreThere() throws IOException {
        assertThat(vectors()).filteredOn(vector -> id(vector).startsWith("V")).hasSize(41);
    }

    @Test
    void thePromptsSizeChoosesTheBandThatTheVectorNames() throws IOException {
        int checked = 0;
        for (JsonNode vector : vectors()) {
            JsonNode rule = vector.path("tier_rule");
            if (!rule.isObject()) {
                continue;
            }
            checked++;
            SortedMap<String, UnitPrice> right = price(vector).bands().getFirst().prices();
            SortedMap<String, UnitPrice> wrong = new TreeMap<>();
            right.forEach((bucket, price) -> wrong.put(bucket, UnitPrice.perMillion("999")));
            List<PriceBand> bands = new ArrayList<>();
            if (rule.has("bands")) {
                for (int i = 0; i < rule.path("bands").size(); i++) {
                    bands.add(new PriceBand(rule.path("bands").path(i).path(0).asLong(-1), List.of(),
                            i == rule.path("selected").asInt(-1) ? right : wrong));
                }
            } else {
                boolean high = rule.path("selected").asString("").equals("high");
                long from = rule.path("threshold").asLong(-1) + (rule.path("compare").asString("").equals(">") ? 1 : 0);
                bands.add(new PriceBand(0, List.of(), high ? wrong : right));
                bands.add(new PriceBand(from, List.of(), high ? right : wrong));
            }
            PriceVersion price = new PriceVersion("t", "t/m", "standard", Instant.EPOCH, null, "USD", bands,
                    new TreeMap<>(),
                    CostSource.LIST, "vector");
            Usage usage = normaliser.normalise(vector.path("dialect").asString(""), usageOf(vector));
            assertThat(calculator.cost(usage, price, Instant.EPOCH).total()).as(id(vector))
                    .isNotNull()
                    .extracting(Money::plain)
                    .isEqualTo(vector.path("expected_cost_usd").asString(""));
        }
        assertThat(checked).isEqualTo(6);
    }

    @Test
    void whatIsOnlyInformationIsKeptAndNotBilled() throws IOException {
        JsonNode vector = vector("V08");
        Usage usage = normaliser.normalise(vector.path("dialect").asString(""), usageOf(vector));
        assertThat(usage.information().get(Usage.REASONING_TOKENS))
                .isEqualByComparingTo(decimal(vector.path("info_only").path("reasoning_tokens")));
    }

    @Test
    void theServedTierIsTheOneThatTheVectorNames() throws IOException {
        int checked = 0;
        for (JsonNode vector : vectors()) {
            if (vector.has("served_service_tier")) {
                checked++;
                assertThat(ServiceTiers.effective(vector.path("served_service_tier").asString(""),
                        vector.path("requested_service_tier").asString("")))
                        .isEqualTo(vector.path("service_tier").asString(""));
            }
            String told = Served.of(vector.path("usage_raw")).tier();
            if (told != null) {
                checked++;
                assertThat(ServiceTiers.effective(told, null)).as(id(vector))
                        .isEqualTo(vector.path("service_tier").asString(""));
            }
        }
        assertThat(checked).isEqualTo(4);
    }

    @Test
    void aRegionsFactorIsOnEveryPrice() throws IOException {
        JsonNode vector = vector("V24");
        SortedMap<String, UnitPrice> prices = price(vector).bands().getFirst().prices();
        vector.path("base_prices")
                .forEachEntry((bucket, base) -> assertThat(
                        UnitPrice.perMillion(base.asString("")).times(decimal(vector.path("multiplier"))).price())
                        .isEqualByComparingTo(Objects.requireNonNull(prices.get(bucket)).price()));
        PriceVersion us = BOOK.at(BOOK.inRegion("anthropic/claude-opus-5", "us"), "standard", NOW).orElseThrow();
        assertThat(Objects.requireNonNull(us.bands().getFirst().prices().get("cache_read")).price())
                .isEqualByComparingTo("0.55");
        PriceVersion fast = BOOK.at("anthropic/claude-opus-5", "fast", NOW).orElseThrow();
        price(vector("V25")).bands()
                .getFirst()
                .prices()
                .forEach((bucket, price) -> assertThat(fast.bands().getFirst().prices().get(bucket)).isEqualTo(price));
    }

    @Test
    void whatTheCacheSavesIsTheBillWithoutItLessTheBill() throws IOException {
        JsonNode vector = vector("V40");
        Usage usage = normaliser.normalise("focus", usageOf(vector));
        Money without = calculator.cost(usage.withoutCache(), price(vector), NOW).total();
        Money with = calculator.cost(usage, price(vector), NOW).total();
        assertThat(without).isNotNull()
                .extracting(Money::plain)
                .isEqualTo(vector.path("without_cache_usd").asString(""));
        assertThat(Objects.requireNonNull(without).minus(Objects.requireNonNull(with)).plain())
                .isEqualTo(vector.path("saved_usd").asString(""));
    }

    /** Where a vector names a model or a moment, our own book asks what the vector says. */
    @Test
    void ourBookHasThePricesOfTheVectors() throws IOException {
        Map<String, String> skus = Map.of("V04", "openai/gpt-5.6-sol", "V12", "google/gemini-3.6-flash", "V26",
                "openai/gpt-5.6-sol", "V27", "openai/gpt-5.6-sol", "V28", "deepseek/deepseek-v4-pro", "V29",
                "deepseek/deepseek-v4-pro");
        for (JsonNode vector : vectors()) {
            assertThat(skus.containsKey(id(vector))).as(id(vector)).isEqualTo(vector.has("at") || vector.has("model"));
        }
        for (Map.Entry<String, String> sku : skus.entrySet()) {
            JsonNode vector = vector(sku.getKey());
            Instant at = vector.has("at") ? Instant.parse(vector.path("at").asString("")) : NOW;
            Usage usage = normaliser.normalise(vector.path("dialect").asString(""), usageOf(vector));
            Cost cost = calculator.cost(usage, BOOK.at(sku.getValue(), "standard", at).orElseThrow(), at);
            assertThat(lines(cost)).as(sku.getKey()).isEqualTo(lines(vector.path("expected_lines")));
        }
    }

    /** A field that no test above reads would be a figure that nobody checks. */
    @Test
    void everyFieldOfEveryVectorIsCompared() throws IOException {
        Set<String> words = Set.of("id", "feature", "description", "source", "crosscheck", "note", "rounding");
        Set<String> compared = Set.of("dialect", "service_tier", "usage_raw", "expected_buckets", "prices",
                "expected_lines",
                "expected_cost_usd", "model", "at", "info_only", "tier_rule", "requested_service_tier",
                "served_service_tier",
                "multiplier", "base_prices", "billable_seconds", "without_cache_usd", "saved_usd");
        for (JsonNode vector : vectors()) {
            if (id(vector).startsWith("V")) {
                vector.forEachEntry(
                        (key, value) -> assertThat(words.contains(key) || compared.contains(key)).as(key).isTrue());
            }
        }
    }

    private void check(JsonNode vector) {
        PriceVersion price = price(vector);
        Usage usage = normaliser.normalise(vector.path("dialect").asString(""), usageOf(vector));
        Usage billable = calculator.billable(usage, price, Instant.EPOCH);
        Cost cost = calculator.cost(usage, price, Instant.EPOCH);

        assertThat(plain(billable.quantities())).isEqualTo(strings(vector.path("expected_buckets")));
        assertThat(lines(cost)).isEqualTo(lines(vector.path("expected_lines")));
        assertThat(cost.status()).isEqualTo(PriceStatus.PRICED);
        assertThat(cost.total()).isNotNull()
                .extracting(Money::plain)
                .isEqualTo(vector.path("expected_cost_usd").asString(""));
    }

    /** FOCUS examples are bills without a vendor's usage object: their quantities are buckets already. */
    private static JsonNode usageOf(JsonNode vector) {
        return vector.path("dialect").asString("").equals("focus")
                ? vector.path("expected_buckets")
                : vector.path("usage_raw");
    }

    static JsonNode vector(String id) throws IOException {
        return vectors().stream().filter(vector -> id(vector).equals(id)).findFirst().orElseThrow();
    }

    static PriceVersion price(JsonNode vector) {
        SortedMap<String, UnitPrice> prices = new TreeMap<>();
        vector.path("prices")
                .forEachEntry((bucket, price) -> prices.put(bucket,
                        new UnitPrice(decimal(price.path("price")), decimal(price.path("per")))));
        SortedMap<String, BigDecimal> minimums = new TreeMap<>();
        if (vector.has("billable_seconds")) {
            minimums.put(Buckets.AUDIO_SECOND, decimal(vector.path("billable_seconds")));
        }
        return new PriceVersion("test", "test/model", "standard", Instant.EPOCH, null, "USD",
                List.of(new PriceBand(0, List.of(), prices)), minimums, CostSource.LIST, "vector");
    }

    private static Map<String, List<String>> lines(Cost cost) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        cost.lines()
                .forEach(line -> lines.put(line.bucket(),
                        Stream.of(line.quantity(), line.unitPrice(), line.per(), line.cost())
                                .map(Money::plain)
                                .toList()));
        return lines;
    }

    private static Map<String, List<String>> lines(JsonNode expected) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        expected.forEach(line -> lines.put(line.path("bucket").asString(""),
                Stream.of("quantity", "unit_price", "per", "cost")
                        .map(key -> Money.plain(decimal(line.path(key))))
                        .toList()));
        return lines;
    }

    private static Map<String, String> plain(Map<String, BigDecimal> quantities) {
        Map<String, String> plain = new TreeMap<>();
        quantities.forEach((bucket, quantity) -> plain.put(bucket, Money.plain(quantity)));
        return plain;
    }

    private static Map<String, String> strings(JsonNode node) {
        Map<String, String> strings = new TreeMap<>();
        node.forEachEntry((key, value) -> strings.put(key, Money.plain(decimal(value))));
        return strings;
    }

    private static BigDecimal decimal(JsonNode node) {
        return new BigDecimal(node.asString(""));
    }

    private static String id(JsonNode vector) {
        return vector.path("id").asString("");
    }

    static List<JsonNode> vectors() throws IOException {
        try (InputStream in = CostVectorsTest.class.getResourceAsStream("cost_vectors.json")) {
            List<JsonNode> vectors = new ArrayList<>();
            new JsonMapper().readTree(in).path("vectors").forEach(vectors::add);
            return vectors;
        }
    }
}
