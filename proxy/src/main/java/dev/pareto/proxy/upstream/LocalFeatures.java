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
    private static final Set<String> WRITTEN = with(with(LocalSampling.FIELDS, LocalFormat.FIELDS),
            Set.of("model", "stream", "stream_options", "max_tokens", "logprobs", "stop", "n"));

    private static final Map<Endpoint, Set<String>> HEEDED = Map.of(
            Endpoint.CHAT, with(with(with(WRITTEN, LocalTools.FIELDS), LocalReasoning.FIELDS),
                    Set.of("messages", "max_completion_tokens", "top_logprobs")),
            Endpoint.COMPLETIONS, with(WRITTEN, Set.of("prompt", "best_of")),
            Endpoint.EMBEDDINGS, Set.of("model", "input", "encoding_format", "dimensions"),
            Endpoint.RERANK, Set.of("model", "query", "documents", "top_n", "return_documents"));

    /** A JSON type, in OpenAI's words. */
    private record Kind(String words, Predicate<JsonNode> fits) {

        static final Kind FLAG = new Kind("a boolean", JsonNode::isBoolean);
        static final Kind INTEGER = new Kind("an integer", JsonNode::isIntegralNumber);
        static final Kind NUMBER = new Kind("a decimal", JsonNode::isNumber);
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

    /** The order of the engine's steps, by llama.cpp's names. */
    private static final List<String> ORDER = List.of("penalties", "dry", "top_n_sigma", "top_k", "typ_p", "top_p",
            "min_p", "xtc", "temperature");

    /** Of llama.cpp's fields those that the engine has no other way for. */
    private static final Map<String, Rule> WRITING = and(ANYWHERE, Map.of("cache_prompt", free(Kind.FLAG),
            "dynatemp_exponent", free(Kind.NUMBER),
            "dynatemp_range",
            new Rule(Kind.NUMBER, node -> node.doubleValue() == 0, "keeps to one temperature"),
            "ignore_eos", new Rule(Kind.FLAG, node -> !node.asBoolean(), "ends where the model does"),
            "samplers", new Rule(Kind.STRINGS,
                    node -> node.valueStream().map(JsonNode::asString).toList().equals(ORDER),
                    "samples in one order")));

    private static final Map<Endpoint, Map<String, Rule>> RULES = Map.of(
            Endpoint.CHAT, and(WRITING, Map.ofEntries(
                    Map.entry("prediction", free(Kind.OBJECT)),
                    Map.entry("functions",
                            new Rule(Kind.OBJECTS, JsonNode::isEmpty, "calls tools instead of functions")),
                    Map.entry("function_call",
                            new Rule(Kind.CHOICE, in("none", "auto"), "calls tools instead of functions")),
                    Map.entry("modalities", new Rule(Kind.STRINGS,
                            all -> all.valueStream().allMatch(in("text")), "writes text only")),
                    Map.entry("audio", new Rule(Kind.OBJECT, node -> false, "writes text only")),
                    Map.entry("web_search_options", new Rule(Kind.OBJECT, node -> false, "does not search the web")),
                    Map.entry("verbosity", new Rule(Kind.STRING, in("medium"), "cannot be told how much to write")))),
            Endpoint.COMPLETIONS, and(WRITING, Map.of(
                    "echo", new Rule(Kind.FLAG, node -> !node.asBoolean(), "does not repeat the prompt"),
                    "suffix", new Rule(Kind.STRING, in(""), "does not fill in the middle"))),
            Endpoint.EMBEDDINGS, ANYWHERE,
            Endpoint.RERANK, and(ANYWHERE, Map.of(
                    "max_tokens_per_doc", new Rule(Kind.INTEGER, node -> false, "reads documents whole"),
                    "max_chunks_per_doc", new Rule(Kind.INTEGER, node -> false, "reads documents whole"),
                    "rank_fields", new Rule(Kind.STRINGS, node -> false, "reads the field 'text' of documents only"))));

    private LocalFeatures() {}

    /** @throws RefusedException naming the first field that is unknown, of a wrong type or beyond the engine */
    static void check(Endpoint endpoint, LocalFields root) {
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

    private static Rule free(Kind kind) {
        return new Rule(kind, node -> true, "");
    }

    private static Predicate<JsonNode> in(String... values) {
        Set<String> all = Set.of(values);
        return node -> node.isString() && all.contains(node.asString());
    }

    private static Set<String> with(Set<String> some, Set<String> more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return Set.copyOf(all);
    }

    private static Map<String, Rule> and(Map<String, Rule> some, Map<String, Rule> more) {
        Map<String, Rule> all = new HashMap<>(some);
        all.putAll(more);
        return Map.copyOf(all);
    }
}
