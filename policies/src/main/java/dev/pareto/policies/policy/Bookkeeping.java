package dev.pareto.policies.policy;

import dev.pareto.policies.sheet.market.AcceptanceRule;
import org.jspecify.annotations.Nullable;

/**
 * What is settled once for the books.
 *
 * @param keepMonths whole months before this one whose rows are kept after they were closed; null for all
 * @param mail who takes reports that go by mail; null where none may
 * @param accepts proposed prices that no person need look at; null for none
 */
public record Bookkeeping(@Nullable Integer keepMonths, @Nullable MailServer mail,
        @Nullable AcceptanceRule accepts) {

    public static final Bookkeeping NONE = new Bookkeeping(null, null, null);

    public Bookkeeping {
        if (keepMonths != null && (keepMonths < 1 || keepMonths > 1_200)) {
            throw new IllegalArgumentException("keep-months must be 1 to 1200, not " + keepMonths);
        }
    }
}
