package dev.pareto.engine.text.template;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The functions that every template can call. */
final class Functions {

    /** What reading one pattern of a date costs. */
    private static final int PATTERN_STEPS = 20;

    private Functions() {}

    static void define(Scope scope, InstantSource clock) {
        scope.set("range", (Callable) Functions::range);
        scope.set("dict", (Callable) Functions::dict);
        scope.set("namespace", (Callable) Functions::namespace);
        scope.set("raise_exception", (Callable) a -> {
            throw a.meter()
                    .error(
                            "the template refuses: "
                                    + Values.print(a.allow("message").require(0, "message"), a.meter()));
        });
        scope.set("strftime_now",
                (Callable) a -> Text
                        .own(date(a.allow("format").text(0, "format").value(), clock.instant(), a.meter())));
    }

    private static List<@Nullable Object> range(Arguments a) {
        var meter = a.meter();
        a.allow("start", "stop", "step");
        boolean single = a.positional().size() == 1;
        long from = single ? 0 : a.integer(0, "start", 0);
        long to = single ? a.integer(0, "stop", 0) : a.integer(1, "stop", 0);
        long step = a.integer(2, "step", 1);
        if (a.positional().isEmpty() || step == 0) {
            throw meter.error("range needs an end, and a step that is not zero");
        }
        var numbers = new ArrayList<@Nullable Object>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            if (numbers.size() >= meter.mostIterations()) {
                throw meter.error("a range of more than " + meter.mostIterations() + " numbers");
            }
            meter.step();
            numbers.add(i);
        }
        return numbers;
    }

    private static Map<@Nullable Object, @Nullable Object> dict(Arguments a) {
        var meter = a.meter();
        var dict = new LinkedHashMap<@Nullable Object, @Nullable Object>();
        for (var source : a.positional()) {
            if (source instanceof Map<?, ?> map) {
                meter.steps(map.size());
                dict.putAll(map);
            } else {
                for (var item : Values.items(source, meter)) {
                    meter.step();
                    var pair = Values.items(item, meter);
                    if (pair.size() != 2 || !Operators.isKey(pair.getFirst())) {
                        throw meter.error("dict needs pairs of a key and a value");
                    }
                    dict.put(pair.getFirst(), pair.getLast());
                }
            }
        }
        a.named().forEach((name, value) -> dict.put(Text.own(name), value));
        return dict;
    }

    private static Namespace namespace(Arguments a) {
        var namespace = new Namespace();
        dict(a).forEach((name, value) -> namespace.set(Values.print(name, a.meter()).value(), value));
        return namespace;
    }

    /** A date in UTC, by C's {@code strftime} in English. */
    private static String date(String format, Instant now, Meter meter) {
        meter.text(format.length());
        var time = now.atOffset(ZoneOffset.UTC);
        var out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            boolean bare = format.charAt(++i) == '-' && i + 1 < format.length();
            char letter = bare ? format.charAt(++i) : format.charAt(i);
            var pattern = switch (letter) {
                case 'Y' -> "yyyy";
                case 'y' -> "yy";
                case 'm' -> bare ? "M" : "MM";
                case 'd' -> bare ? "d" : "dd";
                case 'e' -> "ppd";
                case 'H' -> bare ? "H" : "HH";
                case 'I' -> bare ? "h" : "hh";
                case 'M' -> bare ? "m" : "mm";
                case 'S' -> bare ? "s" : "ss";
                case 'p' -> "a";
                case 'B' -> "MMMM";
                case 'b', 'h' -> "MMM";
                case 'A' -> "EEEE";
                case 'a' -> "EEE";
                case 'j' -> bare ? "D" : "DDD";
                case 'F' -> "yyyy-MM-dd";
                case 'T' -> "HH:mm:ss";
                case 'z' -> "'+0000'";
                case 'Z' -> "'UTC'";
                case '%' -> "'%'";
                default -> throw meter.error("strftime_now does not know '%" + letter + "'");
            };
            meter.steps(PATTERN_STEPS);
            meter.room(out.length());
            out.append(DateTimeFormatter.ofPattern(pattern, Locale.US).format(time));
        }
        return out.toString();
    }
}
