package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one request asks of its own decision; it can only tighten what the route's policy demands.
 *
 * @param policy the name of a policy to apply as well; null for none
 * @param maxCostUsd the most that it may be predicted to cost; null for no limit
 * @param maxLatency the most that its total latency may be at the 95th percentile; null for no limit
 * @param minAccuracy the least measured accuracy, as a fraction; null for none
 * @param model the only candidate that may serve it; null for any
 * @param localOnly whether it must not leave for a company's API
 */
public record Overrides(@Nullable String policy, @Nullable BigDecimal maxCostUsd, @Nullable Duration maxLatency,
        @Nullable Double minAccuracy, @Nullable ModelId model, boolean localOnly) {

    public static final Overrides NONE = new Overrides(null, null, null, null, null, false);

    public Overrides {
        if (maxCostUsd != null && maxCostUsd.signum() < 0) {
            throw new IllegalArgumentException("the most it may cost is negative: " + maxCostUsd);
        }
        if (maxLatency != null && (maxLatency.isNegative() || maxLatency.isZero())) {
            throw new IllegalArgumentException("the most it may take must be above zero, got " + maxLatency);
        }
        if (minAccuracy != null && !(minAccuracy >= 0 && minAccuracy <= 1)) {
            throw new IllegalArgumentException("the least accuracy must be between 0 and 1, got " + minAccuracy);
        }
    }

    /**
     * Reads the request headers {@code Pareto-Policy}, {@code Pareto-Max-Cost-Usd}, {@code Pareto-Max-Latency-Ms},
     * {@code Pareto-Min-Accuracy} (a fraction such as 0.92, or {@code 92 %}), {@code Pareto-Model} and
     * {@code Pareto-Data-Class}.
     *
     * @param header gives a header's value by its name, null when it is absent
     * @throws IllegalArgumentException with a message for the caller when a header cannot be read
     */
    public static Overrides fromHeaders(Function<String, @Nullable String> header) {
        return new Overrides(value(header, "Pareto-Policy", text -> text),
                value(header, "Pareto-Max-Cost-Usd", Overrides::number),
                value(header, "Pareto-Max-Latency-Ms", Overrides::millis),
                value(header, "Pareto-Min-Accuracy", Overrides::fraction),
                value(header, "Pareto-Model", ModelId::parse),
                Boolean.TRUE.equals(value(header, "Pareto-Data-Class", Overrides::localOnly)));
    }

    private static <T> @Nullable T value(Function<String, @Nullable String> header, String name,
            Function<String, T> reader) {
        String text = header.apply(name);
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return reader.apply(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("header " + name + ": " + e.getMessage(), e);
        }
    }

    private static BigDecimal number(String text) {
        if (!text.matches("\\d{1,9}(\\.\\d{1,12})?")) {
            throw new IllegalArgumentException("write a decimal number such as 0.02, not '" + shorten(text) + "'");
        }
        return new BigDecimal(text);
    }

    private static Duration millis(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("write whole milliseconds such as 800, not '" + shorten(text) + "'");
        }
        return Duration.ofMillis(Long.parseLong(text));
    }

    private static double fraction(String text) {
        return text.endsWith("%")
                ? number(text.substring(0, text.length() - 1).strip()).movePointLeft(2).doubleValue()
                : number(text).doubleValue();
    }

    private static boolean localOnly(String text) {
        return switch (text) {
            case "local-only" -> true;
            case "any", "public" -> false;
            default -> throw new IllegalArgumentException("write local-only or any, not '" + shorten(text) + "'");
        };
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
