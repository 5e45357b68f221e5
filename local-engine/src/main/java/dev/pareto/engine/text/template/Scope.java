package dev.pareto.engine.text.template;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Names with their values, over the scope around. */
final class Scope {

    private final Map<String, @Nullable Object> values = new HashMap<>();
    private final @Nullable Scope outer;

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    @Nullable
    Object get(String name) {
        for (var scope = this; scope != null; scope = scope.outer) {
            if (scope.values.containsKey(name)) {
                return scope.values.get(name);
            }
        }
        return new Undefined("'" + name + "'");
    }

    void set(String name, @Nullable Object value) {
        values.put(name, value);
    }
}
