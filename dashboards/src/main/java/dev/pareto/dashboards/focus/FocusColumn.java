package dev.pareto.dashboards.focus;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A column of an export.
 *
 * @param name as the specification spells it; our own begin with {@code x_}
 * @param type of its values
 * @param required whether no value may be unknown
 * @param allowed the only values; empty where any will do
 */
public record FocusColumn(String name, FocusType type, boolean required, List<String> allowed) {

    public FocusColumn {
        requireNonNull(name, "name is null");
        requireNonNull(type, "type is null");
        allowed = List.copyOf(allowed);
    }

    static FocusColumn required(String name, FocusType type, String... allowed) {
        return new FocusColumn(name, type, true, List.of(allowed));
    }

    static FocusColumn nullable(String name, FocusType type, String... allowed) {
        return new FocusColumn(name, type, false, List.of(allowed));
    }

    boolean custom() {
        return name.startsWith("x_");
    }
}
