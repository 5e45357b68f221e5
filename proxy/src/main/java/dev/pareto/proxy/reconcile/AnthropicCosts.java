package dev.pareto.proxy.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.dashboards.reconcile.VendorCost;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Anthropic's {@code GET /v1/organizations/cost_report}, by workspace and description, with the token counts of
 * {@code /v1/organizations/usage_report/messages}. Amounts are decimal strings in cents. The priority tier is not in its cost report.
 */
final class AnthropicCosts implements CostApi {

    /** Days that it gives at once. */
    private static final int MOST_DAYS = 31;

    private final AdminCalls calls;

    AnthropicCosts(AdminCalls calls) {
        this.calls = calls;
    }

    /** A model's bucket on a day. */
    private record Used(LocalDate day, String model, String bucket) {}

    @Override
    public List<VendorCost> costs(LocalDate from, LocalDate to) throws IOException, InterruptedException {
        List<VendorCost> costs = new ArrayList<>();
        for (LocalDate first = from; !first.isAfter(to); first = first.plusDays(MOST_DAYS)) {
            LocalDate last = first.plusDays(MOST_DAYS - 1L);
            part(first, last.isAfter(to) ? to : last, costs);
        }
        return costs;
    }

    private void part(LocalDate from, LocalDate to, List<VendorCost> costs) throws IOException, InterruptedException {
        String span = "?starting_at=" + from + "T00:00:00Z&ending_at=" + to.plusDays(1)
                + "T00:00:00Z&bucket_width=1d&limit="
                + MOST_DAYS + "&";
        Map<Used, BigDecimal> quantities = quantities(span);
        for (JsonNode bucket : calls.buckets("/v1/organizations/cost_report" + span + grouped("workspace_id") + "&"
                + grouped("description"))) {
            LocalDate day = day(bucket);
            for (JsonNode result : bucket.path("results")) {
                costs.add(cost(day, result, quantities));
            }
        }
    }

    private static VendorCost cost(LocalDate day, JsonNode result, Map<Used, BigDecimal> quantities)
            throws IOException {
        String model = AdminCalls.text(result.path("model"));
        String bucket = bucket(result);
        String item = AdminCalls.text(result.path("description"));
        BigDecimal quantity = model == null || bucket == null
                ? null
                : quantities.replace(new Used(day, model, bucket), BigDecimal.ZERO);
        return new VendorCost(day, AdminCalls.text(result.path("workspace_id")), item == null ? "everything" : item,
                model, bucket, quantity,
                Money.rounded(cents(result).movePointLeft(2), result.path("currency").asString("USD")));
    }

    private static BigDecimal cents(JsonNode result) throws IOException {
        try {
            return new BigDecimal(result.path("amount").asString(""));
        } catch (NumberFormatException none) {
            throw new IOException("a line of Anthropic's cost report has no amount: " + result, none);
        }
    }

    private Map<Used, BigDecimal> quantities(String span) throws IOException, InterruptedException {
        Map<Used, BigDecimal> quantities = new HashMap<>();
        for (JsonNode bucket : calls.buckets("/v1/organizations/usage_report/messages" + span + grouped("model"))) {
            LocalDate day = day(bucket);
            for (JsonNode result : bucket.path("results")) {
                String model = AdminCalls.text(result.path("model"));
                if (model != null) {
                    JsonNode written = result.path("cache_creation");
                    add(quantities, new Used(day, model, Buckets.INPUT), result.path("uncached_input_tokens"));
                    add(quantities, new Used(day, model, Buckets.CACHE_READ), result.path("cache_read_input_tokens"));
                    add(quantities, new Used(day, model, Buckets.CACHE_WRITE_5M),
                            written.path("ephemeral_5m_input_tokens"));
                    add(quantities, new Used(day, model, Buckets.CACHE_WRITE_1H),
                            written.path("ephemeral_1h_input_tokens"));
                    add(quantities, new Used(day, model, Buckets.OUTPUT), result.path("output_tokens"));
                }
            }
        }
        return quantities;
    }

    private static void add(Map<Used, BigDecimal> quantities, Used what, JsonNode count) {
        quantities.merge(what, BigDecimal.valueOf(count.asLong(0)), BigDecimal::add);
    }

    private static @Nullable String bucket(JsonNode result) {
        String type = AdminCalls.text(result.path("token_type"));
        if (type == null) {
            return "web_search".equals(AdminCalls.text(result.path("cost_type"))) ? Buckets.WEB_SEARCH : null;
        }
        return switch (type) {
            case "uncached_input_tokens" -> Buckets.INPUT;
            case "cache_read_input_tokens" -> Buckets.CACHE_READ;
            case "cache_creation.ephemeral_5m_input_tokens" -> Buckets.CACHE_WRITE_5M;
            case "cache_creation.ephemeral_1h_input_tokens" -> Buckets.CACHE_WRITE_1H;
            case "output_tokens" -> Buckets.OUTPUT;
            default -> null;
        };
    }

    private static LocalDate day(JsonNode bucket) throws IOException {
        try {
            return LocalDate.ofInstant(Instant.parse(bucket.path("starting_at").asString("")), ZoneOffset.UTC);
        } catch (DateTimeParseException none) {
            throw new IOException("a bucket of Anthropic's has no starting_at", none);
        }
    }

    private static String grouped(String by) {
        return URLEncoder.encode("group_by[]", UTF_8) + "=" + by;
    }
}
