package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Usage;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Gemini's and Vertex's usage: the prompt includes what was cached, tool results are read beside it, and the candidates exclude
 * thoughts. The Python library's names with underscores are read, too.
 */
final class GeminiUsage {

    private GeminiUsage() {}

    static void read(JsonNode usage, Counts counts) {
        BigDecimal prompt = counts.told(usage, "promptTokenCount", "prompt_token_count");
        BigDecimal visible = counts.told(usage, "candidatesTokenCount", "candidates_token_count", "responseTokenCount",
                "response_token_count");
        BigDecimal thoughts = counts.told(usage, "thoughtsTokenCount", "thoughts_token_count");
        BigDecimal tools = counts.told(usage, "toolUsePromptTokenCount", "tool_use_prompt_token_count");
        BigDecimal total = counts.told(usage, "totalTokenCount", "total_token_count");
        BigDecimal beside = or(thoughts).add(or(tools));
        if (prompt == null && (visible != null || thoughts != null)) {
            prompt = counts.rest(Buckets.INPUT, visible == null ? null : total, beside.add(or(visible)));
        } else if (prompt != null && visible == null && total != null
                && total.compareTo(prompt.add(beside)) > 0) {
            visible = counts.rest(Buckets.OUTPUT, total, prompt.add(beside));
        }
        if (prompt != null) {
            prompt(prompt, usage, counts);
        }
        counts.addUnlessZero(Buckets.INPUT, tools);
        counts.inform(Usage.TOOL_PROMPT_TOKENS, tools == null || tools.signum() == 0 ? null : tools);
        if (visible != null || thoughts != null || prompt != null) {
            // An answer that was blocked has no candidates, and its count of nothing is left out.
            output(or(visible), thoughts, usage, counts);
        }
        counts.expect(total == null || prompt == null || total.compareTo(counts.sum()) == 0);
    }

    private static BigDecimal or(@Nullable BigDecimal count) {
        return count == null ? BigDecimal.ZERO : count;
    }

    private static void prompt(BigDecimal prompt, JsonNode usage, Counts counts) {
        JsonNode cache = either(usage, "cacheTokensDetails", "cache_tokens_details");
        JsonNode details = either(usage, "promptTokensDetails", "prompt_tokens_details");
        BigDecimal cached = counts.of(usage, "cachedContentTokenCount", "cached_content_token_count");
        BigDecimal left = prompt;
        BigDecimal audioRead = counts.take(Buckets.CACHE_READ_AUDIO, modality(counts, cache, "AUDIO"), left);
        left = left.subtract(audioRead);
        BigDecimal imageRead = modality(counts, cache, "IMAGE").min(left);
        counts.addUnlessZero(Buckets.CACHE_READ_IMAGE, imageRead);
        left = left.subtract(imageRead);
        left = left.subtract(counts.take(Buckets.CACHE_READ, cached.subtract(audioRead).subtract(imageRead), left));
        left = left.subtract(
                counts.take(Buckets.INPUT_AUDIO, fresh(modality(counts, details, "AUDIO"), audioRead), left));
        left = left.subtract(
                counts.take(Buckets.INPUT_IMAGE, fresh(modality(counts, details, "IMAGE"), imageRead), left));
        BigDecimal video = fresh(modality(counts, details, "VIDEO"), modality(counts, cache, "VIDEO"));
        left = left.subtract(counts.take(Buckets.INPUT_VIDEO, video, left));
        counts.put(Buckets.INPUT, left);
    }

    private static BigDecimal fresh(BigDecimal all, BigDecimal cached) {
        return all.signum() == 0 ? all : all.subtract(cached);
    }

    private static void output(BigDecimal visible, @Nullable BigDecimal thoughts, JsonNode usage, Counts counts) {
        JsonNode details = either(usage, "candidatesTokensDetails", "candidates_tokens_details");
        details = details.isMissingNode() ? either(usage, "responseTokensDetails", "response_tokens_details") : details;
        BigDecimal left = visible;
        left = left.subtract(counts.take(Buckets.OUTPUT_AUDIO, modality(counts, details, "AUDIO"), left));
        left = left.subtract(counts.take(Buckets.OUTPUT_IMAGE, modality(counts, details, "IMAGE"), left));
        left = left.subtract(counts.take(Buckets.OUTPUT_VIDEO, modality(counts, details, "VIDEO"), left));
        counts.put(Buckets.OUTPUT, thoughts == null ? left : left.add(thoughts));
        counts.inform(Usage.REASONING_TOKENS, thoughts);
        if (details.isArray() && !details.isEmpty()) {
            counts.inform(Usage.OUTPUT_TEXT_TOKENS, modality(counts, details, "TEXT"));
        }
    }

    private static BigDecimal modality(Counts counts, JsonNode details, String modality) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode detail : details) {
            if (modality.equals(detail.path("modality").asString("").toUpperCase(Locale.ROOT))) {
                sum = sum.add(counts.of(detail, "tokenCount", "token_count"));
            }
        }
        return sum;
    }

    private static JsonNode either(JsonNode usage, String key, String other) {
        return usage.path(key).isArray() ? usage.path(key) : usage.path(other);
    }
}
