package dev.pareto.dashboards.store;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Queries of a store, with its own SQL for what is dear otherwise. Thread-safe.
 *
 * @param sums how it sums money
 * @param kept what queries of past days answered
 */
public record Reads(JdbcClient client, PicoSums sums, KeptAnswers kept) {

    public static Reads of(Store store) {
        return new Reads(JdbcClient.create(store.reads()), store.sums(), store.kept());
    }

    public JdbcClient.StatementSpec sql(String sql) {
        return client.sql(sql);
    }

    /** SQL for an exact sum of picos, to be read with {@link Picos#sum(Row, String)}. */
    public String sum(String picos, String name) {
        return sums.of(picos, name);
    }

    /** The same of the rows for which a condition holds; it may be looked at more than once. */
    public String sumWhere(String condition, String picos, String name) {
        return sums.where(condition, picos, name);
    }
}
