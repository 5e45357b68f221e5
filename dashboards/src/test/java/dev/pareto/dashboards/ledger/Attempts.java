package dev.pareto.dashboards.ledger;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.UsageSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes attempts and settlements for tests. */
public final class Attempts {

    public static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    public static final ModelId CLOSED = new ModelId("openai", "gpt-4o");
    public static final ModelId OPEN = new ModelId("local", "support-desk");

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private Attempts() {}

    public static UuidV7 ids(long seed) {
        return new UuidV7(() -> NOON, new SplittableRandom(seed));
    }

    public static OpenAttempt open(UUID id, ModelId model, Instant startedAt) {
        return open(id, id, 1, AttemptRole.PRIMARY, model, startedAt, "{\"reason\":\"cheapest that is good enough\"}");
    }

    public static OpenAttempt open(UUID id, UUID request, int number, AttemptRole role, ModelId model,
            Instant startedAt, @Nullable String decision) {
        return new OpenAttempt(id, request, number, role, startedAt, startedAt.plus(Duration.ofMinutes(10)), "acme",
                Map.of("team", "search"), "support", "support", model, model.vendor(), false, Money.usd("0.05"),
                decision);
    }

    /** 1,000 tokens in and {@code output} out, at 2.50 and 10.00 USD a million; the baseline is four times as dear. */
    public static Settlement settled(UUID id, Instant startedAt, long output) {
        return settled(id, AttemptState.SETTLED, startedAt.plusMillis(1_500), cost(output, 1), cost(output, 4));
    }

    public static Settlement settled(UUID id, AttemptState state, Instant endedAt, Cost cost, @Nullable Cost baseline) {
        return new Settlement(id, state, endedAt.minusMillis(1_000), endedAt, 200, "stop", "gpt-4o-2024-08-06",
                Usage.ofTokens(1_000, 100), UsageSource.VENDOR, "{\"prompt_tokens\":1000}", cost, baseline,
                state == AttemptState.FAILED ? "upstream_incomplete" : null);
    }

    public static Cost cost(long output, int factor) {
        ChargeLine in = line(Buckets.INPUT, 1_000, new BigDecimal("2.50").multiply(BigDecimal.valueOf(factor)));
        ChargeLine out = line(Buckets.OUTPUT, output, new BigDecimal("10.00").multiply(BigDecimal.valueOf(factor)));
        return priced(List.of(in, out));
    }

    public static Cost priced(List<ChargeLine> lines) {
        BigDecimal total = lines.stream().map(line -> value(line.cost())).reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Cost(lines, new Money(total, "USD"), PriceStatus.PRICED, "openai/gpt-4o@2026-01-01");
    }

    public static Cost unpriced() {
        return new Cost(List.of(new ChargeLine(Buckets.INPUT, BigDecimal.TEN, null, null, null)), null,
                PriceStatus.MISSING, null);
    }

    public static ChargeLine line(String bucket, long quantity, BigDecimal price) {
        BigDecimal count = BigDecimal.valueOf(quantity);
        return new ChargeLine(bucket, count, price, MILLION, count.multiply(price).divide(MILLION).setScale(12));
    }

    private static BigDecimal value(@Nullable BigDecimal cost) {
        return cost == null ? BigDecimal.ZERO : cost;
    }
}
