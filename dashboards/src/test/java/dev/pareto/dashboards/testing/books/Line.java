package dev.pareto.dashboards.testing.books;

import org.jspecify.annotations.Nullable;

/** A charge line as it is stored. */
record Line(String bucket, long quantity, @Nullable String unitPrice, @Nullable String per, @Nullable Long cost,
        @Nullable String priceVersion, @Nullable String listUnitPrice, @Nullable String listPer, @Nullable Long list,
        @Nullable Long contract) {

    static Line sum(String bucket, long cost, long list, long contract) {
        return new Line(bucket, 1, null, null, cost, null, null, null, list, contract);
    }
}
