package dev.pareto.engine.grammar;

import static dev.pareto.engine.grammar.Expression.UNLIMITED;
import static dev.pareto.engine.grammar.Expression.choice;
import static dev.pareto.engine.grammar.Expression.optional;
import static dev.pareto.engine.grammar.Expression.sequence;
import static dev.pareto.engine.grammar.Expression.text;
import static dev.pareto.engine.grammar.Expression.times;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EngineException;

/**
 * Turns a JSON schema into rules whose texts are all valid for it. Keywords that restrict and have no grammar are refused
 * by name and place rather than ignored; annotations and unknown keywords are let through, as the specification (draft
 * 2020-12) wants. Each object, array and reference becomes a rule, shared by all its uses.
 */
final class SchemaCompiler {

    private static final int MAX_COUNT = 1000;
    private static final int MAX_NAME = 256;
    /** Of all names that further ones must differ from: each character takes some forty edges. */
    private static final int MAX_NAMES = 40_000;
    /** Properties of which any may come first: each takes three of the stacks that a state may have. */
    private static final int MAX_FIRSTS = 1000;
    private static final int MAX_SCHEMAS = 20_000;
    /** Elements of a tuple that nest in one rule: what may be left out nests, and that costs the stack. */
    private static final int MAX_NESTED = 50;
    /** Digits behind the point of a bound, far beyond what a double has. */
    private static final int MAX_SCALE = 1000;
    private static final List<String> TYPES = List.of("object", "array", "string", "number", "integer", "boolean",
            "null");
    private static final Set<String> UNSUPPORTED = Set.of("not", "if", "then", "else", "dependentRequired",
            "dependentSchemas", "dependencies", "patternProperties", "propertyNames", "contains", "minContains",
            "maxContains", "minProperties", "maxProperties", "unevaluatedProperties", "unevaluatedItems",
            "additionalItems", "$dynamicRef", "$recursiveRef");
    /** Keywords that restrict a value beside those that stand alone. */
    private static final Set<String> RESTRICTING = Set.of("type", "enum", "const", "properties", "required",
            "additionalProperties", "items", "prefixItems", "minItems", "maxItems", "minLength", "maxLength", "pattern",
            "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "anyOf", "oneOf", "allOf",
            "$ref");

    private final Object root;
    private final SchemaPointers pointers;
    private final Map<String, Expression> rules = new LinkedHashMap<>();
    private final Set<String> referred = new LinkedHashSet<>();
    private final ArrayDeque<String> open = new ArrayDeque<>();
    private int schemas;

    SchemaCompiler(Object root) {
        this.root = root;
        this.pointers = new SchemaPointers(root);
    }

    Map<String, Expression> rules() {
        JsonRules.addTo(rules);
        rules.put("root", value(root, "#"));
        while (!open.isEmpty()) {
            var pointer = open.remove();
            rules.put("ref " + pointer, value(pointers.resolve(pointer), pointer));
        }
        return rules;
    }

    private Expression value(@Nullable Object schema, String at) {
        if (++schemas > MAX_SCHEMAS || at.length() > 10_000) {
            throw new EngineException.InvalidRequest("the JSON schema is too large at " + shortened(at));
        }
        if (Boolean.TRUE.equals(schema)) {
            return JsonRules.VALUE;
        }
        if (Boolean.FALSE.equals(schema)) {
            return new Expression.Choice(List.of());
        }
        if (!(schema instanceof Map<?, ?> map)) {
            throw wrong(at, "a schema is an object or a boolean");
        }
        for (var key : map.keySet()) {
            if (UNSUPPORTED.contains(key)) {
                throw wrong(at, "'" + key + "' has no grammar; leave it out or say it otherwise");
            }
        }
        if (Boolean.TRUE.equals(map.get("uniqueItems"))) {
            throw wrong(at, "'uniqueItems' has no grammar; leave it out");
        }
        if (map.get("$ref") != null) {
            return reference(map, at);
        }
        if (map.containsKey("const")) {
            return literals(List.of(new Literal(map.get("const"))), map, at);
        }
        if (map.get("enum") instanceof List<?> values) {
            return literals(values.stream().map(Literal::new).toList(), map, at);
        }
        for (var combination : List.of("anyOf", "oneOf", "allOf")) {
            if (map.get(combination) instanceof List<?> parts) {
                return combined(combination, parts, map, at);
            }
        }
        return choice(types(map, at).stream().map(type -> typed(type, map, at)).toList());
    }

