package dev.pareto.engine.grammar;

import static java.util.Comparator.comparingInt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;

/**
 * What the text of an answer must match. Compiling costs from microseconds to, for schemas of thousands of lines,
 * some hundred milliseconds; two grammars that were written alike are equal, and an engine keeps what it has learnt
 * of one for the next request that brings an equal one. What is combined of others is compiled when it is first used.
 * Immutable, safe to share.
 */
public final class Grammar {

    private final String kind;
    private final String source;
    private final Map<String, Expression> rules;
    private @Nullable Automaton automaton;

    private Grammar(String kind, String source, Map<String, Expression> rules) {
        this.kind = kind;
        this.source = source;
        this.rules = rules;
    }

    /**
     * A grammar in the notation of llama.cpp; texts begin at the rule {@code root}.
     *
     * @throws EngineException.InvalidRequest with line and column, if it is wrong, begins with itself or is too large
     */
    public static Grammar gbnf(String text) {
        return new Grammar("gbnf", text, GbnfParser.parse(text)).compiled();
    }

    /**
     * A regular expression that the whole text must match.
     *
     * @throws EngineException.InvalidRequest if it is wrong, too large or not regular (look-around, back references)
     */
    public static Grammar regex(String pattern) {
        return new Grammar("regex", pattern,
                Map.of("root", RegexParser.whole(pattern, Expression.Characters::new))).compiled();
    }

    /** Any JSON object: {@code response_format} of type {@code json_object}. */
    public static Grammar jsonObject() {
        return jsonSchema(Map.of("type", "object"));
    }

    /**
     * JSON that a schema holds for. Properties come in the order of the schema; those of {@code additionalProperties}
     * last. A text is always valid for the schema, but not every valid text can be written: numbers have at most 16 digits
     * before and 15 after the point, fractions between bounds 15 in all, which every double tells apart; and unbounded
     * lists of properties are closed unless the schema says otherwise.
     *
     * @param schema as plain maps, lists, strings, numbers and booleans, in the order they should be written; or a
     *            boolean
     * @throws EngineException.InvalidRequest with the place in the schema, if it uses what cannot be held by a grammar
     */
    public static Grammar jsonSchema(Object schema) {
        var text = JsonText.write(schema);
        return new Grammar("schema", text, new SchemaCompiler(schema).rules()).compiled();
    }

    /**
     * This text and no other.
     *
     * @param markers what control tokens of that name may stand for, where it is part of the text
     */
    public static Grammar text(String text, List<String> markers) {
        var parts = new ArrayList<Expression>();
        int from = 0;
        for (int at = 0; at < text.length();) {
            int place = at;
            var marker = markers.stream().filter(one -> text.startsWith(one, place)).max(comparingInt(String::length));
            if (marker.isEmpty()) {
                at++;
                continue;
            }
            parts.add(Expression.text(text.substring(from, at)));
            parts.add(new Expression.Marker(marker.get()));
            at += marker.get().length();
            from = at;
        }
        parts.add(Expression.text(text.substring(from)));
        return new Grammar("text", parts.toString(), Map.of("root", new Expression.Sequence(parts)));
    }

    /**
     * Any text up to the first place where it ends with this one, which is part of it and may be a control token.
     *
     * @param end not empty
     */
    public static Grammar until(String end) {
        return new Grammar("until", end, UpTo.rules(end));
    }

    /** A text of each part, one after the other. */
    public static Grammar sequence(List<Grammar> parts) {
        return combined("sequence", parts, Expression.Sequence::new);
    }

    /** A text of one of the options. */
    public static Grammar anyOf(List<Grammar> options) {
        return combined("anyOf", options, Expression.Choice::new);
    }

    /** A text of the part, or none. */
    public static Grammar optional(Grammar part) {
        return combined("optional", List.of(part), parts -> Expression.optional(parts.getFirst()));
    }

    /** One or more texts of an element, with a separator between them. */
    public static Grammar list(Grammar element, Grammar separator) {
        return combined("list", List.of(element, separator), parts -> Expression.sequence(parts.getFirst(),
                Expression.any(Expression.sequence(parts.getLast(), parts.getFirst()))));
    }

    private static Grammar combined(String kind, List<Grammar> parts,
            Function<List<Expression>, Expression> combination) {
        var rules = new LinkedHashMap<String, Expression>();
        var roots = new ArrayList<Expression>();
        var source = new StringBuilder();
        for (var part : parts) {
            var prefix = roots.size() + "/";
            part.rules.forEach((name, body) -> rules.put(prefix + name, Expression.renamed(body, prefix)));
            roots.add(new Expression.Reference(prefix + "root"));
            source.append(part.kind).append(' ').append(part.source.length()).append(' ').append(part.source);
        }
        rules.put("root", combination.apply(roots));
        return new Grammar(kind, source.toString(), rules);
    }

    private Grammar compiled() {
        automaton();
        return this;
    }

    /**
     * How much there is of it: a state takes about a hundred bytes.
     *
     * @throws EngineException.InvalidRequest if it is a combination that is too large
     */
    public int states() {
        return automaton().size();
    }

    synchronized Automaton automaton() {
        var known = automaton;
        if (known == null) {
            known = Automaton.of(rules);
            automaton = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Grammar grammar && kind.equals(grammar.kind) && source.equals(grammar.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return kind + " grammar of " + states() + " states";
    }
}
