package dev.pareto.dashboards.chain;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is booked as one text, the same whenever and from whichever database it is read: each value as its length, a colon and its
 * digits or characters, and {@code -} for what is unknown. Not thread-safe.
 */
public final class Canonical {

    /** Raised whenever the fields below change; entries name the form that they were made with. */
    public static final int FORM = 1;

    /** Bytes of a hash. */
    public static final int HASH_BYTES = 32;

    private static final List<String> ATTEMPT = List.of("attempt_id", "request_id", "attempt_no", "role", "state",
            "started_us", "first_byte_us", "ended_us", "tenant", "tags", "route", "requested_model", "model", "vendor",
            "served_model", "requested_tier", "served_tier", "region", "simulated", "currency", "reserved_pico",
            "cost_pico", "list_pico", "contract_pico", "reported_pico", "reported_currency", "baseline_pico",
            "cost_source", "price_status", "price_version", "list_price_version", "baseline_price_version",
            "usage_source", "estimated", "inconsistent", "input_tokens", "cache_read_tokens", "cache_write_tokens",
            "output_tokens", "reasoning_tokens", "usage_raw", "normaliser", "http_status", "finish_reason",
            "error_code");
    private static final List<String> LINE = List.of("line_no", "bucket", "quantity", "unit_price", "per", "cost_pico",
            "price_version", "list_unit_price", "list_per", "list_pico", "contract_pico");
    private static final List<String> BASELINE = List.of("line_no", "bucket", "quantity", "unit_price", "per",
            "cost_pico", "price_version");
    private static final List<String> ADJUSTMENT = List.of("adjustment_id", "booked_us", "kind", "concerns",
            "attempt_id", "reverses", "invoice", "tenant", "route", "model", "vendor", "bucket", "quantity",
            "price_version", "currency", "amount_pico", "reason", "entered_by");
    private static final List<String> MONTH = List.of("month", "from_us", "to_us", "frozen_us", "frozen_by", "totals");
    private static final List<String> DROP = List.of("month", "from_id", "to_id", "from_us", "to_us", "dropped_us",
            "entries", "digest");

    private final StringBuilder text = new StringBuilder(1024);

    /** Begins an entry. */
    public Canonical(String replica, String day, long seq, EntryKind kind, String ref) {
        add(replica);
        add(day);
        add(Long.toString(seq));
        add(kind.name());
        add(Integer.toString(FORM));
        add(ref);
    }

    /** The row of what the entry is about. */
    public Canonical row(EntryKind kind, ResultSet row) throws SQLException {
        return fields(columns(kind), row);
    }

    /** The same of values at hand, each by the name of its column. */
    public Canonical row(EntryKind kind, Function<String, @Nullable String> values) {
        columns(kind).forEach(column -> add(values.apply(column)));
        return this;
    }

    private static List<String> columns(EntryKind kind) {
        return switch (kind) {
            case ATTEMPT -> ATTEMPT;
            case ADJUSTMENT -> ADJUSTMENT;
            case MONTH -> MONTH;
            case DROP -> DROP;
        };
    }

    /** A charge line, in the order of their numbers. */
    public Canonical line(ResultSet row) throws SQLException {
        text.append('L');
        return fields(LINE, row);
    }

    /** The same of values at hand. */
    public Canonical line(List<@Nullable String> values) {
        text.append('L');
        values.forEach(this::add);
        return this;
    }

    /** A line of the baseline, after all charge lines. */
    public Canonical baselineLine(ResultSet row) throws SQLException {
        text.append('B');
        return fields(BASELINE, row);
    }

    /** The same of values at hand. */
    public Canonical baselineLine(List<@Nullable String> values) {
        text.append('B');
        values.forEach(this::add);
        return this;
    }

    /** SHA-256 over the hash before and this text. */
    public byte[] hash(byte[] previous) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous);
            return digest.digest(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }

    private Canonical fields(List<String> columns, ResultSet row) throws SQLException {
        for (String column : columns) {
            add(row.getString(column));
        }
        return this;
    }

    private void add(@Nullable String value) {
        if (value == null) {
            text.append('-');
        } else {
            text.append(value.length()).append(':').append(value);
        }
    }
}