    /** A value of an enumeration, which may be null. */
    private record Literal(@Nullable Object value) {}

    private Expression reference(Map<?, ?> map, String at) {
        alone("$ref", map, at);
        if (!(map.get("$ref") instanceof String pointer) || !pointer.startsWith("#")) {
            throw wrong(at, "'$ref' must be of the form #/$defs/name: only what lies in the schema can be referred to");
        }
        pointers.resolve(pointer);
        if (referred.add(pointer)) {
            open.add(pointer);
        }
        return new Expression.Reference("ref " + pointer);
    }

    private Expression literals(List<Literal> values, Map<?, ?> map, String at) {
        var types = map.containsKey("type") ? types(map, at) : TYPES;
        var options = new ArrayList<Expression>();
        for (var literal : values) {
            if (types.stream().anyMatch(type -> SchemaPointers.isOfType(literal.value(), type))) {
                options.add(text(JsonText.write(literal.value())));
            }
        }
        for (var key : map.keySet()) {
            if (RESTRICTING.contains(key) && !Set.of("type", "enum", "const").contains(key)) {
                throw wrong(at, "'" + key + "' beside 'enum' or 'const' has no grammar; leave out the values that it "
                        + "excludes");
            }
        }
        if (map.containsKey("const") && map.containsKey("enum")) {
            throw wrong(at, "'enum' beside 'const' says the same twice; leave it out");
        }
        return choice(options);
    }

    private Expression combined(String kind, List<?> parts, Map<?, ?> map, String at) {
        if (map.containsKey("type") && map.keySet().stream().filter(RESTRICTING::contains).count() == 2) {
            types(map, at); // a type beside that its parts repeat, as generators of schemas write it
            for (var part : parts) {
                if (!(part instanceof Map<?, ?> inner) || !Objects.equals(inner.get("type"), map.get("type"))) {
                    throw wrong(at, "'type' beside '" + kind + "' must be repeated by each of its parts");
                }
            }
        } else {
            alone(kind, map, at);
        }
        if (kind.equals("allOf") && parts.size() != 1) {
            throw wrong(at, "'allOf' of several parts has no grammar; write one schema that says it all");
        }
        var overlap = kind.equals("oneOf") ? pointers.overlap(parts) : null;
        if (overlap != null) {
            throw wrong(at, overlap + " of 'oneOf' might both hold; use 'anyOf', or tell them apart by type or by a "
                    + "required property with a 'const'");
        }
        var options = new ArrayList<Expression>();
        for (int i = 0; i < parts.size(); i++) {
            options.add(value(parts.get(i), at + "/" + kind + "/" + i));
        }
        return choice(options);
    }

    private void alone(String keyword, Map<?, ?> map, String at) {
        for (var key : map.keySet()) {
            if (RESTRICTING.contains(key) && !key.equals(keyword)) {
                throw wrong(at, "'" + key + "' beside '" + keyword + "' has no grammar; say it within");
            }
        }
    }

    private List<String> types(Map<?, ?> map, String at) {
        var given = map.get("type");
        var named = given instanceof List<?> list ? list : given == null ? implied(map) : List.of(given);
        var types = new ArrayList<String>();
        for (var type : named) {
            if (!(type instanceof String name) || !TYPES.contains(name)) {
                throw wrong(at, "'type' is " + type + "; it must be one of " + TYPES);
            }
            types.add(name);
        }
        return types;
    }

