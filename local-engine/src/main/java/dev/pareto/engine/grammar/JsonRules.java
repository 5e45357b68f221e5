package dev.pareto.engine.grammar;

import static dev.pareto.engine.grammar.Expression.UNLIMITED;
import static dev.pareto.engine.grammar.Expression.any;
import static dev.pareto.engine.grammar.Expression.characters;
import static dev.pareto.engine.grammar.Expression.choice;
import static dev.pareto.engine.grammar.Expression.optional;
import static dev.pareto.engine.grammar.Expression.sequence;
import static dev.pareto.engine.grammar.Expression.text;
import static dev.pareto.engine.grammar.Expression.times;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/** The parts of JSON that every schema shares, and the formats of strings that have a grammar. */
final class JsonRules {

    /** Between marks: nothing, one space, or a line break with an indent. Bounded, so that a model cannot idle in it. */
    static final Expression SPACE = new Expression.Reference("space");
    static final Expression STRING = new Expression.Reference("string");
    static final Expression NUMBER = new Expression.Reference("number");
    static final Expression INTEGER = new Expression.Reference("integer");
    static final Expression VALUE = new Expression.Reference("value");

    /** Characters that strings hold as they are. */
    static final CodePoints PLAIN = CodePoints.of(0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7E, 0x80, 0x10FFFF);

    private static final Expression DIGIT = characters('0', '9');
    private static final Expression HEX = characters('0', '9', 'a', 'f', 'A', 'F');

    /** One character of a string. Escapes by number are of the basic plane only, so that each is one character. */
    static final Expression CHARACTER = choice(new Expression.Characters(PLAIN),
            sequence(text("\\"), choice(
                    characters('"', '"', '\\', '\\', '/', '/', 'b', 'b', 'f', 'f', 'n', 'n', 'r', 'r',
                            't', 't'),
                    sequence(text("u"), choice(
                            sequence(characters('0', '9', 'a', 'c', 'A', 'C', 'e', 'f', 'E', 'F'), times(HEX, 3, 3)),
                            sequence(characters('d', 'd', 'D', 'D'), characters('0', '7'), times(HEX, 2, 2)))))));

    private static final Expression WHOLE = sequence(optional(text("-")),
            choice(text("0"), sequence(characters('1', '9'), times(DIGIT, 0, 15))));

    private static final String DATE = "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
            + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
            + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
    private static final String TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?"
            + "(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

    private static final Map<String, String> FORMATS = Map.of("date", DATE, "time", TIME, "date-time",
            DATE + "T" + TIME,
            "uuid", "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", "email",
            "[A-Za-z0-9_+-]{1,16}(?:\\.[A-Za-z0-9_+-]{1,15}){0,3}@(?:" + LABEL + "\\.){1,4}[A-Za-z]{2,12}", "ipv4",
            "(?:" + OCTET + "\\.){3}" + OCTET);

    private JsonRules() {}

    /** The rules that the constants refer to. */
    static void addTo(Map<String, Expression> rules) {
        rules.put("space", choice(Expression.EMPTY, text(" "),
                sequence(text("\n"), times(characters(' ', ' ', '\t', '\t'), 0, 20))));
        rules.put("string", string(0, UNLIMITED));
        rules.put("integer", WHOLE);
        rules.put("number", sequence(WHOLE, optional(sequence(text("."), times(DIGIT, 1, 15))),
                optional(sequence(characters('e', 'e', 'E', 'E'), optional(characters('+', '+', '-', '-')),
                        times(DIGIT, 1, 2)))));
        rules.put("value", choice(STRING, NUMBER, text("true"), text("false"), text("null"),
                new Expression.Reference("object"), new Expression.Reference("array")));
        rules.put("object", sequence(text("{"), SPACE,
                optional(sequence(list(sequence(STRING, text(":"), SPACE, VALUE)), SPACE)), text("}")));
        rules.put("array", sequence(text("["), SPACE, optional(sequence(list(VALUE), SPACE)), text("]")));
    }

    /** One or more, with commas between. */
    static Expression list(Expression element) {
        return sequence(element, any(sequence(text(","), SPACE, element)));
    }

    static Expression string(int least, int most) {
        return sequence(text("\""), times(CHARACTER, least, most), text("\""));
    }

    /** A string that a regular expression finds something in. */
    static Expression matching(String pattern) {
        return sequence(text("\""), RegexParser.within(pattern, JsonRules::inString), text("\""));
    }

    /** Strings of a format, or null where any string will do. */
    static @Nullable Expression format(String name) {
        var pattern = FORMATS.get(name);
        return pattern == null ? null : matching("^(?:" + pattern + ")$");
    }

    /** One character of a set, as a string of JSON writes it. */
    static Expression inString(CodePoints set) {
        var options = new ArrayList<Expression>();
        var plain = set.and(CodePoints.of(0x20, 0x21, 0x23, 0x5B, 0x5D, 0x10FFFF));
        if (!plain.isEmpty()) {
            options.add(new Expression.Characters(plain));
        }
        for (char c = 0; c <= '\\'; c++) {
            if ((c < 0x20 || c == '"' || c == '\\') && set.contains(c)) {
                options.add(text(JsonText.escaped(c)));
            }
        }
        return new Expression.Choice(options);
    }

    /** The name of a property that is none of these; without escapes, so that none can be spelled otherwise. */
    static Expression otherName(List<String> names) {
        return sequence(text("\""), otherThan(names.stream().map(name -> name.codePoints().toArray()).toList(), 0),
                text("\""));
    }

    private static Expression otherThan(List<int[]> names, int depth) {
        var plain = new Expression.Characters(PLAIN);
        var options = new ArrayList<Expression>();
        if (names.stream().noneMatch(name -> name.length == depth)) {
            options.add(Expression.EMPTY);
        }
        var following = new LinkedHashMap<Integer, List<int[]>>();
        for (var name : names) {
            if (name.length > depth) {
                following.computeIfAbsent(name[depth], _ -> new ArrayList<>()).add(name);
            }
        }
        following.forEach((code, same) -> {
            if (PLAIN.contains(code)) {
                options.add(sequence(characters(code, code), otherThan(same, depth + 1)));
            }
        });
        var taken = CodePoints.of(following.keySet().stream().flatMapToInt(code -> IntStream.of(code, code)).toArray());
        options.add(sequence(new Expression.Characters(PLAIN.and(taken.not())), any(plain)));
        return choice(options);
    }
}
