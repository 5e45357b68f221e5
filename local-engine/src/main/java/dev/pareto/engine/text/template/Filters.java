package dev.pareto.engine.text.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The filters behind {@code |}. */
final class Filters {

    private Filters() {}

    static @Nullable Object apply(String name, @Nullable Object value, Arguments a) {
        var meter = a.meter();
        return switch (name) {
            case "default", "d" -> otherwise(value, a.allow("default_value", "boolean"));
            case "length", "count" -> length(value, a.allow());
            case "trim" -> TextMethods.strip(print(value, a.allow("chars")), a.textOrNull(0, "chars"), true, true,
                    meter);
            case "upper" -> TextMethods.upper(print(value, a.allow()));
            case "lower" -> TextMethods.lower(print(value, a.allow()));
            case "capitalize" -> TextMethods.capitalize(print(value, a.allow()));
            case "title" ->
                TextMethods.title(print(value, a.allow()), c -> Lexer.isSpace(c) || "-({[<".indexOf(c) >= 0,
                        meter);
            case "string", "safe" -> print(value, a.allow());
            case "escape", "e" -> escape(print(value, a.allow()), meter);
            case "replace" -> {
                a.allow("old", "new", "count");
                yield TextMethods.replace(print(value, a), Values.print(a.require(0, "old"), meter),
                        Values.print(a.require(1, "new"), meter), a.integer(2, "count", -1), meter);
            }
            case "indent" -> indent(print(value, a.allow("width", "first", "blank")), a);
            case "wordcount" -> (long) Values
                    .items(call(TextMethods.find(print(value, a.allow()), "split", meter), a), meter)
                    .size();
            case "format" -> Operators.format(print(value, a), a.positional(), meter);
            case "tojson" -> Json.write(value, a);
            case "join" -> join(value, a.allow("d", "attribute"));
            case "first" -> edge(items(value, a.allow()), true);
            case "last" -> edge(items(value, a.allow()), false);
            case "list" -> copy(items(value, a.allow()), meter);
            case "items" -> value instanceof Map<?, ?> map ? Access.items(map, meter) : mappingNeeded(value, meter);
            case "dictsort" -> dictsort(value, a.allow("case_sensitive", "by", "reverse"));
            case "reverse" -> reverse(value, a.allow());
            case "sort" -> sort(items(value, a.allow("reverse", "case_sensitive", "attribute")), a);
            case "unique" -> unique(items(value, a.allow("case_sensitive", "attribute")), a);
            case "map" -> map(itemsIfAny(value, a), a);
            case "select" -> choose(itemsIfAny(value, a), a, 0, true);
            case "reject" -> choose(itemsIfAny(value, a), a, 0, false);
            case "selectattr" -> choose(itemsIfAny(value, a), a, 1, true);
            case "rejectattr" -> choose(itemsIfAny(value, a), a, 1, false);
            case "sum" -> sum(items(value, a.allow("attribute", "start")), a);
            case "min" -> extreme(items(value, a.allow("case_sensitive", "attribute")), a, -1);
            case "max" -> extreme(items(value, a.allow("case_sensitive", "attribute")), a, 1);
            case "attr" -> Access.attribute(value, a.allow("name").text(0, "name").value(), meter);
            case "abs" -> abs(value, a.allow());
            case "round" -> round(value, a.allow("precision", "method"));
            case "int" -> whole(value, a.allow("default", "base"));
            case "float" -> decimal(value, a.allow("default"));
            default -> throw meter.error("unknown filter '" + name + "'");
        };
    }

    private static Text print(@Nullable Object value, Arguments a) {
        return Values.print(value, a.meter());
    }

    /** Filters that choose or change take what is false for an empty list, none above all. */
    private static List<@Nullable Object> itemsIfAny(@Nullable Object value, Arguments a) {
        return Values.truth(value) ? items(value, a) : List.of();
    }

    private static List<@Nullable Object> items(@Nullable Object value, Arguments a) {
        var items = Values.items(value, a.meter());
        a.meter().steps(items.size());
        return items;
    }

    private static @Nullable Object call(@Nullable Callable method, Arguments a) {
        return method == null ? null : method.call(new Arguments(a.callee(), List.of(), Map.of(), a.meter()));
    }

    private static @Nullable Object otherwise(@Nullable Object value, Arguments a) {
        boolean missing = value instanceof Undefined || (a.flag(1, "boolean", false) && !Values.truth(value));
        return missing ? a.get(0, "default_value", Text.EMPTY) : value;
    }

    private static long length(@Nullable Object value, Arguments a) {
        return switch (value) {
            case Text text -> {
                a.meter().steps(text.value().length() / 64);
                yield text.codePoints();
            }
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined _ -> 0;
            case null, default -> throw a.meter().error(Values.kind(value) + " has no length");
        };
    }

