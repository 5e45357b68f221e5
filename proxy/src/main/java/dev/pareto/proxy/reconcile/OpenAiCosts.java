package dev.pareto.proxy.reconcile;

import dev.pareto.dashboards.reconcile.VendorCost;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's {@code GET /v1/organization/costs}, by line item and project, with the token counts of {@code /v1/organization/usage/completions}.
 * A line item is the model's name, a comma and what was used: {@code gpt-4o-2024-08-06, cached input}. Amounts are JSON numbers, rounded
 * here to 12 decimals.
 */
final class OpenAiCosts implements CostApi {

    private final AdminCalls calls;

    OpenAiCosts(AdminCalls calls) {
        this.calls = calls;
    }

    /** A model's bucket on a day. */
    private record Used(LocalDate day, String model, String bucket) {}

    @Override
    public List<VendorCost> costs(LocalDate from, LocalDate to) throws IOException, InterruptedException {
        String span = "?start_time=" + seconds(from) + "&end_time=" + seconds(to.plusDays(1)) + "&bucket_width=1d";
        Map<Used, BigDecimal> quantities = quantities(span);
        List<VendorCost> costs = new ArrayList<>();
        for (JsonNode bucket : calls
                .buckets("/v1/organization/costs" + span + "&limit=31&" + grouped("project_id") + "&"
                        + grouped("line_item"))) {
            LocalDate day = day(bucket);
            for (JsonNode result : bucket.path("results")) {
                costs.add(cost(day, result, quantities));
            }
        }
        return costs;
    }

    private static VendorCost cost(LocalDate day, JsonNode result, Map<Used, BigDecimal> quantities) {
        JsonNode amount = result.path("amount");
        String item = AdminCalls.text(result.path("line_item"));
        String line = item == null ? "everything" : item;
        int comma = line.lastIndexOf(',');
        String model = comma < 0 ? null : line.substring(0, comma).strip();
        String bucket = comma < 0 ? null : bucket(line.substring(comma + 1).strip());
        // projects share a model's count; the first line of a day takes all of it
        BigDecimal quantity = model == null || bucket == null
                ? null
                : quantities.replace(new Used(day, model, bucket), BigDecimal.ZERO);
        return new VendorCost(day, AdminCalls.text(result.path("project_id")), line, bucket == null ? null : model,
                bucket, quantity, Money.rounded(amount.path("value").decimalValue(BigDecimal.ZERO),
                        amount.path("currency").asString("usd").toUpperCase(Locale.ROOT)));
    }

    private Map<Used, BigDecimal> quantities(String span) throws IOException, InterruptedException {
        Map<Used, BigDecimal> quantities = new HashMap<>();
        for (JsonNode bucket : calls.buckets("/v1/organization/usage/completions" + span + "&limit=31&"
                + grouped("model"))) {
            LocalDate day = day(bucket);
            for (JsonNode result : bucket.path("results")) {
                String model = AdminCalls.text(result.path("model"));
                if (model != null) {
                    BigDecimal cached = count(result, "input_cached_tokens");
                    quantities.merge(new Used(day, model, Buckets.INPUT),
                            count(result, "input_tokens").subtract(cached), BigDecimal::add);
                    quantities.merge(new Used(day, model, Buckets.CACHE_READ), cached, BigDecimal::add);
                    quantities.merge(new Used(day, model, Buckets.OUTPUT), count(result, "output_tokens"),
                            BigDecimal::add);
                }
            }
        }
        return quantities;
    }

    private static BigDecimal count(JsonNode result, String name) {
        return BigDecimal.valueOf(result.path(name).asLong(0));
    }

    private static @Nullable String bucket(String words) {
        return switch (words.toLowerCase(Locale.ROOT)) {
            case "input" -> Buckets.INPUT;
            case "cached input" -> Buckets.CACHE_READ;
            case "output" -> Buckets.OUTPUT;
            case "audio input" -> Buckets.INPUT_AUDIO;
            case "cached audio input" -> Buckets.CACHE_READ_AUDIO;
            case "audio output" -> Buckets.OUTPUT_AUDIO;
            case "image input" -> Buckets.INPUT_IMAGE;
            case "image output" -> Buckets.OUTPUT_IMAGE;
            default -> null;
        };
    }

    private static LocalDate day(JsonNode bucket) throws IOException {
        if (!bucket.path("start_time").isIntegralNumber()) {
            throw new IOException("a bucket of OpenAI's has no start_time");
        }
        return LocalDate.ofInstant(Instant.ofEpochSecond(bucket.path("start_time").longValue()), ZoneOffset.UTC);
    }

    private static long seconds(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    }

    private static String grouped(String by) {
        return "group_by=" + by;
    }
}
