package dev.pareto.policies.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.price.usage.UsageNormaliser;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private static PriceVersion price(JsonNode vector) {
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
