package dev.pareto.engine.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The plain data that templates work on, with Python's rules: null, {@link Boolean}, {@link Long}, {@link Double},
 * {@link Text}, {@link List}, {@link Map} with such keys, and {@link Undefined}, {@link Namespace} and
 * {@link Callable}.
 */
final class Values {

    private static final int MOST_INPUT_DEPTH = 64;

    private Values() {}

    /** Takes data of a request over; its strings are foreign. */
    static @Nullable Object foreign(@Nullable Object input) {
        return convert(input, false, 0);
    }

    /** Takes data of the model file or of this program over; its strings are trusted. */
    static @Nullable Object own(@Nullable Object input) {
        return convert(input, true, 0);
    }

    private static @Nullable Object convert(@Nullable Object input, boolean own, int depth) {
        if (depth > MOST_INPUT_DEPTH) {
            throw new TemplateException(0, "the data nests deeper than " + MOST_INPUT_DEPTH);
        }
        return switch (input) {
            case null -> null;
            case Boolean flag -> flag;
            case Trusted text -> Text.own(text.value());
            case CharSequence text -> own ? Text.own(text.toString()) : Text.foreign(text.toString());
            case Byte number -> number.longValue();
            case Short number -> number.longValue();
            case Integer number -> number.longValue();
            case Long number -> number;
            case BigInteger number -> number.bitLength() < 64 ? (Object) number.longValue() : number.doubleValue();
            case Number number -> number.doubleValue();
            case List<?> list -> {
                var items = new ArrayList<@Nullable Object>(list.size());
                for (var item : list) {
                    items.add(convert(item, own, depth + 1));
                }
                yield items;
            }
            case Map<?, ?> map -> {
                var entries = LinkedHashMap.<@Nullable Object, @Nullable Object>newLinkedHashMap(map.size());
                map.forEach((key, value) -> entries.put(convert(key, own, depth + 1), convert(value, own, depth + 1)));
                yield entries;
            }
            default -> throw new TemplateException(0, "data of " + input.getClass() + " is not plain data");
        };
    }