    private static Text escape(Text text, Meter meter) {
        var escaped = text.map(run -> run.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;"));
        meter.room(escaped.value().length());
        return escaped;
    }

    private static Text indent(Text text, Arguments a) {
        var meter = a.meter();
        var margin = a.get(0, "width", 4L) instanceof Text given
                ? given
                : Text.own(" ".repeat(Math.clamp(a.integer(0, "width", 4), 0, 1000)));
        boolean blank = a.flag(2, "blank", false);
        var lines = TextMethods.lines(text.plus(Text.own("\n")), false, meter);
        var out = new Text.Builder();
        for (int i = 0; i < lines.size(); i++) {
            var line = Values.print(lines.get(i), meter);
            boolean margined = i == 0 ? a.flag(1, "first", false) : blank || !line.isEmpty();
            out.own(i == 0 ? "" : "\n").add(margined ? margin : Text.EMPTY).add(line);
            meter.steps(1 + margin.value().length() / 8);
            meter.room(out.length());
        }
        return out.build();
    }

    private static Text join(@Nullable Object value, Arguments a) {
        var items = items(value, a);
        var attribute = a.get(1, "attribute", null);
        if (attribute != null) {
            items = paths(items, attribute, a.meter());
        }
        return TextMethods.join(items, Values.print(a.get(0, "d", Text.EMPTY), a.meter()), true, a.meter());
    }

    private static List<@Nullable Object> paths(List<@Nullable Object> items, Object path, Meter meter) {
        var values = new ArrayList<@Nullable Object>(items.size());
        for (var item : items) {
            values.add(Access.path(item, path, meter));
        }
        return values;
    }

    private static @Nullable Object edge(List<@Nullable Object> items, boolean first) {
        return items.isEmpty()
                ? new Undefined(first ? "the first item of nothing" : "the last item of nothing")
                : first ? items.getFirst() : items.getLast();
    }

    private static List<@Nullable Object> copy(List<@Nullable Object> items, Meter meter) {
        meter.steps(items.size());
        return new ArrayList<>(items);
    }

    private static List<@Nullable Object> mappingNeeded(@Nullable Object value, Meter meter) {
        if (value instanceof Undefined) {
            return List.of();
        }
        throw meter.error("items needs a mapping, got " + Values.kind(value));
    }

    private static List<@Nullable Object> dictsort(@Nullable Object value, Arguments a) {
        if (!(value instanceof Map<?, ?> map)) {
            throw a.meter().error("dictsort needs a mapping, got " + Values.kind(value));
        }
        int place = Values.print(a.get(1, "by", Text.own("key")), a.meter()).value().equals("value") ? 1 : 0;
        boolean exact = a.flag(0, "case_sensitive", false);
        var pairs = Access.items(map, a.meter());
        sortBy(pairs, pair -> folded(Values.items(pair, a.meter()).get(place), exact, a.meter()),
                a.flag(2, "reverse", false),
                a.meter());
        return pairs;
    }

    /** What to sort or compare by. */
    private interface Key {
        @Nullable
        Object of(@Nullable Object item);
    }

    private static void sortBy(List<@Nullable Object> items, Key key, boolean reverse, Meter meter) {
        Comparator<@Nullable Object> order = (x, y) -> Values.compare(key.of(x), key.of(y), meter);
        meter.steps(8L * items.size());
        Values.sort(items, reverse ? order.reversed() : order, meter);
    }

    private static @Nullable Object folded(@Nullable Object value, boolean exact, Meter meter) {
        return !exact && value instanceof Text text ? TextMethods.lower(Values.print(text, meter)) : value;
    }

    private static Key key(Arguments a, int casePlace, int attributePlace) {
        boolean exact = a.flag(casePlace, "case_sensitive", false);
        var attribute = a.get(attributePlace, "attribute", null);
        return item -> folded(attribute == null ? item : Access.path(item, attribute, a.meter()), exact,
                a.meter());
    }

    private static Object reverse(@Nullable Object value, Arguments a) {
        var items = items(value, a).reversed();
        return value instanceof Text ? TextMethods.join(items, Text.EMPTY, true, a.meter()) : copy(items, a.meter());
    }

    private static List<@Nullable Object> sort(List<@Nullable Object> items, Arguments a) {
        var sorted = copy(items, a.meter());
        sortBy(sorted, key(a, 1, 2), a.flag(0, "reverse", false), a.meter());
        return sorted;
    }

    private static List<@Nullable Object> unique(List<@Nullable Object> items, Arguments a) {
        var key = key(a, 0, 1);
        var seen = new HashSet<@Nullable Object>();
        var unique = new ArrayList<@Nullable Object>();
        for (var item : items) {
            var by = key.of(item);
            if (!Operators.isKey(by)) {
                throw a.meter().error("unique can not compare " + Values.kind(by));
            }
            a.meter().steps(by instanceof Text text ? text.value().length() / 64 : 0);
            if (seen.add(by)) {
                unique.add(item);
            }
        }
        return unique;
    }

    private static List<@Nullable Object> map(List<@Nullable Object> items, Arguments a) {
        var meter = a.meter();
        var mapped = new ArrayList<@Nullable Object>(items.size());
        if (a.positional().isEmpty()) {
            var path = a.named().get("attribute");
            if (path == null) {
                throw meter.error("map needs the name of a filter or an attribute");
            }
            for (var item : items) {
                var value = Access.path(item, path, meter);
                mapped.add(value instanceof Undefined && a.named().containsKey("default")
                        ? a.named().get("default")
                        : value);
            }
            return mapped;
        }
        var filter = a.text(0, "filter").value();
        var arguments = new Arguments(filter, a.positional().subList(1, a.positional().size()), a.named(), meter);
        for (var item : items) {
            meter.enter();
            mapped.add(apply(filter, item, arguments));
            meter.leave();
        }
        return mapped;
    }

    /** @param place where the name of the test stands; before it comes the attribute that is tested, if any */
    private static List<@Nullable Object> choose(List<@Nullable Object> items, Arguments a, int place, boolean keep) {
        var meter = a.meter();
        var attribute = place == 0 ? null : a.require(0, "attribute");
        var test = a.positional().size() > place ? a.text(place, "test").value() : null;
        var arguments = new Arguments(test == null ? "select" : test,
                test == null ? List.of() : a.positional().subList(place + 1, a.positional().size()), a.named(), meter);
        var chosen = new ArrayList<@Nullable Object>();
        for (var item : items) {
            var value = attribute == null ? item : Access.path(item, attribute, meter);
            if ((test == null ? Values.truth(value) : Tests.apply(test, value, arguments)) == keep) {
                chosen.add(item);
            }
        }
        return chosen;
    }

    private static @Nullable Object sum(List<@Nullable Object> items, Arguments a) {
        var attribute = a.get(0, "attribute", null);
        @Nullable
        Object sum = a.get(1, "start", 0L);
        for (var item : items) {
            sum = Operators.apply("+", sum, attribute == null ? item : Access.path(item, attribute, a.meter()),
                    a.meter());
        }
        return sum;
    }

    private static @Nullable Object extreme(List<@Nullable Object> items, Arguments a, int sign) {
        var key = key(a, 0, 1);
        var best = edge(items, true);
        for (var item : items) {
            if (sign * Values.compare(key.of(item), key.of(best), a.meter()) > 0) {
                best = item;
            }
        }
        return best;
    }

    private static Object abs(@Nullable Object value, Arguments a) {
        return switch (value) {
            case Long number when number != Long.MIN_VALUE -> Math.abs(number);
            case Double number -> Math.abs(number);
            case null, default -> throw a.meter().error("abs needs a number, got " + Values.kind(value));
        };
    }

    private static Object round(@Nullable Object value, Arguments a) {
        var mode = switch (Values.print(a.get(1, "method", Text.own("common")), a.meter()).value()) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw a.meter().error("round knows the methods common, ceil and floor");
        };
        int precision = Math.clamp(a.integer(0, "precision", 0), -300, 300);
        return switch (value) {
            case Long number when mode == RoundingMode.HALF_EVEN && precision >= 0 -> number;
            case Long number -> new BigDecimal(number).setScale(precision, mode).doubleValue();
            case Double number when Double.isFinite(number) -> new BigDecimal(number).setScale(precision, mode)
                    .doubleValue();
            case null, default -> throw a.meter().error("round needs a number, got " + Values.kind(value));
        };
    }

