package dev.pareto.dashboards.ledger;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended and what it cost. Text that an upstream chose is cut to a bound rather than refused, so that an odd
 * answer can never keep a billed call out of the ledger.
 *
 * @param state SETTLED, ABORTED or FAILED
 * @param usage null when nothing is known about it
 * @param usageRaw the vendor's usage object as it came, without content; dropped when longer than 32 Ki characters
 * @param service at which tier and where it was served
 * @param bill its costs are null when the model has no price
 * @param baseline what the route's baseline would have cost for this request; null keeps the attempt out of the savings.
 *            An attempt that the baseline would not have needed (a retry, a judge) carries a baseline of zero, so that its
 *            cost lowers the savings.
 * @param errorCode the stable code of the failure, null when there was none
 * @param role what the attempt turned out to be; null when it stays what it was opened as
 * @param decisionJson the decision with what became of it, in place of what was written at the start; null leaves that
 */
public record Settlement(UUID attemptId, AttemptState state, @Nullable Instant firstByteAt, Instant endedAt,
        @Nullable Integer httpStatus, @Nullable String finishReason, @Nullable String servedModel,
        Service service, @Nullable Usage usage, UsageSource usageSource, @Nullable String usageRaw, Bill bill,
        @Nullable Cost baseline, @Nullable String errorCode, @Nullable AttemptRole role,
        @Nullable String decisionJson) {

    private static final int MAX_RAW_CHARS = 32 * 1024;

    public Settlement {
        requireNonNull(attemptId, "attemptId is null");
        requireNonNull(endedAt, "endedAt is null");
        requireNonNull(usageSource, "usageSource is null");
        requireNonNull(service, "service is null");
        requireNonNull(bill, "bill is null");
        if (!state.closesByCaller()) {
            throw new IllegalArgumentException("an attempt is closed as SETTLED, ABORTED or FAILED, not " + state);
        }
        finishReason = Text.boundedOrNull(finishReason, 64);
        servedModel = Text.boundedOrNull(servedModel, 256);
        errorCode = Text.boundedOrNull(errorCode, 64);
        usageRaw = usageRaw != null && usageRaw.length() > MAX_RAW_CHARS ? null : usageRaw;
    }

    /** Of an attempt that is what it was opened as: one cost in every sense, at no tier in particular. */
    public Settlement(UUID attemptId, AttemptState state, @Nullable Instant firstByteAt, Instant endedAt,
            @Nullable Integer httpStatus, @Nullable String finishReason, @Nullable String servedModel,
            @Nullable Usage usage, UsageSource usageSource, @Nullable String usageRaw, Cost cost,
            @Nullable Cost baseline, @Nullable String errorCode) {
        this(attemptId, state, firstByteAt, endedAt, httpStatus, finishReason, servedModel, Service.PLAIN, usage,
                usageSource, usageRaw, new Bill(cost, cost, null, null), baseline, errorCode, null, null);
    }
}
