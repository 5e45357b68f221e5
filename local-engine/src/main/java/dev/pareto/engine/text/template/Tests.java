package dev.pareto.engine.text.template;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The tests behind {@code is}. */
final class Tests {

    private Tests() {}

    static boolean apply(String name, @Nullable Object value, Arguments arguments) {
        var meter = arguments.meter();
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == null;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Values.isNumber(value);
            case "string" -> value instanceof Text;
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence" -> value instanceof Text || value instanceof List<?> || value instanceof Map<?, ?>
                    || value instanceof Undefined;
            case "iterable" -> value instanceof Text || value instanceof List<?> || value instanceof Map<?, ?>
                    || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "even" -> Math.floorMod(whole(name, value, meter), 2L) == 0;
            case "odd" -> Math.floorMod(whole(name, value, meter), 2L) == 1;
            case "divisibleby" -> {
                long divisor = whole(name, arguments.allow("num").require(0, "num"), meter);
                if (divisor == 0) {
                    throw meter.error("division by zero");
                }
                yield Math.floorMod(whole(name, value, meter), divisor) == 0;
            }
            case "lower" -> TextMethods.cased(Values.print(value, meter), false);
            case "upper" -> TextMethods.cased(Values.print(value, meter), true);
            case "sameas" -> same(value, arguments.allow("other").require(0, "other"), meter);
            case "in" -> Operators.contains(arguments.allow("seq").require(0, "seq"), value, meter);
            case "eq", "equalto", "==" -> compare("==", value, arguments);
            case "ne", "!=" -> compare("!=", value, arguments);
            case "lt", "lessthan", "<" -> compare("<", value, arguments);
            case "le", "<=" -> compare("<=", value, arguments);
            case "gt", "greaterthan", ">" -> compare(">", value, arguments);
            case "ge", ">=" -> compare(">=", value, arguments);
            default -> throw meter.error("unknown test '" + name + "'");
        };
    }

    private static boolean compare(String operator, @Nullable Object value, Arguments arguments) {
        return Operators.compare(operator, value, arguments.allow("other").require(0, "other"), arguments.meter());
    }

    private static boolean same(@Nullable Object value, @Nullable Object other, Meter meter) {
        boolean sameKind = value != null && other != null && value.getClass().equals(other.getClass());
        return sameKind ? Values.equal(value, other, meter) : value == null && other == null;
    }

    private static long whole(String test, @Nullable Object value, Meter meter) {
        if (value instanceof Long number) {
            return number;
        }
        throw meter.error("the test '" + test + "' needs a whole number, got " + Values.kind(value));
    }
}
