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
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gathers the sums of one transaction in memory and adds them to the roll-up tables, by hour and by UTC day, in as few statements
 * as there are keys.
 */
final class RollupWriter implements AutoCloseable {

    private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};
    private static final int NANO_DIGITS = 9;
    private static final long MILLION = 1_000_000_000_000_000_000L;
    private static final BigDecimal NANOS = BigDecimal.TEN.pow(NANO_DIGITS);

    private static final List<String> DIMENSIONS = List.of("tenant", "route", "model", "vendor", "role", "simulated",
            "currency");

    private final String replica;
    private final Sums hours;
    private final Sums latencies;
    private final Sums tags;
    private final Sums lines;

    RollupWriter(Connection connection, String replica) throws SQLException {
        this.replica = replica;
        hours = new Sums(connection, "rollup_hour", "rollup_day", "rollup_model_day", keys(List.of(), List.of()),
                List.of("attempts", "requests", "answered", "caller_left", "settled", "aborted", "failed", "expired",
                        "refused", "unpriced", "estimated", "input_tokens", "cache_read_tokens", "cache_write_tokens",
                        "output_tokens", "reasoning_tokens", "cost_pico", "list_pico", "contract_pico",
                        "estimated_pico", "wasted_pico", "reported_pico", "baseline_pico", "compared_pico"));
        latencies = new Sums(connection, "rollup_latency", "rollup_latency_day", null,
                List.of("model", "simulated", "bucket", "replica"), List.of("attempts"));
        tags = new Sums(connection, "rollup_tag", "rollup_tag_day", null,
                keys(List.of("tag_key", "tag_value"), List.of()),
                List.of("attempts", "requests", "answered", "unpriced", "input_tokens", "output_tokens", "cost_pico",
                        "list_pico", "estimated_pico", "wasted_pico", "baseline_pico", "compared_pico"));
        lines = new Sums(connection, "rollup_line", "rollup_line_day", "rollup_price_day",
                keys(List.of(), List.of("bucket", "price_version", "unit_price", "per")),
                List.of("lines", "quantity", "quantity_nano", "unpriced", "cost_pico", "list_pico", "contract_pico"));
    }

    /** Counts a closed row, as it is now. */
    void add(ResultSet row, Closing it) throws SQLException {
        long started = row.getLong("started_us");
        AttemptRole role = AttemptRole.valueOf(row.getString("role"));
        long simulated = row.getLong("simulated");
        String currency = row.getString("currency");
        String model = row.getString("model");
        List<Object> dimensions = List.of(row.getString("tenant"), row.getString("route"), model,
                row.getString("vendor"), role.name(), simulated, currency == null ? "" : currency);
        Measures sums = Measures.of(it, role, row.getInt("attempt_no"));
        long hour = Micros.hourOf(started);
        hours.add(hour, key(List.of(), dimensions, List.of(replica)), sums.hour(it));
        if (it.state() == AttemptState.SETTLED) {
            long latency = Math.max(0, Micros.of(it.endedAt()) - started);
            latencies.add(hour, List.of(model, simulated, (long) LatencyBuckets.of(latency), replica), 1);
        }
        String tagged = row.getString("tags");
        if (tagged.length() > 2) {
            Map<String, String> values = JsonMapper.shared().readValue(tagged, TAGS);
            values.forEach((name, value) -> tags.add(hour, key(List.of(name, value), dimensions, List.of(replica)),
                    sums.tag(it)));
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
        hours.flush();
        latencies.flush();
        tags.flush();
        lines.flush();
    }

    void discard() throws SQLException {
        hours.discard();
        latencies.discard();
        tags.discard();
        lines.discard();
    }

    @Override
    public void close() throws SQLException {
        hours.close();
        latencies.close();
        tags.close();
        lines.close();
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

    /** The sums of one kind, in their table by hour and in those by day. */
    private static final class Sums {

        /** The first two keys, tenant and route, of which some sums by day do without. */
        private static final int LEFT_OUT = 2;

        private final SumTable byHour;
        private final SumTable byDay;
        private final @Nullable SumTable coarse;

        /**
         * @param coarser the sums by day without tenant and route; null where there are none
         * @param keys without the time
         */
        Sums(Connection connection, String hourly, String daily, @Nullable String coarser, List<String> keys,
                List<String> measures) throws SQLException {
            List<String> all = Stream.concat(Stream.of("hour_us"), keys.stream()).toList();
            byHour = new SumTable(connection, hourly, all, measures);
            byDay = new SumTable(connection, daily, all, measures);
            coarse = coarser == null
                    ? null
                    : new SumTable(connection, coarser,
                            Stream.concat(Stream.of("hour_us"), keys.stream().skip(LEFT_OUT)).toList(), measures);
        }

        /** @param key without the time */
        void add(long hour, List<Object> key, long... values) {
            byHour.add(at(hour, key), values);
            long day = isBig(values) ? hour : Micros.dayOf(hour);
            byDay.add(at(day, key), values);
            if (coarse != null) {
                coarse.add(at(day, key.subList(LEFT_OUT, key.size())), values);
            }
        }

        /** A million and more keeps its own hour, so that the sum of a day stays within 64 bits. */
        private static boolean isBig(long... values) {
            return LongStream.of(values).anyMatch(value -> Math.abs(value) >= MILLION);
        }

        void flush() throws SQLException {
            byHour.flush();
            byDay.flush();
            if (coarse != null) {
                coarse.flush();
            }
        }

        void discard() throws SQLException {
            byHour.discard();
            byDay.discard();
            if (coarse != null) {
                coarse.discard();
            }
        }

        void close() throws SQLException {
            byHour.close();
            byDay.close();
            if (coarse != null) {
                coarse.close();
            }
        }

        private static List<Object> at(long time, List<Object> key) {
            List<Object> all = new ArrayList<>(key.size() + 1);
            all.add(time);
            all.addAll(key);
            return all;
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

        long[] tag(Closing it) {
            return new long[]{1, requests, answered, one(it.booked().billed() == null), it.counts().input(),
                    it.counts().output(), cost, list, estimated, wasted, baseline, compared};
        }

        /** Whether a status says that the request is wrong; a vendor who is busy or too slow says another thing. */
        private static boolean refusal(@Nullable Integer status) {
            return status != null && status >= 400 && status < 500 && status != 408 && status != 429;
        }
    }
}
