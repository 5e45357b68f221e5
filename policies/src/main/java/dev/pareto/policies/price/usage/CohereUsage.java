package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/** Cohere tells what it billed beside what it counted; what it billed holds. */
final class CohereUsage {

    private CohereUsage() {}

    /** @param talks whether an answer reads and writes, so that one figure alone leaves the other unknown */
    static void read(JsonNode usage, boolean talks, Counts counts) {
        JsonNode billed = usage.path("billed_units").isObject() ? usage.path("billed_units") : usage.path("tokens");
        billed = billed.isObject() ? billed : usage;
        BigDecimal input = counts.told(billed, "input_tokens", "prompt_tokens");
        BigDecimal output = counts.told(billed, "output_tokens", "completion_tokens");
        if (talks && input == null && output != null) {
            counts.need(Buckets.INPUT, null);
        } else if (talks && output == null && input != null) {
            counts.need(Buckets.OUTPUT, null);
        }
        if (input != null) {
            BigDecimal read = counts.take(Buckets.CACHE_READ, counts.of(usage, "cached_tokens"), input);
            counts.put(Buckets.INPUT, input.subtract(read));
        }
        counts.put(Buckets.OUTPUT, output);
        counts.addUnlessZero(Buckets.INPUT_IMAGE, counts.told(billed, "image_tokens"));
        counts.addUnlessZero(Buckets.IMAGE, counts.told(billed, "images"));
        counts.addUnlessZero(Buckets.SEARCH_UNIT, counts.told(billed, "search_units"));
        counts.addUnlessZero(Buckets.REQUEST, counts.told(billed, "classifications"));
    }
}
