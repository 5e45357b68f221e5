package dev.pareto.dashboards.store;

/** SQL for exact sums of whole picos, as two columns that {@link Picos#sum(java.sql.ResultSet, String)} puts together. */
public enum PicoSums {

    /**
     * In two halves, none of which outgrows 64 bits. PostgreSQL keeps sums as numeric, whose division does not cut off; hence the
     * remainder is taken away first.
     */
    HALVES {
        @Override
        String where(String condition, String picos, String name) {
            return ("COALESCE(SUM(CASE WHEN %1$s THEN ((%2$s) - (%2$s) %% 1000000) / 1000000 ELSE 0 END), 0) AS %3$s_high,"
                    + " COALESCE(SUM(CASE WHEN %1$s THEN (%2$s) %% 1000000 ELSE 0 END), 0) AS %3$s_low")
                    .formatted(condition, picos, name);
        }

        @Override
        String of(String picos, String name) {
            return "COALESCE(SUM((%1$s - %1$s %% 1000000) / 1000000), 0) AS %2$s_high, COALESCE(SUM(%1$s %% 1000000), 0) AS %2$s_low"
                    .formatted(picos, name);
        }
    },

    /** In one, for a store whose numbers outgrow nothing; to halve a numeric costs several times what adding it does. */
    WHOLE {
        @Override
        String where(String condition, String picos, String name) {
            return "0 AS %3$s_high, COALESCE(SUM(CASE WHEN %1$s THEN %2$s ELSE 0 END), 0) AS %3$s_low"
                    .formatted(condition, picos, name);
        }

        @Override
        String of(String picos, String name) {
            return "0 AS %2$s_high, COALESCE(SUM(%1$s), 0) AS %2$s_low".formatted(picos, name);
        }
    };

    /** Of the rows for which a condition holds. */
    abstract String where(String condition, String picos, String name);

    abstract String of(String picos, String name);
}
