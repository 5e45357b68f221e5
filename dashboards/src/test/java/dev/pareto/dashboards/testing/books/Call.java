package dev.pareto.dashboards.testing.books;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.price.UsageSource;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that is over.
 *
 * @param asked microseconds since 1970, as are the other times
 * @param tags names and values in turn
 * @param baseline null where there was nothing to compare with
 */
record Call(String id, String requestId, int number, AttemptRole role, AttemptState state, long asked,
        @Nullable Long firstByte, long ended, String tenant, String[] tags, String route, String requestedModel,
        String model, @Nullable String tier, long reserved, Tokens tokens, UsageSource usage, boolean inconsistent,
        Charge charge, @Nullable Charge baseline, @Nullable Integer status, @Nullable String finish,
        @Nullable String error) {

    String vendor() {
        return model.substring(0, model.indexOf('/'));
    }

    boolean estimated() {
        return usage == UsageSource.ESTIMATED || usage == UsageSource.ESTIMATED_PARTIAL;
    }

    /** Whether it has a usage object of the vendor. */
    boolean told() {
        return usage == UsageSource.VENDOR || usage == UsageSource.VENDOR_PARTIAL;
    }
}