    static boolean truth(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean flag -> flag;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case Text text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case Undefined _ -> false;
            default -> true;
        };
    }

    /** The kind of a value, for messages. */
    static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "none";
            case Boolean _ -> "a boolean";
            case Long _ -> "a whole number";
            case Double _ -> "a number";
            case Text _ -> "a string";
            case Tuple _ -> "a tuple";
            case List<?> _ -> "a list";
            case Map<?, ?> _ -> "a mapping";
            case Undefined undefined -> "nothing (" + undefined.what() + " is undefined)";
            case Namespace _ -> "a namespace";
            default -> "a function";
        };
    }

    static boolean equal(@Nullable Object left, @Nullable Object right, Meter meter) {
        meter.enter();
        boolean equal = switch (left) {
            case null -> right == null;
            case Boolean _,Long _,Double _ -> right != null && isNumber(right) && compareNumbers(left, right) == 0;
            case Text text -> {
                meter.steps(text.value().length() / 64);
                yield text.equals(right);
            }
            case List<?> list -> right instanceof List<?> other && list instanceof Tuple == other instanceof Tuple
                    && list.size() == other.size() && equalItems(list, other, meter);
            case Map<?, ?> map ->
                right instanceof Map<?, ?> other && map.size() == other.size() && equalEntries(map, other, meter);
            case Undefined _ -> right instanceof Undefined;
            default -> left.equals(right);
        };
        meter.leave();
        return equal;
    }

    private static boolean equalItems(List<?> left, List<?> right, Meter meter) {
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i), meter)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalEntries(Map<?, ?> left, Map<?, ?> right, Meter meter) {
        for (var entry : left.entrySet()) {
            if (!right.containsKey(entry.getKey()) || !equal(entry.getValue(), right.get(entry.getKey()), meter)) {
                return false;
            }
        }
        return true;
    }

    static boolean isNumber(@Nullable Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }

    /** A boolean counts as 0 or 1. */
    static Object asNumber(Object value) {
        return value instanceof Boolean flag ? (Object) (flag ? 1L : 0L) : value;
    }

    private static int compareNumbers(Object left, Object right) {
        var a = asNumber(left);
        var b = asNumber(right);
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        double x = ((Number) a).doubleValue();
        double y = ((Number) b).doubleValue();
        return x < y ? -1 : x == y ? 0 : 1;
    }

    /** The order of two values of one kind; values of different kinds have none. */
    static int compare(@Nullable Object left, @Nullable Object right, Meter meter) {
        if (left != null && right != null && isNumber(left) && isNumber(right)) {
            return compareNumbers(left, right);
        }
        if (left instanceof Text a && right instanceof Text b) {
            meter.steps(1 + a.value().length() / 64);
            return compareCodePoints(a.value(), b.value());
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            meter.enter();
            int order = 0;
            for (int i = 0; i < Math.min(a.size(), b.size()) && order == 0; i++) {
                if (!equal(a.get(i), b.get(i), meter)) {
                    order = compare(a.get(i), b.get(i), meter);
                }
            }
            meter.leave();
            return order != 0 ? order : Integer.compare(a.size(), b.size());
        }
        throw meter.error(kind(left) + " and " + kind(right) + " have no order");
    }

    /** Sorts by an order that NaN, and whole numbers beside others of their size, may not keep. */
    static void sort(List<@Nullable Object> items, Comparator<@Nullable Object> order, Meter meter) {
        try {
            items.sort(order);
        } catch (IllegalArgumentException e) {
            throw meter.error("the items have no order: there may be NaN among them");
        }
    }

    private static int compareCodePoints(String a, String b) {
        int at = 0;
        while (at < a.length() && at < b.length()) {
            int x = a.codePointAt(at);
            int y = b.codePointAt(at);
            if (x != y) {
                return Integer.compare(x, y);
            }
            at += Character.charCount(x);
        }
        return Integer.compare(a.length(), b.length());
    }

    /** What a value prints as: Python's {@code str}. */
    static Text print(@Nullable Object value, Meter meter) {
        if (value instanceof Text text) {
            meter.text(text.value().length());
            return text;
        }
        if (value instanceof Undefined) {
            return Text.EMPTY;
        }
        var out = new Text.Builder();
        represent(value, out, meter);
        return out.build();
    }

    /** Python's {@code repr}. */
    static void represent(@Nullable Object value, Text.Builder out, Meter meter) {
        meter.enter();
        meter.room(out.length());
        switch (value) {
            case null -> out.own("None");
            case Boolean flag -> out.own(flag ? "True" : "False");
            case Long number -> out.own(Long.toString(number));
            case Double number -> out.own(decimal(number));
            case Text text -> quote(text, out, meter);
            case List<?> list -> {
                boolean tuple = list instanceof Tuple;
                out.own(tuple ? "(" : "[");
                for (int i = 0; i < list.size(); i++) {
                    if (i > 0) {
                        out.own(", ");
                    }
                    represent(list.get(i), out, meter);
                }
                out.own(tuple ? list.size() == 1 ? ",)" : ")" : "]");
            }
            case Map<?, ?> map -> {
                out.own("{");
                boolean first = true;
                for (var entry : map.entrySet()) {
                    out.own(first ? "" : ", ");
                    first = false;
                    represent(entry.getKey(), out, meter);
                    out.own(": ");
                    represent(entry.getValue(), out, meter);
                }
                out.own("}");
            }
            case Undefined _ -> out.own("Undefined");
            case Namespace _ -> out.own("<Namespace>");
            default -> out.own("<function>");
        }
        meter.leave();
    }

    private static void quote(Text text, Text.Builder out, Meter meter) {
        meter.text(text.value().length());
        char quote = text.value().indexOf('\'') >= 0 && text.value().indexOf('"') < 0 ? '"' : '\'';
        out.own(String.valueOf(quote));
        out.add(text.map(run -> {
            var escaped = new StringBuilder(run.length() + 8);
            run.codePoints().forEach(c -> escape(c, quote, escaped));
            return escaped.toString();
        }));
        out.own(String.valueOf(quote));
    }

    private static void escape(int c, char quote, StringBuilder out) {
        switch (c) {
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c == quote) {
                    out.append('\\').append(quote);
                } else if (isPrintable(c)) {
                    out.appendCodePoint(c);
                } else {
                    out.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                }
            }
        }
    }

    private static boolean isPrintable(int c) {
        return c == ' ' || switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }

    /** A number as Python's {@code repr(float)} writes it. */
    static String decimal(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        var shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return shortest.scale() <= 0 ? shortest.toBigInteger() + ".0" : shortest.toPlainString();
        }
        var digits = shortest.unscaledValue().abs().toString();
        return (number < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /** The items that a loop goes over: characters of a string, keys of a mapping. */
    static List<@Nullable Object> items(@Nullable Object value, Meter meter) {
        return switch (value) {
            case List<?> list -> {
                @SuppressWarnings("unchecked")
                var items = (List<@Nullable Object>) list;
                yield items;
            }
            case Map<?, ?> map -> {
                meter.steps(map.size());
                yield new ArrayList<@Nullable Object>(map.keySet());
            }
            case Text text -> {
                meter.characters(text);
                var characters = new ArrayList<@Nullable Object>();
                for (int at = 0; at < text.value().length();) {
                    int next = text.value().offsetByCodePoints(at, 1);
                    characters.add(text.sub(at, next));
                    at = next;
                }
                yield characters;
            }
            case Undefined _ -> List.of();
            case null, default -> throw meter.error(kind(value) + " can not be iterated over");
        };
    }
}
