package dev.pareto.dashboards.testing.books;

import dev.pareto.policies.price.usage.UsageNormaliser;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes calls as the ledger would: requests, attempts, lines, sums and the chain, in the order of their time. */
final class BookKeeper implements AutoCloseable {

    private static final String REPLICA = "local";
    private static final long DEADLINE = 600_000_000L;

    private static final List<String> ATTEMPT = List.of("attempt_id", "request_id", "attempt_no", "role", "state",
            "started_us", "deadline_us", "first_byte_us", "ended_us", "tenant", "tags", "route", "requested_model",
            "model", "vendor", "served_model", "simulated", "currency", "reserved_pico", "cost_pico", "baseline_pico",
            "price_status", "price_version", "baseline_price_version", "usage_source", "estimated", "input_tokens",
            "cache_read_tokens", "output_tokens", "usage_raw", "http_status", "finish_reason", "error_code", "replica",
            "requested_tier", "served_tier", "region", "list_pico", "contract_pico", "reported_pico",
            "reported_currency", "list_price_version", "cost_source", "cache_write_tokens", "reasoning_tokens",
            "inconsistent", "normaliser");
    private static final List<String> LINE = List.of("attempt_id", "line_no", "bucket", "quantity", "unit_price", "per",
            "cost_pico", "price_version", "list_unit_price", "list_per", "list_pico", "contract_pico");

    private final BulkTable requests;
    private final BulkTable attempts;
    private final BulkTable lines;
    private final BulkTable baselines;
    private final Rollups rollups;
    private final @Nullable Seal seal;
    private final IdentityHashMap<String[], String> tagTexts = new IdentityHashMap<>();
    private long written;

    BookKeeper(BulkLoad load, boolean chained) throws SQLException {
        requests = load.table("request", List.of("request_id", "received_us", "tenant", "tags", "route",
                "requested_model", "requested_tier", "simulated"));
        attempts = load.table("attempt", ATTEMPT);
        lines = load.table("charge_line", LINE);
        baselines = load.table("baseline_line", LINE.subList(0, 8));
        rollups = new Rollups(load, REPLICA);
        seal = chained ? new Seal(load, REPLICA, ATTEMPT) : null;
    }

    long written() {
        return written;
    }

    /** @param day the UTC day on which it is booked */
    void write(Call it, String day) throws SQLException {
        written++;
        String tags = tagTexts.computeIfAbsent(it.tags(), BookKeeper::json);
        if (it.number() == 1) {
            requests.add(it.requestId(), it.asked(), it.tenant(), tags, it.route(), it.requestedModel(), null, 0);
        }
        @Nullable
        Object[] row = row(it, tags);
        attempts.add(row);
        rollups.add(it);
        List<List<@Nullable String>> charged = charged(it);
        List<List<@Nullable String>> compared = compared(it);
        if (seal != null) {
            seal.attempt(new Seal.Booked(day, it.id(), row, charged, compared));
        }
    }

    /** What belongs to older hours is complete. */
    void endBefore(long hour) throws SQLException {
        rollups.endBefore(hour);
    }

    @Override
    public void close() throws SQLException {
        requests.flush();
        attempts.flush();
        lines.flush();
        baselines.flush();
        rollups.close();
        if (seal != null) {
            seal.close();
        }
    }

    private static @Nullable Object[] row(Call it, String tags) {
        Charge charge = it.charge();
        Charge baseline = it.baseline();
        Tokens tokens = it.tokens();
        return new @Nullable Object[]{it.id(), it.requestId(), it.number(), it.role().name(), it.state().name(),
                it.asked(), it.asked() + DEADLINE, it.firstByte(), it.ended(), it.tenant(), tags, it.route(),
                it.requestedModel(), it.model(), it.vendor(),
                it.told() ? it.model().substring(it.model().indexOf('/') + 1) : null, 0,
                charge.cost() == null ? null : "USD", it.reserved() == 0 ? null : it.reserved(), charge.cost(),
                baseline == null ? null : baseline.cost(), charge.cost() == null ? "MISSING" : "PRICED",
                charge.priceVersion(), baseline == null ? null : baseline.priceVersion(), it.usage().name(),
                it.estimated() ? 1 : 0, tokens.prompt(), tokens.cacheRead(), tokens.output(),
                it.told() ? raw(tokens) : null, it.status(), it.finish(), it.error(), REPLICA, null,
                it.told() ? it.tier() : null, null, charge.list(), charge.contract(), charge.reported(),
                charge.reported() == null ? null : "USD", charge.listVersion(), charge.source(), tokens.cacheWrite(),
                tokens.reasoning(), it.inconsistent() ? 1 : 0, it.told() ? UsageNormaliser.VERSION : null};
    }

    private List<List<@Nullable String>> charged(Call it) throws SQLException {
        List<List<@Nullable String>> texts = new ArrayList<>();
        for (Line line : it.charge().lines()) {
            int number = texts.size() + 1;
            lines.add(it.id(), number, line.bucket(), String.valueOf(line.quantity()), line.unitPrice(), line.per(),
                    line.cost(), line.priceVersion(), line.listUnitPrice(), line.listPer(), line.list(),
                    line.contract());
            texts.add(texts(number, line.bucket(), line.quantity(), line.unitPrice(), line.per(), line.cost(),
                    line.priceVersion(), line.listUnitPrice(), line.listPer(), line.list(), line.contract()));
        }
        return texts;
    }

    /** The baseline's lines, unless they are the very ones that were charged. */
    private List<List<@Nullable String>> compared(Call it) throws SQLException {
        Charge baseline = it.baseline();
        if (baseline == null || baseline.priceVersion() == null
                || baseline.priceVersion().equals(it.charge().priceVersion())) {
            return List.of();
        }
        List<List<@Nullable String>> texts = new ArrayList<>();
        for (Line line : baseline.lines()) {
            int number = texts.size() + 1;
            baselines.add(it.id(), number, line.bucket(), String.valueOf(line.quantity()), line.unitPrice(),
                    line.per(), line.cost(), baseline.priceVersion());
            texts.add(texts(number, line.bucket(), line.quantity(), line.unitPrice(), line.per(), line.cost(),
                    baseline.priceVersion()));
        }
        return texts;
    }

    private static List<@Nullable String> texts(@Nullable Object... values) {
        List<@Nullable String> texts = new ArrayList<>(values.length);
        for (Object value : values) {
            texts.add(value == null ? null : value.toString());
        }
        return texts;
    }

    private static String json(String[] tags) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < tags.length; i += 2) {
            json.append(i == 0 ? "\"" : ",\"")
                    .append(tags[i])
                    .append("\":\"")
                    .append(tags[i + 1])
                    .append('"');
        }
        return json.append('}').toString();
    }

    private static String raw(Tokens tokens) {
        return "{\"prompt_tokens\":" + tokens.prompt() + ",\"prompt_tokens_details\":{\"cached_tokens\":"
                + tokens.cacheRead() + ",\"cache_write_tokens\":" + tokens.cacheWrite() + "},\"completion_tokens\":"
                + tokens.output() + ",\"completion_tokens_details\":{\"reasoning_tokens\":" + tokens.reasoning()
                + "}}";
    }
}
