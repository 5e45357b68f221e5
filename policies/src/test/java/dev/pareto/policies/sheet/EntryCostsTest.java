package dev.pareto.policies.sheet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.sheet.EntryCosts.Costed;
import dev.pareto.policies.sheet.EntryCosts.Refused;
import dev.pareto.policies.sheet.EntryCosts.Result;
import dev.pareto.policies.sheet.EntryCosts.Skipped;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code ./pareto prices cost} answers. */
final class EntryCostsTest {

    private final JsonMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private final EntryCosts costs = new EntryCosts(new PriceSheetReader().shipped(),
            Instant.parse("2026-11-21T12:00:00Z"));

    @Test
    void theWholeFileOfVectorsComesOutFieldByField() throws IOException {
        JsonNode file;
        try (InputStream in = Objects
                .requireNonNull(
                        EntryCostsTest.class.getResourceAsStream("/dev/pareto/policies/price/cost_vectors.json"))) {
            file = json.readTree(in);
        }
        Map<String, JsonNode> expected = new HashMap<>();
        file.path("vectors").forEach(vector -> expected.put(vector.path("id").asString(""), vector));

        List<Result> results = costs.cost(file);

        assertThat(results).hasSize(67);
        for (Result result : results) {
            JsonNode vector = Objects.requireNonNull(expected.get(result.id().asString("")));
            if (result.id().asString("").startsWith("B")) {
                assertThat(result).isInstanceOf(Skipped.class);
                continue;
            }
            Costed costed = costed(result);
            Map<String, String> buckets = new HashMap<>();
            costed.usage().quantities().forEach((bucket, quantity) -> buckets.put(bucket, Money.plain(quantity)));
            Map<String, String> wanted = new HashMap<>();
            vector.path("expected_buckets")
                    .forEachEntry((bucket, quantity) -> wanted.put(bucket, quantity.asString("")));
            assertThat(buckets).as(result.id().asString("")).isEqualTo(wanted);
            List<List<String>> lines = new ArrayList<>();
            vector.path("expected_lines")
                    .forEach(line -> lines
                            .add(List.of(line.path("bucket").asString(""), line.path("quantity").asString(""),
                                    line.path("unit_price").asString(""), line.path("per").asString(""),
                                    line.path("cost").asString(""))));
            assertThat(costed.bill().contracted().lines()).as(result.id().asString(""))
                    .extracting(EntryCostsTest::strings)
                    .isEqualTo(lines);
            assertThat(cost(result)).isEqualTo(vector.path("expected_cost_usd").asString(""));
            assertThat(costed.serviceTier()).isEqualTo(vector.path("service_tier").asString(""));
        }
    }

    @Test
    void anEntryWithoutPricesIsCostedFromTheBook() {
        assertThat(cost(
                one("""
                    {"dialect": "deepseek.chat", "at": "2026-09-01T02:30:00Z", "model": "deepseek-v4-pro", "usage_raw": {"usage":
                     {"prompt_tokens": 50000, "completion_tokens": 2000, "prompt_cache_hit_tokens": 40000,
                      "prompt_cache_miss_tokens": 10000}}}""")))
                .isEqualTo("0.02288");
        assertThat(cost(
                one("""
                    {"dialect": "anthropic.messages", "model": "claude-opus-5", "usage_raw": {"usage": {"input_tokens": 10000,
                     "output_tokens": 2000, "cache_read_input_tokens": 30000, "inference_geo": "us"}}}""")))
                .isEqualTo("0.1265");
        assertThat(cost(
                one("""
                    {"dialect": "anthropic.messages", "model": "claude-opus-5", "usage_raw": {"usage": {"input_tokens": 10000,
                     "output_tokens": 2000, "speed": "fast"}}}""")))
                .isEqualTo("0.2");
        assertThat(cost(
                one("""
                    {"dialect": "openai.batch", "service_tier": "batch", "model": "openai/gpt-4o-2024-11-20", "usage_raw":
                     {"prompt_tokens": 100000, "completion_tokens": 20000}}""")))
                .isEqualTo("0.225");
    }

    @Test
    void theTierThatTheAnswerNamesBeatsTheOneAskedFor() {
        Costed costed = costed(
                one("""
                    {"dialect": "openai.chat", "requested_service_tier": "priority", "model": "gpt-4o", "usage_raw":
                     {"service_tier": "default", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}}"""));
        assertThat(costed.serviceTier()).isEqualTo("standard");
        assertThat(costed.bill().billed()).isEqualTo(Money.usd("0.0035"));
    }

