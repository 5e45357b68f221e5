package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Usage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * OpenAI's usage, which most vendors share: the prompt includes what was cached, written to a cache, heard and seen; the
 * completion includes reasoning. Vendors add keys of their own, and two count reasoning beside the completion.
 */
final class OpenAiUsage {

    /** They list one total although there is nothing to tell apart. */
    private static final Set<String> TOTAL_IS_INPUT = Set.of("voyage", "voyageai", "jina");

    private static final List<String> TALKING = List.of("chat", "completions", "responses", "batch", "realtime",
            "openai");

    private final String vendor;
    private final String api;

    OpenAiUsage(String vendor, String api) {
        this.vendor = vendor;
        this.api = api;
    }

    void read(JsonNode usage, Counts counts) {
        BigDecimal prompt = prompt(usage, counts);
        BigDecimal completion = counts.told(usage, "completion_tokens", "output_tokens");
        BigDecimal total = counts.told(usage, "total_tokens");
        if (prompt == null && completion == null && total != null) {
            prompt = onlyTotal(total);
        } else if (prompt == null && completion != null && talks()) {
            boolean sure = vendorsOwn() || reasoning(usage, counts) == null;
            prompt = counts.rest(Buckets.INPUT, sure ? total : null, completion);
        } else if (completion == null && prompt != null && talks()) {
            completion = counts.rest(Buckets.OUTPUT, total, prompt);
        }
        if (prompt != null) {
            readPrompt(prompt, usage, counts);
        }
        if (completion != null) {
            readCompletion(completion, prompt, total, usage, counts);
        }
        boolean perplexity = vendor.equals("perplexity");
        if (perplexity) {
            counts.addUnlessZero(Buckets.OUTPUT_CITATION, counts.told(usage, "citation_tokens"));
        } else if (total != null && prompt != null) {
            counts.expect(total.compareTo(counts.sum()) == 0);
        }
        counts.addUnlessZero(Buckets.WEB_SEARCH, counts.told(usage, "num_search_queries", "num_sources_used"));
        counts.addUnlessZero(Buckets.AUDIO_SECOND, counts.amount(usage, "prompt_audio_seconds"));
        if (usage.path("type").asString("").equals("duration")) {
            counts.put(Buckets.AUDIO_SECOND, counts.amount(usage, "seconds"));
        }
    }

    /** Whether an answer reads and writes, so that one figure alone leaves the other unknown. Live events may tell a part. */
    private boolean talks() {
        return !TOTAL_IS_INPUT.contains(vendor) && !UnitUsage.DIALECTS.contains(vendor)
                && (api.isEmpty() || TALKING.stream().anyMatch(api::startsWith));
    }

    private @Nullable BigDecimal prompt(JsonNode usage, Counts counts) {
        BigDecimal prompt = counts.told(usage, "prompt_tokens", "input_tokens");
        BigDecimal hit = counts.told(usage, "prompt_cache_hit_tokens");
        BigDecimal miss = counts.told(usage, "prompt_cache_miss_tokens");
        if (hit == null || miss == null) {
            return prompt;
        }
        BigDecimal both = hit.add(miss);
        counts.expect(prompt == null || prompt.compareTo(both) == 0);
        return prompt == null ? both : prompt;
    }

    private BigDecimal onlyTotal(BigDecimal total) {
        if (TOTAL_IS_INPUT.contains(vendor) || api.contains("embed") || api.contains("rerank")) {
            return total;
        }
        throw new IllegalArgumentException(
                "usage tells total_tokens only, which do not say what was read and what was written");
    }

    private static void readPrompt(BigDecimal prompt, JsonNode usage, Counts counts) {
        JsonNode details = object(usage, "prompt_tokens_details", "input_tokens_details", "input_token_details");
        JsonNode cachedDetails = details.path("cached_tokens_details");
        BigDecimal cachedAudio = counts.of(cachedDetails, "audio_tokens");
        BigDecimal cachedImage = counts.of(cachedDetails, "image_tokens");
        BigDecimal cachedText = counts.of(cachedDetails, "text_tokens");
        BigDecimal cached = counts.largest(counts.told(details, "cached_tokens"),
                counts.told(usage, "cached_tokens", "num_cached_tokens", "cached_prompt_text_tokens"),
                counts.told(usage, "prompt_cache_hit_tokens"), counts.told(usage, "cache_read_input_tokens"),
                cachedDetails.isObject() ? cachedText.add(cachedAudio).add(cachedImage) : null);
        BigDecimal left = prompt;
        BigDecimal audioRead = counts.take(Buckets.CACHE_READ_AUDIO, cachedAudio, left);
        left = left.subtract(audioRead);
        BigDecimal imageRead = counts.take(Buckets.CACHE_READ_IMAGE, cachedImage, left);
        left = left.subtract(imageRead);
        left = left.subtract(counts.take(Buckets.CACHE_READ, cached.subtract(cachedAudio).subtract(cachedImage), left));
        left = left.subtract(written(usage, details, left, counts));
        left = left.subtract(
                counts.take(Buckets.INPUT_AUDIO, fresh(counts.of(details, "audio_tokens"), audioRead), left));
        left = left.subtract(
                counts.take(Buckets.INPUT_IMAGE, fresh(counts.of(details, "image_tokens"), imageRead), left));
        left = left.subtract(counts.take(Buckets.INPUT_VIDEO, counts.of(details, "video_tokens"), left));
        counts.put(Buckets.INPUT, left);
    }

