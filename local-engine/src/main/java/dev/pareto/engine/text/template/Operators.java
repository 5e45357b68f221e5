package dev.pareto.engine.text.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The operators of expressions with Python's rules; whole numbers have 64 bits and overflow is an error. */
final class Operators {

    private Operators() {}

    static @Nullable Object apply(String operator, @Nullable Object left, @Nullable Object right, Meter meter) {
        if (operator.equals("~")) {
            return concatenate(Values.print(left, meter), Values.print(right, meter), meter);
        }
        if (left instanceof Undefined undefined) {
            throw undefined.error(meter);
        }
        if (operator.equals("%") && left instanceof Text format) {
            return format(format, right instanceof Tuple tuple ? tuple : Collections.singletonList(right),
                    meter);
        }
        if (right instanceof Undefined undefined) {
            throw undefined.error(meter);
        }
        if (left != null && right != null && Values.isNumber(left) && Values.isNumber(right)) {
            return arithmetic(operator, Values.asNumber(left), Values.asNumber(right), meter);
        }
        if (operator.equals("+") && left instanceof Text a && right instanceof Text b) {
            return concatenate(a, b, meter);
        }
        if (operator.equals("+") && left instanceof List<?> a && right instanceof List<?> b
                && a instanceof Tuple == b instanceof Tuple) {
            meter.steps((long) a.size() + b.size());
            var sum = new ArrayList<@Nullable Object>(a);
            sum.addAll(b);
            return a instanceof Tuple ? new Tuple(sum) : sum;
        }
        if (operator.equals("*")) {
            if (right instanceof Long times && (left instanceof Text || left instanceof List<?>)) {
                return repeat(left, times, meter);
            }
            if (left instanceof Long times && (right instanceof Text || right instanceof List<?>)) {
                return repeat(right, times, meter);
            }
        }
        throw meter.error(
                "'" + operator + "' is not defined for " + Values.kind(left) + " and " + Values.kind(right));
    }

    private static Text concatenate(Text left, Text right, Meter meter) {
        meter.text((long) left.value().length() + right.value().length());
        return left.plus(right);
    }

    private static Object repeat(Object what, long times, Meter meter) {
        long rounds = Math.max(0, times);
        if (what instanceof Text text) {
            meter.text(saturatedProduct(text.value().length(), rounds));
            var out = new Text.Builder();
            for (long i = 0; i < rounds && !text.isEmpty(); i++) {
                out.add(text);
            }
            return out.build();
        }
        var list = (List<?>) what;
        meter.steps(saturatedProduct(list.size(), rounds));
        var out = new ArrayList<@Nullable Object>();
        for (long i = 0; i < rounds && !list.isEmpty(); i++) {
            out.addAll(list);
        }
        return list instanceof Tuple ? new Tuple(out) : out;
    }

    private static long saturatedProduct(long a, long b) {
        return a == 0 || b == 0 ? 0 : a > Integer.MAX_VALUE / b ? Integer.MAX_VALUE : a * b;
    }

