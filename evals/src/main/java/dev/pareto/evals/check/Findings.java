package dev.pareto.evals.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** What one verdict states, held one by one against what follows. Not thread-safe. */
final class Findings {

    private static final double TOLERANCE = 1e-6;

    private final JsonNode verdict;
    private final List<Finding> all = new ArrayList<>();

    Findings(JsonNode verdict) {
        this.verdict = verdict;
    }

    List<Finding> all() {
        return List.copyOf(all);
    }

    /** The value at a path such as {@code quality.interval.lower}. */
    JsonNode at(String path) {
        return verdict.at("/" + path.replace('.', '/'));
    }

    void number(String path, @Nullable Double computed) {
        number(path, at(path), computed);
    }

    /** A number, or a decimal in quotes; null where there must be none. */
    void number(String what, JsonNode stated, @Nullable Double computed) {
        boolean none = stated.isNull() || stated.isMissingNode();
        if (computed == null || none) {
            all.add(new Finding(what, computed == null && none, shown(stated), shown(computed)));
            return;
        }
        double value = value(stated);
        boolean holds = value == computed || Math.abs(value - computed) <= TOLERANCE * Math.max(1, Math.abs(computed));
        all.add(new Finding(what, holds, shown(stated), shown(computed)));
    }

    void same(String path, @Nullable String computed) {
        same(path, at(path), computed);
    }

    void same(String what, JsonNode stated, @Nullable String computed) {
        String text = stated.isNull() || stated.isMissingNode() ? null : stated.asString();
        all.add(new Finding(what, Objects.equals(text, computed), String.valueOf(text), String.valueOf(computed)));
    }

    void holds(String what, boolean holds, String stated, String computed) {
        all.add(new Finding(what, holds, stated, computed));
    }

    void interval(String path, SecondOpinion.@Nullable Range range) {
        if (range == null) {
            holds(path, at(path).isNull() || at(path).isMissingNode(), at(path).toString(), "none");
        } else {
            number(path + ".lower", range.lower());
            number(path + ".upper", range.upper());
        }
    }

    private static double value(JsonNode stated) {
        try {
            return stated.isString() ? Double.parseDouble(stated.stringValue()) : stated.asDouble(Double.NaN);
        } catch (NumberFormatException noNumber) {
            return Double.NaN;
        }
    }

    private static String shown(JsonNode stated) {
        return stated.isValueNode() ? stated.asString("null") : stated.toString();
    }

    private static String shown(@Nullable Double computed) {
        return computed == null ? "null" : String.format(Locale.ROOT, "%.9g", computed);
    }
}
