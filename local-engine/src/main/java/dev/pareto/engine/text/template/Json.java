package dev.pareto.engine.text.template;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The {@code tojson} of chat templates: Python's {@code json.dumps}, usually with {@code ensure_ascii=False}. */
final class Json {

    private final Text.Builder out = new Text.Builder();
    private final Meter meter;
    private final @Nullable String indent;
    private final Text comma;
    private final Text colon;
    private final boolean sorted;
    private final boolean ascii;

    private Json(Arguments arguments) {
        arguments.allow("ensure_ascii", "indent", "separators", "sort_keys");
        meter = arguments.meter();
        indent = indent(arguments.get(1, "indent", null), meter);
        sorted = arguments.flag(3, "sort_keys", false);
        ascii = arguments.flag(0, "ensure_ascii", false);
        if (arguments.get(2, "separators", null) instanceof List<?> pair && pair.size() == 2
                && pair.get(0) instanceof Text first && pair.get(1) instanceof Text second) {
            comma = first;
            colon = second;
        } else {
            comma = Text.own(indent == null ? ", " : ",");
            colon = Text.own(": ");
        }
    }

    static Text write(@Nullable Object value, Arguments arguments) {
        var json = new Json(arguments);
        json.value(value, 0);
        json.meter.text(json.out.length()); // indents and separators too
        return json.out.build();
    }

    private static @Nullable String indent(@Nullable Object indent, Meter meter) {
        return switch (indent) {
            case null -> null;
            case Long spaces when spaces >= 0 && spaces <= 16 -> " ".repeat(spaces.intValue());
            case Text text when text.value().length() <= 16 -> text.value();
            default -> throw meter.error("tojson needs an indent from 0 to 16");
        };
    }

    private void value(@Nullable Object value, int depth) {
        meter.enter();
        meter.room(out.length());
        switch (value) {
            case null -> out.own("null");
            case Boolean flag -> out.own(flag ? "true" : "false");
            case Long number -> out.own(Long.toString(number));
            case Double number -> out.own(Double.isNaN(number)
                    ? "NaN"
                    : Double.isInfinite(number)
                            ? number > 0 ? "Infinity" : "-Infinity"
                            : Values.decimal(number));
            case Text text -> string(text);
            case List<?> list -> list(list, depth);
            case Map<?, ?> map -> map(map, depth);
            default -> throw meter.error(Values.kind(value) + " can not be written as JSON");
        }
        meter.leave();
    }

    private void list(List<?> list, int depth) {
        if (list.isEmpty()) {
            out.own("[]");
            return;
        }
        out.own("[");
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                out.add(comma);
            }
            newLine(depth + 1);
            value(list.get(i), depth + 1);
        }
        newLine(depth);
        out.own("]");
    }

    private void map(Map<?, ?> map, int depth) {
        if (map.isEmpty()) {
            out.own("{}");
            return;
        }
        var keys = new ArrayList<@Nullable Object>(map.keySet());
        if (sorted) {
            Values.sort(keys, (a, b) -> Values.compare(a, b, meter), meter);
        }
        out.own("{");
        boolean first = true;
        for (var key : keys) {
            if (!first) {
                out.add(comma);
            }
            first = false;
            newLine(depth + 1);
            switch (key) {
                case Text text -> string(text);
                case null -> out.own("\"null\"");
                case Boolean flag -> out.own(flag ? "\"true\"" : "\"false\"");
                default -> out.own("\"").add(Values.print(key, meter)).own("\"");
            }
            out.add(colon);
            value(map.get(key), depth + 1);
        }
        newLine(depth);
        out.own("}");
    }

    private void newLine(int depth) {
        if (indent != null) {
            out.own("\n").own(indent.repeat(depth));
        }
    }

    private void string(Text text) {
        meter.text(text.value().length());
        out.own("\"").add(text.map(this::escape)).own("\"");
    }

    private String escape(String run) {
        var out = new StringBuilder(run.length() + 8);
        for (int i = 0; i < run.length(); i++) {
            char c = run.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7E)) {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.toString();
    }
}