    private static Object arithmetic(String operator, Object left, Object right, Meter meter) {
        try {
            if (left instanceof Long a && right instanceof Long b) {
                return whole(operator, a, b, meter);
            }
        } catch (ArithmeticException e) {
            throw meter.error("'" + operator + "' gives a number of more than 64 bits");
        }
        double a = ((Number) left).doubleValue();
        double b = ((Number) right).doubleValue();
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / divisor(b, meter);
            case "//" -> Math.floor(a / divisor(b, meter));
            case "%" -> a - divisor(b, meter) * Math.floor(a / b);
            case "**" -> Math.pow(a, b);
            default -> throw meter.error("unknown operator '" + operator + "'");
        };
    }

    private static Object whole(String operator, long a, long b, Meter meter) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "/" -> (double) a / divisor((double) b, meter);
            case "//" -> divisor((double) b, meter) == -1 ? Math.negateExact(a) : Math.floorDiv(a, b);
            case "%" -> divisor((double) b, meter) == -1 ? 0L : Math.floorMod(a, b);
            case "**" -> b < 0 ? (Object) Math.pow((double) a, (double) b) : (Object) power(a, b);
            default -> throw meter.error("unknown operator '" + operator + "'");
        };
    }

    private static double divisor(double divisor, Meter meter) {
        if (divisor == 0) {
            throw meter.error("division by zero");
        }
        return divisor;
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result = Math.multiplyExact(result, square);
            }
            if (rest > 1) {
                square = Math.multiplyExact(square, square);
            }
        }
        return result;
    }

    static boolean compare(String operator, @Nullable Object left, @Nullable Object right, Meter meter) {
        return switch (operator) {
            case "==" -> Values.equal(left, right, meter);
            case "!=" -> !Values.equal(left, right, meter);
            case "in" -> contains(right, left, meter);
            case "not in" -> !contains(right, left, meter);
            default -> ordered(operator, left, right, meter);
        };
    }

    private static boolean ordered(String operator, @Nullable Object left, @Nullable Object right, Meter meter) {
        if (left instanceof Undefined undefined) {
            throw undefined.error(meter);
        }
        if (right instanceof Undefined undefined) {
            throw undefined.error(meter);
        }
        int order = Values.compare(left, right, meter);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> throw meter.error("unknown operator '" + operator + "'");
        };
    }

    static boolean contains(@Nullable Object container, @Nullable Object item, Meter meter) {
        return switch (container) {
            case Text text -> {
                if (!(item instanceof Text part)) {
                    throw meter.error("a string can not hold " + Values.kind(item));
                }
                meter.search(text, part);
                yield text.value().contains(part.value());
            }
            case Map<?, ?> map -> isKey(item) && map.containsKey(item);
            case List<?> list -> {
                boolean found = false;
                for (int i = 0; i < list.size() && !found; i++) {
                    found = Values.equal(list.get(i), item, meter);
                }
                yield found;
            }
            case Undefined _ -> false;
            case null, default -> throw meter.error(Values.kind(container) + " can not hold anything");
        };
    }

    /** Whether a value can be the key of a mapping: data that never changes. */
    static boolean isKey(@Nullable Object value) {
        return value == null || value instanceof Text || Values.isNumber(value);
    }

    /** Python's {@code %} formatting with the conversions s, r, d, i, f, x and %. */
    static Text format(Text format, List<?> values, Meter meter) {
        var out = new Text.Builder();
        var pattern = format.value();
        int used = 0;
        int at = 0;
        while (at < pattern.length()) {
            int percent = pattern.indexOf('%', at);
            if (percent < 0) {
                break;
            }
            out.add(format.sub(at, percent));
            int end = percent + 1;
            while (end < pattern.length() && ".0123456789".indexOf(pattern.charAt(end)) >= 0) {
                end++;
            }
            if (end >= pattern.length() || end > percent + 4) {
                throw meter.error("the format '" + pattern + "' is not complete");
            }
            char conversion = pattern.charAt(end);
            if (conversion == '%') {
                out.own("%");
            } else {
                if (used >= values.size()) {
                    throw meter.error("the format '" + pattern + "' needs more values");
                }
                convert(pattern.substring(percent + 1, end), conversion, values.get(used++), out, meter);
            }
            at = end + 1;
            meter.step();
            meter.room(out.length());
        }
        if (used < values.size()) {
            throw meter.error("the format '" + pattern + "' needs fewer values");
        }
        return out.add(format.sub(at, pattern.length())).build();
    }

    private static void convert(String precision, char conversion, @Nullable Object value, Text.Builder out,
            Meter meter) {
        if (conversion == 's') {
            out.add(Values.print(value, meter));
        } else if (conversion == 'r') {
            Values.represent(value, out, meter);
        } else if (value != null && Values.isNumber(value)) {
            var number = (Number) Values.asNumber(value);
            switch (conversion) {
                case 'd', 'i' -> out.own(Long.toString(number.longValue()));
                case 'x' -> out.own(Long.toHexString(number.longValue()));
                case 'f' -> out.own(fixed(number.doubleValue(), digits(precision, meter)));
                default -> throw meter.error("unknown conversion '%" + conversion + "'");
            }
        } else {
            throw meter.error("'%" + conversion + "' needs a number, got " + Values.kind(value));
        }
    }

    /** How many digits the {@code .2} of {@code %5.2f} asks for; a width is not kept. */
    private static int digits(String precision, Meter meter) {
        int point = precision.indexOf('.');
        var digits = point < 0 ? "6" : precision.substring(point + 1);
        if (digits.isEmpty()) {
            return 0;
        }
        if (digits.indexOf('.') >= 0) {
            throw meter.error("the format '%" + precision + "f' has more than one point");
        }
        return Integer.parseInt(digits);
    }

    private static String fixed(double number, int digits) {
        return Double.isFinite(number)
                ? new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
                : Values.decimal(number);
    }
}
