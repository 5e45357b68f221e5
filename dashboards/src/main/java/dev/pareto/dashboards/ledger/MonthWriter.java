package dev.pareto.dashboards.ledger;

import dev.pareto.dashboards.chain.Chain;
import dev.pareto.dashboards.chain.EntryKind;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Money;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Closes months, inside the caller's transaction. */
final class MonthWriter implements AutoCloseable {

    /** By the index of open rows, which are few: the plus keeps a file from the rows of the whole month. */
    private static final String OPEN = """
                                       SELECT COUNT(*) FROM attempt WHERE state = 'OPEN' AND +started_us >= ? AND +started_us < ?""";

    private static final String FROZEN = "SELECT frozen_by FROM billing_month WHERE month = ?";

    private static final String FREEZE = """
                                         INSERT INTO billing_month (month, from_us, to_us, frozen_us, frozen_by, totals, replica)
                                         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *""";

    private final PreparedStatement open;
    private final PreparedStatement frozen;
    private final PreparedStatement totals;
    private final PreparedStatement freeze;
    private final Chain chain;

    MonthWriter(Connection connection, Chain chain) throws SQLException {
        this.chain = chain;
        open = connection.prepareStatement(OPEN);
        frozen = connection.prepareStatement(FROZEN);
        totals = connection.prepareStatement(MonthTotals.SQL);
        freeze = connection.prepareStatement(FREEZE);
    }

    FrozenMonth freeze(YearMonth month, String by) throws SQLException {
        long from = Micros.of(month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant());
        Instant end = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        long to = Micros.of(end);
        Instant now = chain.now();
        if (now.isBefore(end)) {
            throw new IllegalStateException(month + " is not over; it can be closed from " + end + " on");
        }
        requireComplete(month, from, to);
        List<Money> sums = sums(from, to);
        Map<String, String> json = new LinkedHashMap<>();
        sums.forEach(sum -> json.put(sum.currency(), sum.plain()));
        String who = Text.bounded(by, 128);
        Bind row = new Bind(freeze).text(month.toString())
                .number(from)
                .number(to)
                .instant(now)
                .text(who)
                .text(JsonMapper.shared().writeValueAsString(json))
                .text(chain.replica());
        try (ResultSet written = row.query()) {
            written.next();
            chain.append(EntryKind.MONTH, month.toString(), text -> text.row(EntryKind.MONTH, written));
        }
        return new FrozenMonth(month, Micros.toInstant(Micros.of(now)), who, sums);
    }

    private void requireComplete(YearMonth month, long from, long to) throws SQLException {
        try (ResultSet row = new Bind(frozen).text(month.toString()).query()) {
            if (row.next()) {
                throw new IllegalStateException(month + " was closed by " + row.getString(1));
            }
        }
        try (ResultSet row = new Bind(open).number(from).number(to).query()) {
            row.next();
            if (row.getLong(1) > 0) {
                throw new IllegalStateException(row.getLong(1) + " attempts of " + month
                        + " are still under way; it can be closed when they have ended or expired");
            }
        }
    }

    private List<Money> sums(long from, long to) throws SQLException {
        List<Money> sums = new ArrayList<>();
        try (ResultSet row = new Bind(totals).number(from).number(to).number(from).number(to).query()) {
            while (row.next()) {
                sums.add(new Money(Picos.sum(row, "total"), row.getString("currency")));
            }
        }
        return sums;
    }

    @Override
    public void close() throws SQLException {
        open.close();
        frozen.close();
        totals.close();
        freeze.close();
    }
}
