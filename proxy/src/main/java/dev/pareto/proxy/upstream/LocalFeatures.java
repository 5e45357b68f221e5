package dev.pareto.proxy.upstream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.WrongField;

import tools.jackson.databind.JsonNode;

/**
 * Which fields of OpenAI's API the embedded engine heeds, which change nothing about an answer, and which it cannot do yet. The
 * last are refused by name, and so is what nobody knows: a field that is ignored makes an answer that was not asked for.
 */
final class LocalFeatures {

    /** What the other classes read. */
    private static final Set<String> SAMPLED = Set.of("model", "stream", "stream_options", "max_tokens", "temperature",
            "top_p", "top_k", "min_p", "repetition_penalty", "frequency_penalty", "presence_penalty", "logit_bias",
            "logprobs", "seed", "stop", "n");

    private static final Map<Endpoint, Set<String>> HEEDED = Map.of(
            Endpoint.CHAT, with(SAMPLED, "messages", "max_completion_tokens", "top_logprobs"),
            Endpoint.COMPLETIONS, with(SAMPLED, "prompt", "best_of"),
            Endpoint.EMBEDDINGS, Set.of("model", "input", "encoding_format", "dimensions"),
            Endpoint.RERANK, Set.of("model", "query", "documents", "top_n", "return_documents"));

    /** A JSON type, in OpenAI's words. */
    private record Kind(String words, Predicate<JsonNode> fits) {

        static final Kind FLAG = new Kind("a boolean", JsonNode::isBoolean);
        static final Kind INTEGER = new Kind("an integer", JsonNode::isIntegralNumber);
        static final Kind STRING = new Kind("a string", JsonNode::isString);
        static final Kind OBJECT = new Kind("an object", JsonNode::isObject);
        static final Kind OBJECTS = new Kind("an array of objects", node -> isArrayOf(node, JsonNode::isObject));
        static final Kind STRINGS = new Kind("an array of strings", node -> isArrayOf(node, JsonNode::isString));
        static final Kind CHOICE = new Kind("one of a string or object", node -> node.isString() || node.isObject());

        private static boolean isArrayOf(JsonNode node, Predicate<JsonNode> fits) {
            return node.isArray() && node.valueStream().allMatch(fits);
        }
    }

    /**
     * @param harmless values that ask for nothing but what the engine does anyway
     * @param instead what it does, after "the embedded engine"
     */
    private record Rule(Kind kind, Predicate<JsonNode> harmless, String instead) {}

    /** Labels, hints for speed and cost, and choices of a vendor's machines: the text is the same without them. */
    private static final Map<String, Rule> ANYWHERE = Map.of("user", free(Kind.STRING), "metadata", free(Kind.OBJECT),
            "store", free(Kind.FLAG), "service_tier", free(Kind.STRING), "safety_identifier", free(Kind.STRING),
            "prompt_cache_key", free(Kind.STRING), "prompt_cache_retention", free(Kind.STRING));

    private static final Map<Endpoint, Map<String, Rule>> RULES = Map.of(
            Endpoint.CHAT, and(ANYWHERE, Map.ofEntries(
                    Map.entry("parallel_tool_calls", free(Kind.FLAG)),
                    Map.entry("prediction", free(Kind.OBJECT)),
                    Map.entry("tools", new Rule(Kind.OBJECTS, JsonNode::isEmpty, "does not call tools yet")),
                    Map.entry("functions", new Rule(Kind.OBJECTS, JsonNode::isEmpty, "does not call functions yet")),
                    Map.entry("tool_choice", new Rule(Kind.CHOICE, in("none", "auto"), "does not call tools yet")),
                    Map.entry("function_call",
                            new Rule(Kind.CHOICE, in("none", "auto"), "does not call functions yet")),
                    Map.entry("response_format",
                            new Rule(Kind.OBJECT, format -> format.path("type").asString("").equals("text"),
                                    "answers in plain text only")),
                    Map.entry("modalities", new Rule(Kind.STRINGS,
                            all -> all.valueStream().allMatch(in("text")), "writes text only")),
                    Map.entry("audio", new Rule(Kind.OBJECT, node -> false, "writes text only")),
                    Map.entry("web_search_options", new Rule(Kind.OBJECT, node -> false, "does not search the web")),
                    Map.entry("reasoning_effort", new Rule(Kind.STRING, in("none"), "does not reason apart")),
                    Map.entry("verbosity", new Rule(Kind.STRING, in("medium"), "cannot be told how much to write")))),
            Endpoint.COMPLETIONS, and(ANYWHERE, Map.of(
                    "echo", new Rule(Kind.FLAG, node -> !node.asBoolean(), "does not repeat the prompt"),
                    "suffix", new Rule(Kind.STRING, in(""), "does not fill in the middle"))),
            Endpoint.EMBEDDINGS, ANYWHERE,
            Endpoint.RERANK, and(ANYWHERE, Map.of(
                    "max_tokens_per_doc", new Rule(Kind.INTEGER, node -> false, "reads documents whole"),
                    "max_chunks_per_doc", new Rule(Kind.INTEGER, node -> false, "reads documents whole"),
                    "rank_fields", new Rule(Kind.STRINGS, node -> false, "reads the field 'text' of documents only"))));

    private static final List<String> FORMATS = List.of("text", "json_object", "json_schema");

    private LocalFeatures() {}

    /** @throws RefusedException naming the first field that is unknown, of a wrong type or beyond the engine */
    static void check(Endpoint endpoint, LocalFields root) {
        checkFormat(root);
        Set<String> heeded = HEEDED.getOrDefault(endpoint, Set.of());
        Map<String, Rule> rules = RULES.getOrDefault(endpoint, Map.of());
        for (String name : root.object().propertyNames()) {
            if (heeded.contains(name) || !root.has(name)) {
                continue;
            }
            Rule rule = rules.get(name);
            if (rule == null) {
                throw WrongField.unknown(name);
            }
            if (!rule.kind.fits.test(root.get(name))) {
                throw root.wrongType(name, rule.kind.words);
            }
            if (!rule.harmless.test(root.get(name))) {
                throw unsupported(name, rule.instead);
            }
        }
    }

    /** @param instead what the engine does, after "the embedded engine" */
    static RefusedException unsupported(String field, String instead) {
        return WrongField.of("unsupported_parameter",
                "Unsupported parameter: '" + field + "' is not supported with this model; the embedded engine "
                        + instead
                        + ".",
                field);
    }

    private static void checkFormat(LocalFields root) {
        if (root.get("response_format").isObject()) {
            LocalFields format = new LocalFields(root.get("response_format"), "response_format.");
            format.require("type");
            String type = format.text("type");
            if (type == null || !FORMATS.contains(type)) {
                throw WrongField.noneOf(format.path("type"), String.valueOf(type), FORMATS);
            }
        }
    }

    private static Rule free(Kind kind) {
        return new Rule(kind, node -> true, "");
    }

    private static Predicate<JsonNode> in(String... values) {
        Set<String> all = Set.of(values);
        return node -> node.isString() && all.contains(node.asString());
    }

    private static Set<String> with(Set<String> some, String... more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    private static Map<String, Rule> and(Map<String, Rule> some, Map<String, Rule> more) {
        Map<String, Rule> all = new HashMap<>(some);
        all.putAll(more);
        return Map.copyOf(all);
    }
}
