package dev.pareto.engine.text.template;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The arguments of a call, a filter or a test, read by place or by name. */
final class Arguments {

    private final String callee;
    private final List<@Nullable Object> positional;
    private final Map<String, @Nullable Object> named;
    private final Meter meter;

    Arguments(String callee, List<@Nullable Object> positional, Map<String, @Nullable Object> named, Meter meter) {
        this.callee = callee;
        this.positional = positional;
        this.named = named;
        this.meter = meter;
    }

    /** Refuses arguments beyond these parameters. */
    Arguments allow(String... names) {
        if (positional.size() > names.length) {
            throw meter.error(callee + " takes at most " + names.length + " arguments, got " + positional.size());
        }
        for (var name : named.keySet()) {
            int at = List.of(names).indexOf(name);
            if (at < 0) {
                throw meter.error(callee + " has no argument '" + name + "'");
            }
            if (at < positional.size()) {
                throw meter.error(callee + " got the argument '" + name + "' twice");
            }
        }
        return this;
    }

    String callee() {
        return callee;
    }

    Meter meter() {
        return meter;
    }

    List<@Nullable Object> positional() {
        return positional;
    }

    Map<String, @Nullable Object> named() {
        return named;
    }

    boolean has(int place, String name) {
        return place < positional.size() || named.containsKey(name);
    }

    @Nullable
    Object get(int place, String name, @Nullable Object otherwise) {
        if (place < positional.size()) {
            return positional.get(place);
        }
        return named.containsKey(name) ? named.get(name) : otherwise;
    }

    @Nullable
    Object require(int place, String name) {
        if (!has(place, name)) {
            throw meter.error(callee + " needs the argument '" + name + "'");
        }
        return get(place, name, null);
    }

    Text text(int place, String name) {
        if (require(place, name) instanceof Text text) {
            return text;
        }
        throw meter.error(callee + " needs a string as '" + name + "', got " + Values.kind(require(place, name)));
    }

    @Nullable
    Text textOrNull(int place, String name) {
        return get(place, name, null) == null ? null : text(place, name);
    }

    boolean flag(int place, String name, boolean otherwise) {
        return Values.truth(get(place, name, otherwise));
    }

    int integer(int place, String name, int otherwise) {
        var value = get(place, name, (long) otherwise);
        return switch (value) {
            case Long number when number == number.intValue() -> number.intValue();
            case Boolean flag -> flag ? 1 : 0;
            case null, default ->
                throw meter.error(callee + " needs a whole number as '" + name + "', got " + Values.kind(value));
        };
    }
}
