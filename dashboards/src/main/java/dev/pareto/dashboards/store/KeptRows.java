package dev.pareto.dashboards.store;

import java.sql.Connection;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Which months' rows retention has taken; who gives rows out asks first, so that nobody takes what is gone for nothing. Blocks. */
public final class KeptRows {

    private final JdbcClient reads;

    public KeptRows(JdbcClient reads) {
        this.reads = reads;
    }

    /** As one connection sees it. */
    public static KeptRows seenBy(Connection connection) {
        return new KeptRows(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    }

    /** The months among some UTC days whose rows are gone, oldest first. */
    public List<YearMonth> dropped(LocalDate from, LocalDate to) {
        return reads.sql("SELECT month FROM dropped_month WHERE month >= ? AND month <= ? ORDER BY month")
                .params(YearMonth.from(from).toString(), YearMonth.from(to).toString())
                .query((row, number) -> YearMonth.parse(row.getString(1)))
                .list();
    }

    /** @throws RowsDropped when rows of any of these days are gone */
    public void require(LocalDate from, LocalDate to) {
        List<YearMonth> dropped = dropped(from, to);
        if (!dropped.isEmpty()) {
            throw new RowsDropped(dropped);
        }
    }

    /** The day from which on all rows are kept. */
    public LocalDate first() {
        List<YearMonth> dropped = dropped(LocalDate.EPOCH, LocalDate.of(9999, 12, 31));
        return dropped.isEmpty() ? LocalDate.EPOCH : dropped.getLast().plusMonths(1).atDay(1);
    }
}
