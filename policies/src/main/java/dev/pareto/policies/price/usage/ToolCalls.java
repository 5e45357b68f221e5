package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Calls of the vendor's own tools that cost a fee each; vendors tell them in the usage, beside it, or as items of the answer. */
final class ToolCalls {

    private ToolCalls() {}

    static void read(JsonNode raw, JsonNode usage, Counts counts) {
        JsonNode response = raw.path("response").isObject() ? raw.path("response") : raw;
        BigDecimal searches = counts.told(usage.path("server_tool_use"), "web_search_requests");
        searches = searches == null ? counts.told(usage, "web_search_requests") : searches;
        searches = searches == null ? counts.told(response.at("/tool_usage/web_search"), "num_requests") : searches;
        searches = searches == null ? items(response, "web_search_call") : searches;
        counts.addUnlessZero(Buckets.WEB_SEARCH, searches);
        counts.addUnlessZero(Buckets.WEB_SEARCH, grounding(raw));
        counts.addUnlessZero(Buckets.FILE_SEARCH, items(response, "file_search_call"));
    }

    /** Gemini lists its queries and bills each once; of a stream's chunks the last one that lists any holds. */
    private static BigDecimal grounding(JsonNode raw) {
        long queries = 0;
        for (JsonNode chunk : raw.isArray() ? raw.values() : List.of(raw)) {
            long told = chunk.path("candidates")
                    .valueStream()
                    .flatMap(candidate -> either(either(candidate, "groundingMetadata", "grounding_metadata"),
                            "webSearchQueries", "web_search_queries").valueStream())
                    .map(query -> query.asString(""))
                    .filter(query -> !query.isBlank())
                    .distinct()
                    .count();
            queries = told == 0 ? queries : told;
        }
        return BigDecimal.valueOf(queries);
    }

    private static JsonNode either(JsonNode parent, String key, String other) {
        return parent.has(key) ? parent.path(key) : parent.path(other);
    }

    private static BigDecimal items(JsonNode response, String type) {
        long count = response.path("output")
                .valueStream()
                .filter(item -> type.equals(item.path("type").asString("")))
                .count();
        return BigDecimal.valueOf(count);
    }
}
