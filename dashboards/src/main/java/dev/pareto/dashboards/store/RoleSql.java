package dev.pareto.dashboards.store;

/** The roles of attempts as SQL has them; the ledger's enumeration of roles says what each is, and a test holds the two together. */
public final class RoleSql {

    /** Those whose answer a caller gets. */
    public static final String FACING = "('PRIMARY', 'RETRY', 'FALLBACK', 'CACHE_HIT', 'CASCADE', 'ESCALATION')";

    /** What a cascade spends on top of its answer. */
    public static final String DRAFTS = "('CASCADE_REJECTED', 'SECOND_OPINION')";

    /** What is done beside a request and is no part of its cost or time. */
    public static final String BESIDE = "('SHADOW', 'JUDGE', 'CLASSIFIER')";

    private RoleSql() {}
}