    /** Without a type the keywords tell what is meant; without any, everything is. */
    private static List<String> implied(Map<?, ?> map) {
        if (map.containsKey("properties") || map.containsKey("required") || map.containsKey("additionalProperties")) {
            return List.of("object");
        }
        if (map.containsKey("items") || map.containsKey("prefixItems") || map.containsKey("minItems")
                || map.containsKey("maxItems")) {
            return List.of("array");
        }
        if (map.containsKey("pattern") || map.containsKey("minLength") || map.containsKey("maxLength")
                || map.containsKey("format")) {
            return List.of("string");
        }
        if (map.containsKey("minimum") || map.containsKey("maximum") || map.containsKey("exclusiveMinimum")
                || map.containsKey("exclusiveMaximum") || map.containsKey("multipleOf")) {
            return List.of("number");
        }
        return List.of("object", "array", "string", "number", "boolean", "null");
    }

    private Expression typed(String type, Map<?, ?> map, String at) {
        return switch (type) {
            case "object" -> object(map, at);
            case "array" -> array(map, at);
            case "string" -> string(map, at);
            case "boolean" -> choice(text("true"), text("false"));
            case "null" -> text("null");
            default -> number(map, type.equals("integer"), at);
        };
    }

    private Expression number(Map<?, ?> map, boolean whole, String at) {
        if (map.get("multipleOf") instanceof Number step
                && !(whole && JsonText.decimal(step).compareTo(BigDecimal.ONE) == 0)) {
            throw wrong(at, "'multipleOf' has no grammar; leave it out");
        }
        var low = bound(map, "minimum", at);
        var high = bound(map, "maximum", at);
        var above = bound(map, "exclusiveMinimum", at);
        var below = bound(map, "exclusiveMaximum", at);
        if (low == null && high == null && above == null && below == null) {
            return whole ? JsonRules.INTEGER : JsonRules.NUMBER;
        }
        boolean lowOut = above != null && (low == null || above.compareTo(low) >= 0);
        boolean highOut = below != null && (high == null || below.compareTo(high) <= 0);
        var from = lowOut ? above : low;
        var to = highOut ? below : high;
        var options = whole
                ? NumberRanges.whole(from, lowOut, to, highOut)
                : NumberRanges.any(from, lowOut, to, highOut);
        if (options.isEmpty()) {
            throw wrong(at, "between its bounds lies no number that can be written; widen them");
        }
        return shared(at + (whole ? " integer" : " number"), choice(options));
    }

