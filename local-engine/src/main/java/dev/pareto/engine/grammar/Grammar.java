package dev.pareto.engine.grammar;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;

/**
 * What the text of an answer must match. Compiling costs from microseconds to, for schemas of thousands of lines, some
 * hundred milliseconds; two grammars that were written alike are equal, and an engine keeps what it has learnt of one for
 * the next request that brings an equal one. Immutable, safe to share.
 */
public final class Grammar {

    private final String kind;
    private final String source;
    private final Automaton automaton;

    private Grammar(String kind, String source, Map<String, Expression> rules) {
        this.kind = kind;
        this.source = source;
        this.automaton = Automaton.of(rules);
    }

    /**
     * A grammar in the notation of llama.cpp; texts begin at the rule {@code root}.
     *
     * @throws EngineException.InvalidRequest with line and column, if it is wrong, begins with itself or is too large
     */
    public static Grammar gbnf(String text) {
        return new Grammar("gbnf", text, GbnfParser.parse(text));
    }

    /**
     * A regular expression that the whole text must match.
     *
     * @throws EngineException.InvalidRequest if it is wrong, too large or not regular (look-around, back references)
     */
    public static Grammar regex(String pattern) {
        return new Grammar("regex", pattern,
                Map.of("root", RegexParser.whole(pattern, Expression.Characters::new)));
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
        return new Grammar("schema", text, new SchemaCompiler(schema).rules());
    }

    /** How much there is of it: a state takes about a hundred bytes. */
    public int states() {
        return automaton.size();
    }

    Automaton automaton() {
        return automaton;
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
        return kind + " grammar of " + automaton.size() + " states";
    }
}
