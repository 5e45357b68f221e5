package dev.pareto.proxy.cli.experiment;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A metric's figures in its own unit, as the page writes them. What is unknown is a dash. */
final class MetricWords {

    private static final Set<String> RATES = Set.of("errors", "format", "truncated", "retries");

    private MetricWords() {}

    static String figure(String metric, JsonNode value) {
        return value.isNumber() ? sized(metric, value.doubleValue(), " %") : "–";
    }

    /** With its sign; of rates in percentage points. */
    static String change(String metric, JsonNode value) {
        if (!value.isNumber()) {
            return "–";
        }
        double change = value.doubleValue();
        return (change > 0 ? "+" : change < 0 ? "-" : "") + sized(metric, Math.abs(change), " pp");
    }

    private static String sized(String metric, double value, String share) {
        if (metric.equals("cost")) {
            return new Money(BigDecimal.valueOf(value).round(new MathContext(4)), "USD").toString();
        }
        if (metric.startsWith("latency") || metric.startsWith("first-token")) {
            return Math.abs(value) < 1_000
                    ? String.format(Locale.ROOT, "%.0f ms", value)
                    : String.format(Locale.ROOT, "%.2f s", value / 1_000);
        }
        return RATES.contains(metric)
                ? String.format(Locale.ROOT, "%.2f", 100 * value) + share
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