    private @Nullable BigDecimal bound(Map<?, ?> map, String key, String at) {
        var value = map.get(key);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Number number)) {
            throw wrong(at, "'" + key + "' must be a number");
        }
        var bound = JsonText.decimal(number);
        if (bound.scale() > MAX_SCALE) {
            throw wrong(at, "'" + key + "' has more than " + MAX_SCALE + " digits behind the point; round it");
        }
        if (bound.abs().compareTo(BigDecimal.TEN.pow(18)) > 0) {
            throw wrong(at, "'" + key + "' is beyond 10^18; leave it out");
        }
        return bound;
    }

    private Expression string(Map<?, ?> map, String at) {
        int least = count(map, "minLength", 0, at);
        int most = Math.min(count(map, "maxLength", UNLIMITED, at), MAX_COUNT);
        var pattern = map.get("pattern");
        var format = map.get("format") instanceof String name ? JsonRules.format(name) : null;
        boolean counted = map.containsKey("minLength") || map.containsKey("maxLength");
        if ((pattern != null && (counted || format != null)) || (format != null && counted)) {
            throw wrong(at,
                    "of 'pattern', 'format' and lengths one alone has a grammar; put the counts into the pattern");
        }
        if (pattern instanceof String regex) {
            return shared(at + " string", JsonRules.matching(regex));
        }
        if (pattern != null) {
            throw wrong(at, "'pattern' must be a string");
        }
        if (format != null) {
            rules.putIfAbsent("format " + map.get("format"), format);
            return new Expression.Reference("format " + map.get("format"));
        }
        if (!counted) {
            return JsonRules.STRING;
        }
        if (least > MAX_COUNT || (most != UNLIMITED && most < least)) {
            throw wrong(at, "'minLength' must be at most " + MAX_COUNT + " and not above 'maxLength'");
        }
        var name = "string " + least + " " + most;
        rules.putIfAbsent(name, JsonRules.string(least, most));
        return new Expression.Reference(name);
    }

    private Expression array(Map<?, ?> map, String at) {
        int least = count(map, "minItems", 0, at);
        int most = Math.min(count(map, "maxItems", UNLIMITED, at), MAX_COUNT);
        if (least > MAX_COUNT || (most != UNLIMITED && most < least)) {
            throw wrong(at, "'minItems' must be at most " + MAX_COUNT + " and not above 'maxItems'");
        }
        var firsts = new ArrayList<Expression>();
        if (map.get("prefixItems") instanceof List<?> prefix) {
            for (int i = 0; i < prefix.size() && (most == UNLIMITED || i < most); i++) {
                firsts.add(shared(at + "/prefixItems/" + i, value(prefix.get(i), at + "/prefixItems/" + i)));
            }
        }
        var items = map.get("items");
        Expression rest = null;
        if (!Boolean.FALSE.equals(items) && (items != null || firsts.isEmpty())) {
            rest = shared(at + "/items", value(items == null ? true : items, at + "/items"));
        }
        if (rest == null && least > firsts.size()) {
            throw wrong(at, "'minItems' asks for more than 'prefixItems' and 'items' give");
        }
        return shared(at + " array", sequence(text("["), JsonRules.SPACE, elements(firsts, rest, least, most, at),
                text("]")));
    }

    private Expression elements(List<Expression> firsts, @Nullable Expression rest, int least, int most, String at) {
        int fixed = firsts.size();
        Expression tail = Expression.EMPTY;
        if (rest != null) {
            int more = most == UNLIMITED ? UNLIMITED : most - fixed;
            int needed = Math.max(0, least - fixed);
            if (fixed > 0) {
                tail = times(sequence(text(","), JsonRules.SPACE, rest), needed, more);
            } else if (most != 0) {
                var list = sequence(rest, times(sequence(text(","), JsonRules.SPACE, rest), Math.max(0, needed - 1),
                        more == UNLIMITED ? UNLIMITED : more - 1), JsonRules.SPACE);
                return least > 0 ? list : optional(list);
            }
        }
        for (int i = fixed - 1; i >= 0; i--) {
            var element = sequence(i == 0 ? Expression.EMPTY : sequence(text(","), JsonRules.SPACE), firsts.get(i),
                    tail);
            tail = i < least ? element : optional(element);
            if (i % MAX_NESTED == MAX_NESTED - 1) {
                tail = shared(at + " from " + i, tail);
            }
        }
        return sequence(tail, JsonRules.SPACE);
    }

    private Expression object(Map<?, ?> map, String at) {
        var properties = map.get("properties") instanceof Map<?, ?> given ? given : Map.of();
        var required = new LinkedHashSet<String>();
        if (map.get("required") instanceof List<?> names) {
            names.forEach(name -> required.add(String.valueOf(name)));
        }
        var pairs = new ArrayList<Expression>();
        var needed = new ArrayList<Boolean>();
        for (var property : properties.entrySet()) {
            var name = String.valueOf(property.getKey());
            var place = at + "/properties/" + name;
            pairs.add(sequence(text(JsonText.write(name) + ":"), JsonRules.SPACE, value(property.getValue(), place)));
            needed.add(required.remove(name));
        }
        var further = map.get("additionalProperties");
        // What a schema names it means to be all; one that names nothing means anything.
        boolean openEnded = further == null ? properties.isEmpty() : !Boolean.FALSE.equals(further);
        if (!required.isEmpty() && !openEnded) {
            throw wrong(at, "'required' names " + required + ", which 'properties' lacks");
        }
        for (var name : required) {
            pairs.add(sequence(text(JsonText.write(name) + ":"), JsonRules.SPACE,
                    value(further == null ? true : further, at + "/additionalProperties")));
            needed.add(true);
        }
        Expression more = null;
        if (openEnded) {
            var names = new ArrayList<>(required);
            properties.keySet().forEach(name -> names.add(String.valueOf(name)));
            more = sequence(otherName(names, at), text(":"), JsonRules.SPACE,
                    value(further == null ? true : further, at + "/additionalProperties"));
        }
        return shared(at + " object",
                sequence(text("{"), JsonRules.SPACE, members(pairs, needed, more, at), text("}")));
    }

    private Expression otherName(List<String> names, String at) {
        if (names.isEmpty()) {
            return JsonRules.STRING;
        }
        if (names.stream().anyMatch(name -> name.length() > MAX_NAME)) {
            throw wrong(at,
                    "beside names of more than " + MAX_NAME + " characters 'additionalProperties' must be false");
        }
        if (names.stream().mapToInt(String::length).sum() > MAX_NAMES) {
            throw wrong(at, "beside names of together more than " + MAX_NAMES
                    + " characters 'additionalProperties' must be false");
        }
        return shared(at + " name", JsonRules.otherName(names));
    }

    /** The pairs in order, those not needed left out at will, and commas just between what is there. */
    private Expression members(List<Expression> pairs, List<Boolean> needed, @Nullable Expression more, String at) {
        var comma = sequence(text(","), JsonRules.SPACE);
        int firstNeeded = needed.indexOf(true);
        int last = firstNeeded < 0 ? pairs.size() : firstNeeded;
        if (last > MAX_FIRSTS) {
            throw wrong(at, "it begins with " + last + " properties that may be left out, and more than " + MAX_FIRSTS
                    + " cannot be followed; require one of the first");
        }
        var rest = new ArrayList<Expression>(); // one long sequence: nested ones would cost the stack
        for (int i = last + 1; i < pairs.size(); i++) {
            var next = sequence(comma, pairs.get(i));
            rest.add(needed.get(i) ? next : optional(next));
        }
        rest.add(more == null ? Expression.EMPTY : Expression.any(sequence(comma, more)));
        Expression tail = sequence(rest.toArray(Expression[]::new));
        var starts = new ArrayList<Expression>();
        if (firstNeeded < 0) {
            starts.add(Expression.EMPTY);
            if (more != null) {
                starts.add(sequence(more, tail, JsonRules.SPACE));
            }
        }
        for (int i = Math.min(last, pairs.size() - 1); i >= 0; i--) {
            // Each of the pairs before the first one needed may begin; a rule for what follows keeps this linear.
            tail = shared(at + " after " + i, tail);
            starts.add(sequence(pairs.get(i), tail, JsonRules.SPACE));
            var next = sequence(comma, pairs.get(i));
            tail = sequence(needed.get(i) ? next : optional(next), tail);
        }
        return choice(starts);
    }

    /** The expression as a rule of its own, so that a use of it costs a call. */
    private Expression shared(String name, Expression body) {
        if (body instanceof Expression.Reference) {
            return body;
        }
        var unique = name;
        while (rules.containsKey(unique)) {
            unique += "'";
        }
        rules.put(unique, body);
        return new Expression.Reference(unique);
    }

    private static int count(Map<?, ?> map, String key, int otherwise, String at) {
        var value = map.get(key);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof Number number) || number.doubleValue() < 0
                || JsonText.decimal(number).stripTrailingZeros().scale() > 0) {
            throw wrong(at, "'" + key + "' must be a whole number of at least 0");
        }
        return number.doubleValue() > 1_000_000 ? 1_000_000 : number.intValue();
    }

    static EngineException.InvalidRequest wrong(String at, String what) {
        return new EngineException.InvalidRequest(
                "the JSON schema cannot be followed at " + shortened(at) + ": " + what);
    }

    private static String shortened(String at) {
        return at.length() > 200 ? at.substring(0, 200) + "…" : at;
    }
}