    @Test
    void whatHasNoPriceIsMissingAndNotZero() {
        for (String entry : List.of(
                "{'dialect': 'openai.chat', 'usage_raw': {'prompt_tokens': 10, 'completion_tokens': 1}}",
                "{'dialect': 'openai.chat', 'model': 'brand-new', 'usage_raw': {'prompt_tokens': 10, 'completion_tokens': 1}}",
                "{'dialect': 'openai.chat', 'prices': {}, 'usage_raw': {'prompt_tokens': 10, 'completion_tokens': 1}}",
                "{'dialect': 'openai.chat', 'prices': {'input': null, 'output': '1'}, 'usage_raw': {'prompt_tokens': 10}}",
                "{'dialect': 'openai.chat', 'prices': {'input': '1', 'output': '1'}, 'usage_raw': {'prompt_tokens': 10,"
                        + " 'prompt_tokens_details': {'cached_tokens': 5}}}",
                "{'dialect': 'openai.chat', 'model': 'gpt-4o', 'service_tier': 'flex', 'usage_raw': {'prompt_tokens': 10}}")) {
            Costed costed = costed(one(entry.replace('\'', '"')));
            assertThat(costed.bill().billed()).as(entry).isNull();
            assertThat(costed.bill().contracted().status()).isEqualTo(PriceStatus.MISSING);
        }
    }

