package dev.pareto.engine.text.template;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** The {@code loop} of a {@code for}. */
final class Loop {

    private final List<@Nullable Object> items;
    private int index;
    private @Nullable List<@Nullable Object> last;

    Loop(List<@Nullable Object> items) {
        this.items = items;
    }

    void at(int newIndex) {
        index = newIndex;
    }

    @Nullable
    Object get(String name, Meter meter) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) items.size() - index;
            case "revindex0" -> items.size() - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == items.size() - 1;
            case "length" -> (long) items.size();
            case "previtem" -> neighbour(index - 1, name);
            case "nextitem" -> neighbour(index + 1, name);
            case "cycle" -> (Callable) arguments -> {
                if (arguments.positional().isEmpty()) {
                    throw meter.error("loop.cycle needs items");
                }
                return arguments.positional().get(index % arguments.positional().size());
            };
            case "changed" -> (Callable) arguments -> {
                boolean changed = last == null || !Values.equal(last, arguments.positional(), meter);
                last = arguments.positional();
                return changed;
            };
            default -> new Undefined("'" + name + "' of the loop");
        };
    }

    private @Nullable Object neighbour(int at, String name) {
        return at >= 0 && at < items.size() ? items.get(at) : new Undefined("'" + name + "' of the loop");
    }
}