    private static @Nullable Object whole(@Nullable Object value, Arguments a) {
        var otherwise = a.get(0, "default", 0L);
        return switch (value) {
            case Long number -> number;
            case Boolean flag -> flag ? 1L : 0L;
            case Double number -> Double.isFinite(number) ? (Object) number.longValue() : otherwise;
            case Text text -> {
                a.meter().text(text.value().length());
                try {
                    yield Long.parseLong(text.value().strip().replace("_", ""), a.integer(1, "base", 10));
                } catch (NumberFormatException e) {
                    var number = parse(text);
                    yield number == null ? otherwise : (Object) number.longValue();
                }
            }
            case null, default -> otherwise;
        };
    }

    private static @Nullable Object decimal(@Nullable Object value, Arguments a) {
        var otherwise = a.get(0, "default", 0.0);
        return switch (value) {
            case Long number -> number.doubleValue();
            case Boolean flag -> flag ? 1.0 : 0.0;
            case Double number -> number;
            case Text text -> {
                a.meter().text(text.value().length());
                var number = parse(text);
                yield number == null ? otherwise : number;
            }
            case null, default -> otherwise;
        };
    }

    private static @Nullable Double parse(Text text) {
        var digits = text.value().strip();
        boolean number = !digits.isEmpty() && digits.length() < 400
                && digits.chars().allMatch(c -> "+-.eE0123456789".indexOf(c) >= 0);
        try {
            return number ? Double.valueOf(digits) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
