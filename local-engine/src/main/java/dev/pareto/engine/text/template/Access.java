package dev.pareto.engine.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What {@code value.name}, {@code value[key]} and {@code value[from:to]} give: data and methods of data, no more. */
final class Access {

    private Access() {}

    /** {@code target.name}: methods come before keys, as in Jinja. */
    static @Nullable Object attribute(@Nullable Object target, String name, Meter meter) {
        if (target instanceof Undefined undefined) {
            throw undefined.error(meter);
        }
        var method = method(target, name, meter);
        if (method != null) {
            return method;
        }
        return switch (target) {
            case Map<?, ?> map -> {
                var key = Text.own(name);
                yield map.containsKey(key) ? map.get(key) : missing(target, name);
            }
            case Namespace namespace -> namespace.get(name);
            case Loop loop -> loop.get(name, meter);
            case null, default -> missing(target, name);
        };
    }

    /** {@code target[key]}: keys come before methods. */
    static @Nullable Object item(@Nullable Object target, @Nullable Object key, Meter meter) {
        meter.step();
        return switch (target) {
            case Undefined undefined -> throw undefined.error(meter);
            case Map<?, ?> map when Operators.isKey(key) && map.containsKey(key) -> map.get(key);
            case List<?> list when key instanceof Long index -> {
                long at = index < 0 ? index + list.size() : index;
                yield at >= 0 && at < list.size() ? list.get((int) at) : missing(target, String.valueOf(index));
            }
            case Text text when key instanceof Long index -> character(text, index, meter);
            case null, default -> {
                if (key instanceof Text name) {
                    meter.text(name.value().length()); // the name of what is missing is kept for a message
                    var method = method(target, name.value(), meter);
                    yield method != null
                            ? method
                            : target instanceof Loop || target instanceof Namespace
                                    ? attribute(target, name.value(), meter)
                                    : missing(target, name.value());
                }
                yield missing(target, Values.print(key, meter).value());
            }
        };
    }

    /** A path of attributes and numbers with dots between, as filters take it. */
    static @Nullable Object path(@Nullable Object target, @Nullable Object path, Meter meter) {
        if (!(path instanceof Text text)) {
            return item(target, path, meter);
        }
        meter.text(text.value().length());
        var value = target;
        for (var part : text.value().split("\\.", -1)) {
            meter.step();
            boolean number = !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            value = item(value, number ? Long.valueOf(part) : Text.own(part), meter);
        }
        return value;
    }

    private static Undefined missing(@Nullable Object target, String name) {
        return new Undefined("'" + name + "' of " + Values.kind(target));
    }

    private static Object character(Text text, long index, Meter meter) {
        meter.text(text.value().length());
        int length = text.codePoints();
        long at = index < 0 ? index + length : index;
        if (at < 0 || at >= length) {
            return missing(text, String.valueOf(index));
        }
        int from = text.value().offsetByCodePoints(0, (int) at);
        return text.sub(from, text.value().offsetByCodePoints(from, 1));
    }

    private static @Nullable Callable method(@Nullable Object target, String name, Meter meter) {
        return switch (target) {
            case Text text -> TextMethods.find(text, name, meter);
            case Map<?, ?> map -> mapMethod(map, name);
            case List<?> list -> listMethod(list, name, meter);
            case null, default -> null;
        };
    }

    private static @Nullable Callable mapMethod(Map<?, ?> map, String name) {
        return switch (name) {
            case "get" -> a -> {
                a.allow("key", "default");
                var key = a.require(0, "key");
                return Operators.isKey(key) && map.containsKey(key) ? map.get(key) : a.get(1, "default", null);
            };
            case "items" -> a -> items(map, a.allow().meter());
            case "keys" -> a -> Values.items(map, a.allow().meter());
            case "values" -> a -> {
                a.allow().meter().steps(map.size());
                return new ArrayList<@Nullable Object>(map.values());
            };
            case "copy" -> a -> {
                a.allow().meter().steps(map.size());
                return new LinkedHashMap<@Nullable Object, @Nullable Object>(map);
            };
            default -> null;
        };
    }

    static List<@Nullable Object> items(Map<?, ?> map, Meter meter) {
        meter.steps(map.size());
        var items = new ArrayList<@Nullable Object>(map.size());
        for (var entry : map.entrySet()) {
            var pair = new ArrayList<@Nullable Object>(2);
            pair.add(entry.getKey());
            pair.add(entry.getValue());
            items.add(new Tuple(pair));
        }
        return items;
    }

    private static @Nullable Callable listMethod(List<?> list, String name, Meter meter) {
        return switch (name) {
            case "index" -> a -> {
                var item = a.allow("value").require(0, "value");
                for (int i = 0; i < list.size(); i++) {
                    if (Values.equal(list.get(i), item, meter)) {
                        return (long) i;
                    }
                }
                throw meter.error("the list does not hold what index looks for");
            };
            case "count" -> a -> {
                var item = a.allow("value").require(0, "value");
                return list.stream().filter(other -> Values.equal(other, item, meter)).count();
            };
            case "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" -> a -> {
                throw meter.error("'" + name + "' would change a list; templates may not change data");
            };
            default -> null;
        };
    }

    static Object slice(@Nullable Object target, @Nullable Long from, @Nullable Long to, @Nullable Long step,
            Meter meter) {
        long by = step == null ? 1 : step;
        if (by == 0) {
            throw meter.error("a slice needs a step that is not zero");
        }
        return switch (target) {
            case Undefined undefined -> throw undefined.error(meter);
            case Text text -> {
                meter.text(text.value().length());
                int length = text.codePoints();
                if (by == 1) {
                    int start = (int) bound(from, length, 0, length, 0);
                    int end = Math.max(start, (int) bound(to, length, 0, length, length));
                    int first = text.value().offsetByCodePoints(0, start);
                    yield text.sub(first, text.value().offsetByCodePoints(first, end - start));
                }
                var out = new Text.Builder();
                for (var character : pick(Values.items(text, meter), from, to, by, meter)) {
                    out.add(Values.print(character, meter));
                }
                yield out.build();
            }
            case List<?> list -> {
                var picked = pick(list, from, to, by, meter);
                yield list instanceof Tuple ? new Tuple(picked) : picked;
            }
            case null, default -> throw meter.error(Values.kind(target) + " can not be sliced");
        };
    }

    private static List<@Nullable Object> pick(List<?> list, @Nullable Long from, @Nullable Long to, long by,
            Meter meter) {
        int size = list.size();
        var picked = new ArrayList<@Nullable Object>();
        if (by > 0) {
            long end = bound(to, size, 0, size, size);
            for (long i = bound(from, size, 0, size, 0); i < end; i = Math.addExact(i, Math.min(by, size))) {
                picked.add(list.get((int) i));
            }
        } else {
            long end = bound(to, size, -1, size - 1, -1);
            for (long i = bound(from, size, -1, size - 1, size - 1); i > end; i += Math.max(by, -size)) {
                picked.add(list.get((int) i));
            }
        }
        meter.steps(picked.size());
        return picked;
    }

    /** A border of a slice: counted from the end where negative, and cut to the range. */
    private static long bound(@Nullable Long border, int size, long least, long most, long otherwise) {
        if (border == null) {
            return otherwise;
        }
        long at = border < 0 ? border + size : border;
        return Math.clamp(at, least, Math.max(least, most));
    }
}
