package dev.pareto.engine.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.pareto.engine.EmbeddingRequest;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.Sampling;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.engine.grammar.RandomSchemas;

/** Makes requests up for one model: all that it can be asked for, mixed. Not thread-safe. */
final class Orders {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PREFIXES = 6;
    private static final List<String> TENANTS = List.of("north", "south", "west");
    private static final List<String> STOPS = List.of("e", "\n", "the ", "\"");
    private static final List<String> EXPRESSIONS = List.of("[a-z]{3,12}", "(yes|no)( (yes|no)){0,4}",
            "\\d{4}-\\d\\d-\\d\\d", "[^x]{1,40}x");
    private static final List<String> GBNF = List.of("root ::= \"(\" root \")\" root | [a-c]",
            "root ::= (\"- \" [a-z ]{1,9} \"\\n\"){1,5}");

    private final int vocabulary;
    private final int context;
    private final RandomGenerator random;
    private final RandomSchemas schemas;
    private final List<int[]> prefixes;
    private final Map<Integer, Float> ends;

    /** @param shared seeds the beginnings that prompts have in common: equal for all who ask the same model */
    Orders(LoadedModel model, RandomGenerator random, RandomGenerator shared) {
        this.vocabulary = model.card().vocabulary();
        this.context = model.card().contextLength();
        this.ends = IntStream.range(0, vocabulary)
                .filter(model.tokenizer()::isEndOfGeneration)
                .boxed()
                .collect(Collectors.toMap(token -> token, _ -> -100f));
        this.random = random;
        this.schemas = new RandomSchemas(random);
        this.prefixes = IntStream.range(0, PREFIXES)
                .mapToObj(_ -> tokens(shared, shared.nextInt(context / 8, context / 2)))
                .toList();
    }

    /** One request, or several of one prompt as {@code n} asks for them. */
    List<GenerationRequest> answers() {
        int count = random.nextInt(6) == 0 ? random.nextInt(2, 5) : 1;
        var prompt = prompt();
        var sampling = sampling();
        var grammar = grammar();
        var stop = random.nextInt(6) == 0 ? List.of(one(STOPS)) : List.<String>of();
        var likeliest = random.nextInt(6) == 0 ? (Integer) random.nextInt(4) : null;
        var limit = random.nextInt(10) == 0 ? Duration.ofMillis(random.nextInt(1, 300)) : LONG;
        var partition = random.nextInt(5) == 0 ? null : one(TENANTS);
        int most = random.nextInt(1, context / 4);
        long seed = random.nextLong();
        var requests = new ArrayList<GenerationRequest>();
        for (int i = 0; i < count; i++) {
            requests.add(new GenerationRequest(prompt, most, sampling.withSeed(seed + i), stop, likeliest, limit,
                    grammar, Set.of(), partition));
        }
        return requests;
    }

    /** A few texts. */
    EmbeddingRequest texts() {
        var texts = IntStream.range(0, random.nextInt(1, 12))
                .mapToObj(_ -> tokens(random, random.nextInt(1, context / 4)))
                .toList();
        return new EmbeddingRequest(texts, null,
                random.nextInt(5) == 0 ? Duration.ofMillis(random.nextInt(1, 100)) : LONG);
    }

    /** As long as the context, whatever the model would draw. */
    GenerationRequest endless() {
        return GenerationRequest.of(tokens(random, 1), context, new Sampling(0, 0, 1, 0, 1, 0, 0, 0, null, ends), LONG);
    }

    private int[] prompt() {
        if (random.nextInt(5) < 2) {
            return tokens(random, random.nextInt(1, context / 2));
        }
        var prefix = one(prefixes);
        var tail = tokens(random, random.nextInt(1, context / 8));
        return IntStream.concat(IntStream.of(prefix), IntStream.of(tail)).toArray();
    }

    private Sampling sampling() {
        return switch (random.nextInt(6)) {
            case 0, 1 -> Sampling.greedy();
            case 2 -> Sampling.atTemperature(1).withDry(Sampling.Dry.of(0.8)).withTypicalP(0.9);
            case 3 -> Sampling.atTemperature(1.2).withMirostat(new Sampling.Mirostat(2, 5, 0.1));
            case 4 -> new Sampling(0.9, 40, 0.95, 0.05, 1.1, 0.2, 0.2, 64, null, Map.of(3, -5f));
            default -> Sampling.atTemperature(0.8);
        };
    }

    private @Nullable Grammar grammar() {
        return switch (random.nextInt(12)) {
            case 0, 1 -> Grammar.jsonSchema(schemas.next());
            case 2 -> Grammar.jsonSchema(toolCall());
            case 3 -> Grammar.regex(one(EXPRESSIONS));
            case 4 -> Grammar.gbnf(one(GBNF));
            case 5 -> Grammar.jsonObject();
            default -> null;
        };
    }

    /** One of two calls, in the shape that a forced call has. */
    private static Map<String, Object> toolCall() {
        return Map.of("anyOf", List.of(
                tool("find_order", Map.of("order", Map.of("type", "integer", "minimum", 1, "maximum", 999_999))),
                tool("reply", Map.of("text", Map.of("type", "string", "maxLength", 40)))));
    }

    private static Map<String, Object> tool(String name, Map<String, Object> parameters) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("name", Map.of("const", name));
        properties.put("arguments", Map.of("type", "object", "properties", parameters, "required",
                List.copyOf(parameters.keySet()), "additionalProperties", false));
        return Map.of("type", "object", "properties", properties, "required", List.of("name", "arguments"),
                "additionalProperties", false);
    }

    private int[] tokens(RandomGenerator from, int length) {
        return from.ints(length, 0, vocabulary).toArray();
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
