package dev.pareto.engine.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.pareto.engine.grammar.Grammar;

/** Grammars as requests bring them, with texts that match them. */
final class MaskCases {

    private static final int TEXTS = 12;
    private static final List<String> WORDS = List.of("the", "invoice", "was", "sent", "twice", "refund", "please",
            "Müller", "order", "delivery", "address", "changed", "on", "Friday", "não", "recebi", "nothing", "works");
    private static final String LIST = """
                                       root ::= "# " words "\\n" item+
                                       item ::= "- " words (": " value)? "\\n"
                                       value ::= [0-9]+ ("." [0-9] [0-9])? | "[" value (", " value)* "]" | "`" [^`\\n]* "`"
                                       words ::= word (" " word)*
                                       word ::= [^ \\n:#`-] [^ \\n:]*
                                       """;

    /**
     * One grammar.
     *
     * @param grammar compiles it anew
     * @param texts that it matches
     */
    record Case(String name, Supplier<Grammar> grammar, List<String> texts) {}

    private MaskCases() {}

    static List<Case> all() {
        return List.of(new Case("json_object", Grammar::jsonObject, texts(MaskCases::ticket)),
                new Case("schema", () -> Grammar.jsonSchema(ticketSchema()), texts(MaskCases::ticket)),
                new Case("regex", () -> Grammar.regex(
                        "(?:\\d{4}-\\d{2}-\\d{2} (?:INFO|WARN|ERROR) [a-z.]{1,40}: [^\\n]{1,200}\\n)+"),
                        texts(MaskCases::log)),
                new Case("gbnf", () -> Grammar.gbnf(LIST), texts(MaskCases::list)));
    }

    private static List<String> texts(Function<RandomGenerator, String> one) {
        var random = new SplittableRandom(5);
        var texts = new ArrayList<String>();
        for (int i = 0; i < TEXTS; i++) {
            texts.add(one.apply(random));
        }
        return texts;
    }

    private static String words(RandomGenerator random, int most) {
        var words = new ArrayList<String>();
        for (int i = random.nextInt(1, most + 1); i > 0; i--) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        return String.join(" ", words);
    }

    private static String ticket(RandomGenerator random) {
        var text = new StringBuilder("{\"id\": \"T-%05d\", \"queue\": \"%s\", ".formatted(random.nextInt(100_000),
                List.of("billing", "shipping", "technical").get(random.nextInt(3))));
        text.append("\"opened\": \"2026-0%d-1%d\", ".formatted(random.nextInt(1, 10), random.nextInt(10)));
        text.append("\"customer\": {\"name\": \"%s\", \"email\": \"a%d@example.org\", \"vip\": %s}, ".formatted(
                words(random, 2), random.nextInt(1000), random.nextBoolean()));
        text.append("\"summary\": \"%s\", \"items\": [".formatted(words(random, 30)));
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            text.append("\n  {\"sku\": \"%s\", \"count\": %d, \"price\": %d.%02d, \"note\": %s}%s".formatted(
                    words(random, 1), random.nextInt(1, 50), random.nextInt(900), random.nextInt(1, 100),
                    random.nextBoolean() ? "null" : "\"" + words(random, 8) + "\"", i > 1 ? "," : "\n"));
        }
        return text.append("]}").toString();
    }

    private static Map<String, Object> ticketSchema() {
        var item = object(Map.of("sku", string(40), "count", Map.of("type", "integer", "minimum", 1, "maximum", 1000),
                "price", Map.of("type", "number", "minimum", 0), "note", Map.of("type", List.of("string", "null"))),
                "sku", "count", "price", "note");
        var customer = object(Map.of("name", string(80), "email", Map.of("type", "string", "format", "email"), "vip",
                Map.of("type", "boolean")), "name", "email", "vip");
        return object(Map.of("id", Map.of("type", "string", "pattern", "^T-[0-9]{5}$"), "queue",
                Map.of("enum", List.of("billing", "shipping", "returns", "technical", "privacy")), "opened",
                Map.of("type", "string", "format", "date"), "customer", customer, "summary", string(500), "items",
                Map.of("type", "array", "items", item, "minItems", 1, "maxItems", 20)), "id", "queue", "opened",
                "customer", "summary", "items");
    }

    private static Map<String, Object> string(int most) {
        return Map.of("type", "string", "maxLength", most);
    }

    /** A closed object of all these properties in this order. */
    private static Map<String, Object> object(Map<String, Object> properties, String... order) {
        var ordered = new LinkedHashMap<String, Object>();
        for (var name : order) {
            ordered.put(name, properties.getOrDefault(name, true));
        }
        return Map.of("type", "object", "properties", ordered, "required", List.of(order), "additionalProperties",
                false);
    }

    private static String log(RandomGenerator random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(2, 6); i > 0; i--) {
            text.append("2026-1%d-2%d %s shop.orders: %s\n".formatted(random.nextInt(3), random.nextInt(10),
                    List.of("INFO", "WARN", "ERROR").get(random.nextInt(3)), words(random, 12)));
        }
        return text.toString();
    }

    private static String list(RandomGenerator random) {
        var text = new StringBuilder("# " + words(random, 4) + "\n");
        for (int i = random.nextInt(2, 9); i > 0; i--) {
            text.append("- ").append(words(random, 5));
            text.append(switch (random.nextInt(4)) {
                case 0 -> "";
                case 1 -> ": %d.%02d".formatted(random.nextInt(1000), random.nextInt(100));
                case 2 -> ": [%d, [%d, %d]]".formatted(random.nextInt(99), random.nextInt(99), random.nextInt(99));
                default -> ": `" + words(random, 6) + "`";
            }).append('\n');
        }
        return text.toString();
    }
}
