package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gathers the sums of one transaction in memory and adds them to the roll-up tables, by hour and by UTC day, in as few statements
 * as there are keys. Narrow tables leave keys out, for questions that do not name them.
 */
final class RollupWriter implements AutoCloseable {

    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};
    private static final int NANO_DIGITS = 9;
    private static final long MILLION = 1_000_000_000_000_000_000L;
    private static final BigDecimal NANOS = BigDecimal.TEN.pow(NANO_DIGITS);

    private static final List<String> DIMENSIONS = List.of("tenant", "route", "model", "vendor", "role", "simulated",
            "currency");
    /** The measures of spend, whatever it is divided by. */
    private static final List<String> SPEND = List.of("attempts", "requests", "answered", "unpriced", "input_tokens",
            "output_tokens", "cost_pico", "list_pico", "estimated_pico", "wasted_pico", "baseline_pico",
            "compared_pico");

    private final String replica;
    private final Sums hours;
    private final Sums places;
    private final Sums models;
    private final Sums latencies;
    private final Sums tags;
    private final Sums lines;
    private final List<Sums> all;
    /** Tells whoever keeps answers about past days that they hold no longer. */
    private final SumTable changes;

    RollupWriter(Connection connection, String replica) throws SQLException {
        this.replica = replica;
        hours = new Sums(connection, keys(List.of(), List.of()),
                List.of("attempts", "requests", "answered", "caller_left", "settled", "aborted", "failed", "expired",
                        "refused", "unpriced", "estimated", "input_tokens", "cache_read_tokens", "cache_write_tokens",
                        "output_tokens", "reasoning_tokens", "cost_pico", "list_pico", "contract_pico",
                        "estimated_pico", "wasted_pico", "reported_pico", "baseline_pico", "compared_pico"))
                .byHour("rollup_hour")
                .byDay("rollup_day")
                .byDay("rollup_model_day", "tenant");
        places = new Sums(connection, List.of("tenant", "route", "simulated", "currency", "replica"), SPEND)
                .byHour("rollup_place")
                .byDay("rollup_place_day");
        models = new Sums(connection, List.of("model", "vendor", "role", "simulated", "currency", "replica"),
                SPEND)
                .byHour("rollup_model");
        latencies = new Sums(connection, List.of("model", "simulated", "bucket", "replica"), List.of("attempts"))
                .byHour("rollup_latency")
                .byDay("rollup_latency_day");
        tags = new Sums(connection, keys(List.of("tag_key", "tag_value"), List.of()), SPEND)
                .byHour("rollup_tag")
                .byHour("rollup_tag_value", "tenant", "route", "model", "vendor", "role")
                .byDay("rollup_tag_day")
                .byDay("rollup_tag_value_day", "tenant", "route", "model", "vendor", "role");
        lines = new Sums(connection, keys(List.of(), List.of("bucket", "price_version", "unit_price", "per")),
                List.of("lines", "quantity", "quantity_nano", "unpriced", "cost_pico", "list_pico", "contract_pico"))
                .byHour("rollup_line")
                .byHour("rollup_price", "tenant", "route", "role")
                .byDay("rollup_line_day")
                .byDay("rollup_price_day", "tenant");
        all = List.of(hours, places, models, latencies, tags, lines);
        changes = new SumTable(connection, "rollup_change", List.of("day_us", "replica"), List.of("changes"));
    }

    /** Counts a closed row, as it is now. */
    void add(ResultSet row, Closing it) throws SQLException {
        long started = row.getLong("started_us");
        AttemptRole role = AttemptRole.valueOf(row.getString("role"));
        long simulated = row.getLong("simulated");
        String currency = row.getString("currency");
        String model = row.getString("model");
        String tenant = row.getString("tenant");
        String route = row.getString("route");
        String vendor = row.getString("vendor");
        String money = currency == null ? "" : currency;
        List<Object> dimensions = List.of(tenant, route, model, vendor, role.name(), simulated, money);
        Measures sums = Measures.of(it, role, row.getInt("attempt_no"));
        long hour = Micros.hourOf(started);
        changes.add(List.of(Micros.dayOf(hour), replica), 1);
        hours.add(hour, key(List.of(), dimensions, List.of(replica)), sums.hour(it));
        places.add(hour, List.of(tenant, route, simulated, money, replica), sums.spend(it));
        models.add(hour, List.of(model, vendor, role.name(), simulated, money, replica), sums.spend(it));
        if (it.state() == AttemptState.SETTLED) {
            long latency = Math.max(0, Micros.of(it.endedAt()) - started);
            latencies.add(hour, List.of(model, simulated, (long) LatencyBuckets.of(latency), replica), 1);
        }
        String tagged = row.getString("tags");
        if (tagged.length() > 2) {
            Map<String, String> values = JsonMapper.shared().readValue(tagged, TAGS);
            values.forEach((name, value) -> tags.add(hour, key(List.of(name, value), dimensions, List.of(replica)),
                    sums.spend(it)));
        }
        for (Booked.Line line : it.booked().lines()) {
            BigDecimal quantity = new BigDecimal(line.quantity());
            BigDecimal[] parts = quantity.divideAndRemainder(BigDecimal.ONE);
            lines.add(hour, key(List.of(), dimensions,
                    List.of(line.bucket(), text(line.priceVersion()), text(line.unitPrice()), text(line.per()),
                            replica)),
                    1, parts[0].longValueExact(), parts[1].multiply(NANOS).longValue(), one(line.cost() == null),
                    zero(line.cost()), zero(line.list()), zero(line.contract()));
        }
    }

    void flush() throws SQLException {
        for (Sums sums : all) {
            sums.flush();
        }
        changes.flush();
    }

    void discard() throws SQLException {
        for (Sums sums : all) {
            sums.discard();
        }
        changes.discard();
    }

    @Override
    public void close() throws SQLException {
        for (Sums sums : all) {
            sums.close();
        }
        changes.close();
    }

    private static List<String> keys(List<String> before, List<String> after) {
        return Stream.of(before, DIMENSIONS, after, List.of("replica")).flatMap(List::stream).toList();
    }

    private static List<Object> key(List<Object> before, List<Object> dimensions, List<Object> after) {
        List<Object> key = new ArrayList<>(before);
        key.addAll(dimensions);
        key.addAll(after);
        return key;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static long zero(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static long picos(@Nullable Money amount) {
        return amount == null ? 0 : Picos.of(amount.amount());
    }

    private static long one(boolean condition) {
        return condition ? 1 : 0;
    }

    /** The sums of one kind, in all tables that keep them. */
    private static final class Sums {

        private final Connection connection;
        private final List<String> keys;
        private final List<String> measures;
        private final List<Part> parts = new ArrayList<>();

        /**
         * One table.
         *
         * @param kept the places of the keys that it has
         */
        private record Part(SumTable table, boolean daily, int[] kept) {}

        /** @param keys without the time */
        Sums(Connection connection, List<String> keys, List<String> measures) {
            this.connection = connection;
            this.keys = keys;
            this.measures = measures;
        }

        /** @param leftOut the keys that the table does without */
        Sums byHour(String table, String... leftOut) throws SQLException {
            return part(table, false, leftOut);
        }

        /** The same by UTC day. */
        Sums byDay(String table, String... leftOut) throws SQLException {
            return part(table, true, leftOut);
        }

        private Sums part(String table, boolean daily, String... leftOut) throws SQLException {
            int[] kept = IntStream.range(0, keys.size())
                    .filter(place -> !List.of(leftOut).contains(keys.get(place)))
                    .toArray();
            List<String> columns = new ArrayList<>(List.of("hour_us"));
            IntStream.of(kept).mapToObj(keys::get).forEach(columns::add);
            parts.add(new Part(new SumTable(connection, table, columns, measures), daily, kept));
            return this;
        }

        /** @param key without the time */
        void add(long hour, List<Object> key, long... values) {
            long day = isBig(values) ? hour : Micros.dayOf(hour);
            for (Part part : parts) {
                List<Object> row = new ArrayList<>(part.kept().length + 1);
                row.add(part.daily() ? day : hour);
                for (int place : part.kept()) {
                    row.add(key.get(place));
                }
                part.table().add(row, values);
            }
        }

        /** A million and more keeps its own hour, so that the sum of a day stays within 64 bits. */
        private static boolean isBig(long... values) {
            return LongStream.of(values).anyMatch(value -> Math.abs(value) >= MILLION);
        }

        void flush() throws SQLException {
            for (Part part : parts) {
                part.table().flush();
            }
        }

        void discard() throws SQLException {
            for (Part part : parts) {
                part.table().discard();
            }
        }

        void close() throws SQLException {
            for (Part part : parts) {
                part.table().close();
            }
        }
    }

    /** What one row adds to sums. */
    private record Measures(long requests, long answered, long left, long refused, long cost, long list, long contract,
            long estimated, long wasted, long reported, long baseline, long compared) {

        static Measures of(Closing it, AttemptRole role, int attemptNo) {
            AttemptState state = it.state();
            long cost = picos(it.booked().billed());
            boolean facing = role.answersCaller();
            return new Measures(one(attemptNo == 1), one(state == AttemptState.SETTLED && facing),
                    one(state == AttemptState.ABORTED && facing),
                    one(state == AttemptState.FAILED && facing && refusal(it.httpStatus())), cost,
                    picos(it.booked().list()), picos(it.booked().contracted()), it.estimated() ? cost : 0,
                    state == AttemptState.SETTLED ? 0 : cost, it.booked().source().equals("vendor") ? cost : 0,
                    it.baseline() == null ? 0 : picos(it.baseline().total()), it.baseline() == null ? 0 : cost);
        }

        long[] hour(Closing it) {
            AttemptState state = it.state();
            Closing.Counts counts = it.counts();
            return new long[]{1, requests, answered, left, one(state == AttemptState.SETTLED),
                    one(state == AttemptState.ABORTED), one(state == AttemptState.FAILED),
                    one(state == AttemptState.EXPIRED), refused, one(it.booked().billed() == null),
                    one(it.estimated()), counts.input(), counts.cacheRead(), counts.cacheWrite(), counts.output(),
                    counts.reasoning(), cost, list, contract, estimated, wasted, reported, baseline, compared};
        }

        long[] spend(Closing it) {
            return new long[]{1, requests, answered, one(it.booked().billed() == null), it.counts().input(),
                    it.counts().output(), cost, list, estimated, wasted, baseline, compared};
        }

        /** Whether a status says that the request is wrong; a vendor who is busy or too slow says another thing. */
        private static boolean refusal(@Nullable Integer status) {
            return status != null && status >= 400 && status < 500 && status != 408 && status != 429;
        }
    }
}
