package dev.pareto.engine.text.template;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What {@code namespace()} makes: the one thing whose attributes a template may change. */
final class Namespace {

    private final Map<String, @Nullable Object> attributes = new HashMap<>();

    @Nullable
    Object get(String name) {
        return attributes.containsKey(name)
                ? attributes.get(name)
                : new Undefined("the attribute '" + name + "' of the namespace");
    }

    void set(String name, @Nullable Object value) {
        attributes.put(name, value);
    }
}
