package dev.pareto.dashboards.ledger;

import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import dev.pareto.policies.price.usage.UsageNormaliser;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What closes a row, whoever closes it.
 *
 * @param baseline in the currency of the cost; null keeps the row out of the savings
 * @param role what it turned out to be; null for what it was opened as
 */
record Closing(String attemptId, AttemptState state, @Nullable Instant firstByteAt, Instant endedAt,
        @Nullable String servedModel, Service service, Booked booked, @Nullable Cost baseline, UsageSource usageSource,
        Counts counts, @Nullable String usageRaw, @Nullable Integer httpStatus, @Nullable String finishReason,
        @Nullable String errorCode, @Nullable AttemptRole role) {

    /** Tokens of an attempt; {@code input} and {@code output} hold the others. */
    record Counts(long input, long cacheRead, long cacheWrite, long output, long reasoning, boolean inconsistent,
            @Nullable Integer normaliser) {

        static final Counts UNKNOWN = new Counts(0, 0, 0, 0, 0, false, null);

        static Counts of(@Nullable Usage usage, boolean vendors) {
            return usage == null
                    ? UNKNOWN
                    : new Counts(usage.promptTokens(), sum(usage, "cache_read"), sum(usage, "cache_write"),
                            usage.outputTokens(), reasoning(usage), usage.inconsistent(),
                            vendors ? UsageNormaliser.VERSION : null);
        }

        private static long sum(Usage usage, String prefix) {
            return usage.quantities()
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getKey().startsWith(prefix))
                    .map(Map.Entry::getValue)
                    .reduce(BigDecimal.ZERO, BigDecimal::add)
                    .longValue();
        }

        private static long reasoning(Usage usage) {
            return usage.information().getOrDefault(Usage.REASONING_TOKENS, BigDecimal.ZERO).longValue();
        }
    }

    static Closing of(Settlement it) {
        Booked booked = Booked.of(it.bill());
        boolean vendors = it.usageSource() == UsageSource.VENDOR || it.usageSource() == UsageSource.VENDOR_PARTIAL;
        return new Closing(it.attemptId().toString(), it.state(), it.firstByteAt(), it.endedAt(), it.servedModel(),
                it.service(), booked, comparable(it.baseline(), booked), it.usageSource(),
                Counts.of(it.usage(), vendors), it.usageRaw(), it.httpStatus(), it.finishReason(), it.errorCode(),
                it.role());
    }

    static Closing expired(String attemptId, Instant now, Booked booked, String errorCode) {
        return new Closing(attemptId, AttemptState.EXPIRED, null, now, null, Service.PLAIN, booked, null,
                UsageSource.ESTIMATED, Counts.UNKNOWN, null, null, null, errorCode, null);
    }

    boolean estimated() {
        return usageSource == UsageSource.ESTIMATED || usageSource == UsageSource.ESTIMATED_PARTIAL;
    }

    /** The baseline's lines, unless they are the very lines that were charged. */
    @Nullable
    Cost otherBaseline() {
        return baseline == null || baseline.lines().isEmpty()
                || (baseline.priceVersion() != null && baseline.priceVersion().equals(booked.priceVersion()))
                        ? null
                        : baseline;
    }

    /** Amounts of two currencies cannot be compared; such a baseline is left out. */
    private static @Nullable Cost comparable(@Nullable Cost baseline, Booked booked) {
        return baseline == null || baseline.total() == null || booked.billed() == null
                || !baseline.total().currency().equals(booked.billed().currency()) ? null : baseline;
    }
}
