package dev.pareto.engine.text.template;

/** The plain part of Python's {@code str.format}: {@code {}}, {@code {0}} and {@code {name}}. */
final class BraceFormat {

    private BraceFormat() {}

    static Text format(Text format, Arguments arguments) {
        var meter = arguments.meter();
        var out = new Text.Builder();
        var pattern = format.value();
        int automatic = 0;
        for (int at = 0; at < pattern.length();) {
            char c = pattern.charAt(at);
            if (c != '{' && c != '}') {
                int end = at;
                while (end < pattern.length() && pattern.charAt(end) != '{' && pattern.charAt(end) != '}') {
                    end++;
                }
                out.add(format.sub(at, end));
                at = end;
            } else if (at + 1 < pattern.length() && pattern.charAt(at + 1) == c) {
                out.add(format.sub(at, at + 1));
                at += 2;
            } else {
                int end = c == '{' ? pattern.indexOf('}', at) : -1;
                if (end < 0) {
                    throw meter.error("a brace in the format is not closed");
                }
                var field = pattern.substring(at + 1, end);
                boolean place = !field.isEmpty() && field.length() < 4
                        && field.chars().allMatch(d -> d >= '0' && d <= '9');
                if (!place && !field.isEmpty()
                        && !field.chars().allMatch(d -> d == '_' || Character.isLetterOrDigit(d))) {
                    throw meter.error("the format field '" + field + "' is not supported");
                }
                int index = place ? Integer.parseInt(field) : field.isEmpty() ? automatic++ : Integer.MAX_VALUE;
                out.add(Values.print(arguments.require(index, field), meter));
                at = end + 1;
            }
            meter.step();
            meter.room(out.length());
        }
        return out.build();
    }
}