    /** Tokens of a kind include the cached ones of that kind; where they are not told at all there is nothing to take off. */
    private static BigDecimal fresh(BigDecimal all, BigDecimal cached) {
        return all.signum() == 0 ? all : all.subtract(cached);
    }

    private static BigDecimal written(JsonNode usage, JsonNode details, BigDecimal left, Counts counts) {
        JsonNode lives = details.path("cache_creation").isObject()
                ? details.path("cache_creation")
                : usage.path("cache_creation");
        BigDecimal minutes = counts.of(lives, "ephemeral_5m_input_tokens");
        BigDecimal hour = counts.of(lives, "ephemeral_1h_input_tokens");
        BigDecimal all = counts.largest(
                counts.told(details, "cache_write_tokens", "cache_creation_tokens", "cache_creation_input_tokens"),
                counts.told(usage, "cache_write_tokens", "cache_creation_input_tokens"));
        BigDecimal taken = counts.take(Buckets.CACHE_WRITE_5M, minutes, left);
        taken = taken.add(counts.take(Buckets.CACHE_WRITE_1H, hour, left.subtract(taken)));
        BigDecimal rest = all.subtract(minutes).subtract(hour);
        return taken.add(counts.take(Buckets.CACHE_WRITE, rest.max(BigDecimal.ZERO), left.subtract(taken)));
    }

    private void readCompletion(BigDecimal told, @Nullable BigDecimal prompt, @Nullable BigDecimal total,
            JsonNode usage,
            Counts counts) {
        JsonNode details = completionDetails(usage);
        BigDecimal reasoning = reasoning(usage, counts);
        BigDecimal completion = told;
        if (reasoning != null && vendor.equals("perplexity")) {
            counts.addUnlessZero(Buckets.OUTPUT_REASONING, reasoning);
        } else if (reasoning != null && beside(told, reasoning, prompt, total)) {
            completion = told.add(reasoning);
        }
        BigDecimal left = completion;
        left = left.subtract(counts.take(Buckets.OUTPUT_AUDIO, counts.of(details, "audio_tokens"), left));
        left = left.subtract(counts.take(Buckets.OUTPUT_IMAGE, counts.of(details, "image_tokens"), left));
        left = left.subtract(counts.take(Buckets.OUTPUT_VIDEO, counts.of(details, "video_tokens"), left));
        counts.put(Buckets.OUTPUT, left);
        counts.inform(Usage.REASONING_TOKENS, reasoning);
        BigDecimal text = counts.told(details, "text_tokens");
        // What the images API writes is images unless it says otherwise.
        counts.inform(Usage.OUTPUT_TEXT_TOKENS, text == null && draws() ? BigDecimal.ZERO : text);
        counts.expect(reasoning == null || vendor.equals("perplexity") || reasoning.compareTo(completion) <= 0);
    }

    private boolean draws() {
        return api.startsWith("image") || vendor.startsWith("image");
    }

    private static @Nullable BigDecimal reasoning(JsonNode usage, Counts counts) {
        BigDecimal reasoning = counts.told(completionDetails(usage), "reasoning_tokens", "thinking_tokens");
        return reasoning == null ? counts.told(usage, "reasoning_tokens") : reasoning;
    }

    private static JsonNode completionDetails(JsonNode usage) {
        return object(usage, "completion_tokens_details", "output_tokens_details", "output_token_details");
    }

    private boolean vendorsOwn() {
        return vendor.startsWith("openai") || vendor.startsWith("azure");
    }

    /** OpenAI counts reasoning in the completion; xAI and Google's OpenAI door beside it, which only the total gives away. */
    private boolean beside(BigDecimal completion, BigDecimal reasoning, @Nullable BigDecimal prompt,
            @Nullable BigDecimal total) {
        return !vendorsOwn() && reasoning.signum() > 0 && prompt != null
                && total != null && total.compareTo(prompt.add(completion).add(reasoning)) == 0;
    }

    private static JsonNode object(JsonNode parent, String... keys) {
        for (String key : keys) {
            if (parent.path(key).isObject()) {
                return parent.path(key);
            }
        }
        return parent.path("");
    }
}
