package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.LatencyBuckets;
import dev.pareto.dashboards.store.Micros;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The sums that the ledger keeps beside its rows. */
final class Rollups implements AutoCloseable {

    private static final List<String> DIMENSIONS = List.of("tenant", "route", "model", "vendor", "role", "simulated",
            "currency");

    private static final List<String> TENANT = List.of("tenant");
    private static final List<String> SPEND = List.of("attempts", "requests", "answered", "unpriced", "input_tokens",
            "output_tokens", "cost_pico", "list_pico", "estimated_pico", "wasted_pico", "baseline_pico",
            "compared_pico");
    private static final List<String> LINE = List.of("lines", "quantity", "quantity_nano", "unpriced", "cost_pico",
            "list_pico", "contract_pico");

    private final String replica;
    private final List<Sums> all;
    private final Sums hours;
    private final Sums places;
    private final Sums models;
    private final Sums latencies;
    private final Sums tags;
    private final Sums tagValues;
    private final Sums lines;
    private final Sums prices;
    private final BulkTable changes;
    /** How often each day was added to. */
    private final SortedMap<Long, Long> changed = new TreeMap<>();

    Rollups(BulkLoad load, String replica) throws SQLException {
        this.replica = replica;
        hours = new Sums(load, "rollup_hour", "rollup_day", "rollup_model_day", TENANT, keys(List.of(), List.of()),
                List.of("attempts", "requests", "answered", "caller_left", "settled", "aborted", "failed", "expired",
                        "refused", "unpriced", "estimated", "input_tokens", "cache_read_tokens", "cache_write_tokens",
                        "output_tokens", "reasoning_tokens", "cost_pico", "list_pico", "contract_pico",
                        "estimated_pico", "wasted_pico", "reported_pico", "baseline_pico", "compared_pico"));
        places = new Sums(load, "rollup_place", "rollup_place_day", null, List.of(),
                List.of("hour_us", "tenant", "route", "simulated", "currency", "replica"), SPEND);
        models = new Sums(load, "rollup_model", null, null, List.of(),
                List.of("hour_us", "model", "vendor", "role", "simulated", "currency", "replica"), SPEND);
        latencies = new Sums(load, "rollup_latency", "rollup_latency_day", null, List.of(),
                List.of("hour_us", "model", "simulated", "bucket", "replica"), List.of("attempts"));
        tags = new Sums(load, "rollup_tag", "rollup_tag_day", "rollup_tag_value_day",
                List.of("tenant", "route", "model", "vendor", "role"),
                keys(List.of("tag_key", "tag_value"), List.of()), SPEND);
        lines = new Sums(load, "rollup_line", "rollup_line_day", "rollup_price_day", TENANT,
                keys(List.of(), List.of("bucket", "price_version", "unit_price", "per")), LINE);
        tagValues = new Sums(load, "rollup_tag_value", null, null, List.of(),
                List.of("hour_us", "tag_key", "tag_value", "simulated", "currency", "replica"), SPEND);
        prices = new Sums(load, "rollup_price", null, null, List.of(),
                List.of("hour_us", "model", "vendor", "simulated", "currency", "bucket", "price_version", "unit_price",
                        "per", "replica"),
                LINE);
        all = List.of(hours, places, models, latencies, tags, tagValues, lines, prices);
        changes = load.table("rollup_change", List.of("day_us", "replica", "changes"));
    }

    void add(Call it) {
        long hour = Micros.hourOf(it.asked());
        changed.merge(Micros.dayOf(hour), 1L, Long::sum);
        Charge charge = it.charge();
        String currency = charge.cost() == null ? "" : "USD";
        List<Object> dimensions = List.of(it.tenant(), it.route(), it.model(), it.vendor(), it.role().name(), 0L,
                currency);
        long cost = zero(charge.cost());
        boolean facing = it.role().answersCaller();
        boolean settled = it.state() == AttemptState.SETTLED;
        long requests = one(it.number() == 1);
        long answered = one(settled && facing);
        long unpriced = one(charge.cost() == null);
        long estimated = it.estimated() ? cost : 0;
        long wasted = settled ? 0 : cost;
        long baseline = it.baseline() == null ? 0 : zero(it.baseline().cost());
        long compared = it.baseline() == null ? 0 : cost;
        Tokens tokens = it.tokens();
        hours.add(hour, key(List.of(), dimensions, List.of()), 1, requests, answered,
                one(it.state() == AttemptState.ABORTED && facing), one(settled),
                one(it.state() == AttemptState.ABORTED),
                one(it.state() == AttemptState.FAILED), one(it.state() == AttemptState.EXPIRED),
                one(it.state() == AttemptState.FAILED && facing && refused(it.status())), unpriced,
                one(it.estimated()), tokens.prompt(), tokens.cacheRead(), tokens.cacheWrite(), tokens.output(),
                tokens.reasoning(), cost, zero(charge.list()), zero(charge.contract()), estimated, wasted,
                charge.source().equals("vendor") ? cost : 0, baseline, compared);
        long[] spend = {1, requests, answered, unpriced, tokens.prompt(), tokens.output(), cost, zero(charge.list()),
                estimated, wasted, baseline, compared};
        places.add(hour, List.of(it.tenant(), it.route(), 0L, currency, replica), spend);
        models.add(hour, List.of(it.model(), it.vendor(), it.role().name(), 0L, currency, replica), spend);
        if (settled) {
            latencies.add(hour, List.of(it.model(), 0L, (long) LatencyBuckets.of(it.ended() - it.asked()), replica), 1);
        }
        for (int i = 0; i < it.tags().length; i += 2) {
            tags.add(hour, key(List.of(it.tags()[i], it.tags()[i + 1]), dimensions, List.of()), spend);
            tagValues.add(hour, List.of(it.tags()[i], it.tags()[i + 1], 0L, currency, replica), spend);
        }
        for (Line line : charge.lines()) {
            List<Object> price = List.of(line.bucket(), text(line.priceVersion()), text(line.unitPrice()),
                    text(line.per()));
            long[] sums = {1, line.quantity(), 0, one(line.cost() == null), zero(line.cost()), zero(line.list()),
                    zero(line.contract())};
            lines.add(hour, key(List.of(), dimensions, price), sums);
            prices.add(hour, Stream.of(List.<Object>of(it.model(), it.vendor(), 0L, currency), price,
                    List.<Object>of(replica)).flatMap(List::stream).toList(), sums);
        }
    }

    void endBefore(long hour) throws SQLException {
        for (Sums sums : all) {
            sums.endBefore(hour);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Sums sums : all) {
            sums.close();
        }
        for (Map.Entry<Long, Long> day : changed.entrySet()) {
            changes.add(day.getKey(), replica, day.getValue());
        }
        changes.flush();
    }

    private List<Object> key(List<Object> before, List<Object> dimensions, List<Object> after) {
        List<Object> key = new ArrayList<>(before.size() + dimensions.size() + after.size() + 1);
        key.addAll(before);
        key.addAll(dimensions);
        key.addAll(after);
        key.add(replica);
        return key;
    }

    private static List<String> keys(List<String> before, List<String> after) {
        return Stream.of(List.of("hour_us"), before, DIMENSIONS, after, List.of("replica"))
                .flatMap(List::stream)
                .toList();
    }

    private static boolean refused(@Nullable Integer status) {
        return status != null && status >= 400 && status < 500 && status != 408 && status != 429;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static long zero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static long one(boolean condition) {
        return condition ? 1 : 0;
    }
}
