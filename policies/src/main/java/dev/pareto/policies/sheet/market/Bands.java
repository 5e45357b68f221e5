package dev.pareto.policies.sheet.market;

import dev.pareto.policies.price.DailyHours;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.UnitPrice;
import java.math.BigDecimal;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Collects a quote's prices by the prompt size from which they hold; a larger size starts from the prices of the base. */
final class Bands {

    static final BigDecimal ONE = BigDecimal.ONE;
    static final BigDecimal THOUSAND = BigDecimal.valueOf(1_000);
    static final BigDecimal HOUR = BigDecimal.valueOf(3_600);

    private final NavigableMap<Long, SortedMap<String, UnitPrice>> bySize = new TreeMap<>();

    /** A figure of a catalogue; null when it is absent or null. */
    static @Nullable BigDecimal figure(JsonNode node, String what) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        BigDecimal value = null;
        if (node.isNumber()) {
            boolean finite = !(node.isDouble() || node.isFloat()) || Double.isFinite(node.doubleValue());
            value = finite ? node.decimalValue() : null;
        } else if (node.isString() && node.stringValue().matches("-?\\d{1,12}(\\.\\d{1,30})?([eE]-?\\d{1,2})?")) {
            value = new BigDecimal(node.stringValue());
        }
        if (value == null || value.signum() < 0 || Math.abs((long) value.scale()) > 40 || value.precision() > 40) {
            throw new IllegalArgumentException(what + " is no price: " + node);
        }
        return value;
    }

    Bands put(long fromPromptTokens, String bucket, @Nullable BigDecimal price, BigDecimal per) {
        if (price != null) {
            BigDecimal plain = price.stripTrailingZeros();
            bySize.computeIfAbsent(fromPromptTokens, from -> new TreeMap<>())
                    .put(bucket, new UnitPrice(plain.scale() < 0 ? plain.setScale(0) : plain, per));
        }
        return this;
    }

    /** A price per token, as one per million. */
    Bands perToken(long fromPromptTokens, String bucket, @Nullable BigDecimal price) {
        return put(fromPromptTokens, bucket, price == null ? null : price.multiply(UnitPrice.MILLION),
                UnitPrice.MILLION);
    }

    Bands perMillion(long fromPromptTokens, String bucket, @Nullable BigDecimal price) {
        return put(fromPromptTokens, bucket, price, UnitPrice.MILLION);
    }

    /** A catalogue's zero beside real prices means that it does not know. */
    Bands withoutIdleZeros() {
        SortedMap<String, UnitPrice> base = bySize.get(0L);
        if (base != null && base.values().stream().anyMatch(price -> price.price().signum() > 0)) {
            bySize.values().forEach(prices -> prices.values().removeIf(price -> price.price().signum() == 0));
        }
        return this;
    }

    boolean isEmpty() {
        SortedMap<String, UnitPrice> base = bySize.get(0L);
        return base == null || base.isEmpty();
    }

    List<PriceBand> list(List<DailyHours> hours) {
        return bySize.entrySet().stream().map(entry -> new PriceBand(entry.getKey(), hours, entry.getValue())).toList();
    }

    List<PriceBand> list() {
        return list(List.of());
    }
}
