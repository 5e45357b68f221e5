package dev.pareto.policies.decide;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.SentPolicy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
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
 * @param dataClass what its data are, for the floors of the configuration; null where nothing is said
 * @param sent a whole policy in place of a name; null for none
 */
public record Overrides(@Nullable String policy, @Nullable BigDecimal maxCostUsd, @Nullable Duration maxLatency,
        @Nullable Double minAccuracy, @Nullable ModelId model, boolean localOnly, @Nullable String dataClass,
        @Nullable Policy sent) {

    private static final String LOCAL_ONLY = "local-only";

    public static final Overrides NONE = new Overrides(null, null, null, null, null, false);

    public Overrides {
        if (policy != null && sent != null) {
            throw new IllegalArgumentException("a request has the name of a policy or a whole one, not both");
        }
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

    /** Without a data class and a policy of its own. */
    public Overrides(@Nullable String policy, @Nullable BigDecimal maxCostUsd, @Nullable Duration maxLatency,
            @Nullable Double minAccuracy, @Nullable ModelId model, boolean localOnly) {
        this(policy, maxCostUsd, maxLatency, minAccuracy, model, localOnly, null, null);
    }

    /** {@link #fromHeaders(Function, ParetoConfig)} where no configuration has data classes. */
    public static Overrides fromHeaders(Function<String, @Nullable String> header) {
        return fromHeaders(header, Set.of(), null);
    }

    /**
     * Reads the request headers {@code Pareto-Policy}, {@code Pareto-Max-Cost-Usd}, {@code Pareto-Max-Latency-Ms},
     * {@code Pareto-Min-Accuracy} (a fraction such as 0.92, or {@code 92 %}), {@code Pareto-Model} and
     * {@code Pareto-Data-Class}.
     *
     * A {@code Pareto-Policy} that begins with a brace is a policy itself, which is for the caller to allow.
     *
     * @param header gives a header's value by its name, null when it is absent
     * @throws IllegalArgumentException with a message for the caller when a header cannot be read
     */
    public static Overrides fromHeaders(Function<String, @Nullable String> header, ParetoConfig config) {
        return fromHeaders(header, config.dataClasses(), config);
    }

    private static Overrides fromHeaders(Function<String, @Nullable String> header, Set<String> classes,
            @Nullable ParetoConfig config) {
        String policy = value(header, "Pareto-Policy", text -> text);
        Policy sent = policy == null || config == null || !SentPolicy.is(policy)
                ? null
                : value(header, "Pareto-Policy", text -> SentPolicy.read(text, config));
        String dataClass = value(header, "Pareto-Data-Class", text -> dataClass(text, classes));
        return new Overrides(sent == null ? policy : null, value(header, "Pareto-Max-Cost-Usd", Overrides::number),
                value(header, "Pareto-Max-Latency-Ms", Overrides::millis),
                value(header, "Pareto-Min-Accuracy", Overrides::fraction),
                value(header, "Pareto-Model", ModelId::parse), LOCAL_ONLY.equals(dataClass),
                dataClass == null || dataClass.isEmpty() || dataClass.equals(LOCAL_ONLY) ? null : dataClass, sent);
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

    /** Empty for data that anybody may see; a class that nobody configured must not pass for one of those. */
    private static String dataClass(String text, Set<String> classes) {
        if (text.equals(LOCAL_ONLY) || classes.contains(text)) {
            return text;
        }
        if (text.equals("any") || text.equals("public")) {
            return "";
        }
        throw new IllegalArgumentException("write local-only or any"
                + (classes.isEmpty() ? "" : ", or a class of a floor: " + String.join(", ", new TreeSet<>(classes)))
                + "; not '" + shorten(text) + "'");
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