    @Test
    void pricesMayBeRowsWithBandsAndHours() {
        String rows = """
                      {"dialect": "openai.chat", "at": "%s", "service_tier": "%s", "usage_raw": {"prompt_tokens": %d, "completion_tokens": 0},
                       "prices": [{"from": "2026-01-01", "input": 1, "bands": [{"above": 200000, "input": 2},
                        {"hours": ["01:00-04:00"], "input": 3}]}, {"from": "2026-01-01", "tier": "flex", "input": 0.5}]}""";
        assertThat(cost(one(rows.formatted("2026-09-01T12:00:00Z", "standard", 200_000)))).isEqualTo("0.2");
        assertThat(cost(one(rows.formatted("2026-09-01T12:00:00Z", "standard", 200_001)))).isEqualTo("0.400002");
        assertThat(cost(one(rows.formatted("2026-09-01T03:59:59Z", "standard", 100_000)))).isEqualTo("0.3");
        assertThat(cost(one(rows.formatted("2026-09-01T04:00:00Z", "standard", 100_000)))).isEqualTo("0.1");
        assertThat(cost(one(rows.formatted("2026-09-01T04:00:00Z", "flex", 100_000)))).isEqualTo("0.05");
        assertThat(one(rows.formatted("2025-09-01T04:00:00Z", "flex", 1))).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                        {'usage_raw': {'prompt_tokens': 1}}                                                         | names no dialect
                        {'dialect': 'martian', 'usage_raw': {'prompt_tokens': 1}}                                   | unknown usage dialect 'martian'
                        {'dialect': 'openai.chat'}                                                                  | no usage_raw
                        {'dialect': 'openai.chat', 'usage_raw': {}}                                                 | holds no count
                        {'dialect': 'openai.chat', 'usage_raw': 7}                                                  | must be a JSON object
                        {'dialect': 'openai.chat', 'usage_raw': {'prompt_tokens': 'x'}, 'prices': {'input': '1'}}   | is no count
                        {'dialect': 'openai.chat', 'usage_raw': {'prompt_tokens': 1}, 'prices': {'inptu': '1'}}     | did you mean 'input'
                        {'dialect': 'openai.chat', 'usage_raw': {'prompt_tokens': 1}, 'prices': {'input': '-1'}}    | price is negative
                        {'dialect': 'openai.chat', 'usage_raw': {'prompt_tokens': 1}, 'prices': {'input': 'dear'}}  | is no number
                        {'dialect': 'openai.chat', 'usage_raw': {'prompt_tokens': 1}, 'prices': {'input': {'price': '1', 'per': '0'}}} | above zero
                        {'dialect': 'openai.chat', 'usage_raw': {'prompt_tokens': 1}, 'prices': {'input': {'price': '1', 'pre': '9'}}} | unknown key 'pre'
                        {'dialect': 'openai.chat', 'usage_raw': {'prompt_tokens': 1}, 'prices': {'input': {'price': '8', 'per': '1'}}} | per token
                        {'dialect': 'openai.chat', 'usage_raw': {'prompt_tokens': 1}, 'prices': 'cheap'}            | prices must be
                        {'dialect': 'openai.chat', 'at': 'noon', 'usage_raw': {'prompt_tokens': 1}}                 | not a moment
                        {'dialect': 'openai.chat', 'model': 'gpt-oss-120b', 'usage_raw': {'prompt_tokens': 1}}      | name one of them
                        {'dialect': 'focus', 'usage_raw': {'tokens': 1}}                                            | no bucket 'tokens'
                        """)
    void whatIsNotUnderstoodIsRefusedWithItsReason(String entry, String reason) {
        Result result = one(entry.replace('\'', '"'));
        assertThat(result).isInstanceOf(Refused.class);
        assertThat(((Refused) result).reason()).contains(reason);
    }

    @Test
    void numbersMayBeWrittenAsPythonWritesThem() {
        for (String prices : List.of("{'input': {'price': '2.5E+0', 'per': '1E+6'}, 'output': '1E+1'}",
                "{'input': {'price': '+2.5', 'per': 1E+6}, 'output': {'price': '.1E2'}}",
                "{'input': {'price': 2.5e-06, 'per': 1}, 'output': {'price': '1e-05', 'per': '1'}}",
                "[{'from': '2026-01-01', 'input': {'price': '2.5E+0', 'per': 1E+6}, 'output': 1E+1}]")) {
            assertThat(cost(
                    one("""
                        {"dialect": "openai.chat", "usage_raw": {"prompt_tokens": 100, "completion_tokens": 10}, "prices": %s}"""
                            .formatted(prices.replace('\'', '"')))))
                    .as(prices)
                    .isEqualTo("0.00035");
        }
        Result tooFine = one("""
                             {"dialect": "openai.chat", "usage_raw": {"prompt_tokens": 100, "completion_tokens": 10},
                              "prices": {"input": "1E-99"}}""");
        assertThat(((Refused) tooFine).reason()).contains("the price of input is \"1E-99\"").contains("60 digits");
        Result none = one("""
                          {"dialect": "openai.chat", "usage_raw": {"prompt_tokens": 100, "completion_tokens": 10},
                           "prices": {"input": "two"}}""");
        assertThat(((Refused) none).reason()).isEqualTo("the price of input is no number: \"two\"");
    }

    @Test
    void aBatchIsCostedAsOneWithoutBeingTold() {
        String entry = """
                       {"dialect": "openai.batch", "model": "gpt-4o", "usage_raw": {%s"usage":
                        {"prompt_tokens": 1000, "completion_tokens": 1000}}}""";
        assertThat(cost(one(entry.formatted("")))).isEqualTo("0.00625");
        assertThat(cost(one(entry.formatted("\"service_tier\": \"default\", ")))).isEqualTo("0.00625");
        assertThat(costed(one(entry.formatted(""))).serviceTier()).isEqualTo("batch");
        assertThat(cost(one(entry.formatted("").replace("openai.batch", "openai.chat")))).isEqualTo("0.0125");
    }

    @Test
    void oneBadEntryDoesNotSpoilTheOthers() {
        assertThat(costs.cost(json.readTree(
                """
                ["nonsense", {"id": "a", "dialect": "images", "usage_raw": {"images": 4}, "prices": {"image": {"price": "0.04",
                 "per": "1"}}}]""")))
                .extracting(result -> result.id().asString(""))
                .containsExactly("#1", "a");
        assertThatThrownBy(() -> costs.cost(json.readTree("{\"hello\": 1}"))).hasMessageContaining("write one entry");
    }

    @Test
    void aMinimumMayStandBesideItsPrice() {
        String entry = """
                       {"dialect": "audio", "usage_raw": {"audio_seconds": %s}, "prices": {"audio_second": {"price": "0.04", "per": "3600",
                        "minimum": "10"}}}""";
        assertThat(cost(one(entry.formatted("3.2")))).isEqualTo("0.000111111111");
        assertThat(cost(one(entry.formatted("36")))).isEqualTo("0.0004");
    }

    private Result one(String entry) {
        List<Result> results = costs.cost(json.createArrayNode().add(json.readTree(entry)));
        assertThat(results).hasSize(1);
        return results.getFirst();
    }

    private static Costed costed(Result result) {
        assertThat(result).isInstanceOf(Costed.class);
        return (Costed) result;
    }

    private static String cost(Result result) {
        return Objects.requireNonNull(costed(result).bill().billed(), "unpriced").plain();
    }

    private static List<String> strings(ChargeLine line) {
        return List.of(line.bucket(), plain(line.quantity()), plain(line.unitPrice()), plain(line.per()),
                plain(line.cost()));
    }

    private static String plain(@Nullable BigDecimal value) {
        return value == null ? "?" : Money.plain(value);
    }
}
