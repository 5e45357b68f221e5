package dev.pareto.policies.experiment;

import dev.pareto.policies.yaml.Units;

/**
 * A difference between arms that matters.
 *
 * @param amount in the metric's own unit, or a fraction of the control's value
 * @param relative whether it is such a fraction
 */
public record Tolerance(double amount, boolean relative) {

    public Tolerance {
        if (!(amount >= 0 && amount < 1e12)) {
            throw new IllegalArgumentException("a difference must be 0 or more, got " + amount);
        }
    }

    /** Reads {@code 2 pp}, {@code 50 ms}, {@code 0.001 USD}, {@code 0.1} or, relative to the control, {@code 10 %}. */
    public static Tolerance parse(String text, Metric metric) {
        boolean percent = text.endsWith("%");
        return switch (metric.kind()) {
            case RATE -> new Tolerance(Units.points(text), false);
            case TIME -> percent ? relative(text) : new Tolerance(Units.duration(text).toNanos() / 1e6, false);
            case MONEY ->
                percent ? relative(text) : new Tolerance(Units.money(text).amount().doubleValue(), false);
            case SCORE -> {
                if (percent) {
                    yield relative(text);
                }
                yield new Tolerance(text.endsWith("pp") ? Units.points(text) : Units.decimal(text).doubleValue(),
                        false);
            }
        };
    }

    private static Tolerance relative(String text) {
        return new Tolerance(Units.share(text), true);
    }
}
