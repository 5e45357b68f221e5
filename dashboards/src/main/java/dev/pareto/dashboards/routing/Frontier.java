package dev.pareto.dashboards.routing;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which of several models nobody would choose: another costs no more, takes no longer, gets no less right, and is better in one. */
final class Frontier {

    private Frontier() {}

    /** One model's three measures; null while unknown. */
    record Point(String model, @Nullable Double cost, @Nullable Double millis, @Nullable Double accuracy) {

        boolean known() {
            return cost != null && millis != null && accuracy != null;
        }
    }

    /** The first other that dominates it; null for none, or where a measure is unknown. */
    static @Nullable String dominates(Point point, List<Point> others) {
        return others.stream()
                .filter(other -> !other.model().equals(point.model()) && beats(other, point))
                .map(Point::model)
                .findFirst()
                .orElse(null);
    }

    private static boolean beats(Point one, Point other) {
        if (!one.known() || !other.known()) {
            return false;
        }
        int cost = compare(one.cost(), other.cost());
        int millis = compare(one.millis(), other.millis());
        int errors = compare(other.accuracy(), one.accuracy());
        return cost <= 0 && millis <= 0 && errors <= 0 && (cost < 0 || millis < 0 || errors < 0);
    }

    private static int compare(@Nullable Double one, @Nullable Double other) {
        return Double.compare(Objects.requireNonNull(one), Objects.requireNonNull(other));
    }
}
