package dev.pareto.dashboards.store;

import java.time.YearMonth;
import java.util.List;

/** Rows were asked for that are no longer kept: what is left would look like the whole. Asked again it says the same. */
public final class RowsDropped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param months whose rows are gone, oldest first; at least one */
    public RowsDropped(List<YearMonth> months) {
        super("the calls of " + named(months) + " are no longer kept one by one (their sums are); ask from "
                + months.getLast().plusMonths(1).atDay(1) + " on, or for sums by hour");
    }

    private static String named(List<YearMonth> months) {
        return months.size() == 1
                ? months.getFirst().toString()
                : months.size() + " months from " + months.getFirst() + " to " + months.getLast();
    }
}
