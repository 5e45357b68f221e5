package dev.pareto.policies.sheet.market;

import dev.pareto.policies.price.Buckets;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** LiteLLM's {@code model_prices_and_context_window.json}: US dollars per token, prompt sizes and service tiers in the key. */
record LiteLlm() implements Catalogue {

    private static final Pattern KEY = Pattern
            .compile("([a-z_]+?)(_above_1hr)?(?:_above_(\\d{1,4})k_tokens)?(?:_(flex|priority|batches))?");
    private static final Map<String, String> BUCKETS = Map.ofEntries(Map.entry("input_cost_per_token", Buckets.INPUT),
            Map.entry("output_cost_per_token", Buckets.OUTPUT),
            Map.entry("cache_read_input_token_cost", Buckets.CACHE_READ),
            Map.entry("cache_creation_input_token_cost", Buckets.CACHE_WRITE),
            Map.entry("input_cost_per_audio_token", Buckets.INPUT_AUDIO),
            Map.entry("output_cost_per_audio_token", Buckets.OUTPUT_AUDIO),
            Map.entry("cache_read_input_audio_token_cost", Buckets.CACHE_READ_AUDIO),
            Map.entry("input_cost_per_image_token", Buckets.INPUT_IMAGE),
            Map.entry("output_cost_per_image_token", Buckets.OUTPUT_IMAGE),
            Map.entry("output_cost_per_reasoning_token", Buckets.OUTPUT_REASONING));
    private static final Map<String, String> PIECES = Map.of("input_cost_per_query", Buckets.SEARCH_UNIT,
            "ocr_cost_per_page", Buckets.PAGE);
    private static final Map<String, String> VENDORS = Map.ofEntries(Map.entry("openai", "openai"),
            Map.entry("anthropic", "anthropic"), Map.entry("gemini", "google"), Map.entry("mistral", "mistral"),
            Map.entry("deepseek", "deepseek"), Map.entry("xai", "x-ai"), Map.entry("moonshot", "moonshotai"),
            Map.entry("zai", "zai"), Map.entry("minimax", "minimax"), Map.entry("dashscope", "dashscope"),
            Map.entry("groq", "groq"), Map.entry("fireworks_ai", "fireworks"), Map.entry("together_ai", "together"),
            Map.entry("cerebras", "cerebras"), Map.entry("perplexity", "perplexity"), Map.entry("cohere", "cohere"),
            Map.entry("cohere_chat", "cohere"), Map.entry("bedrock", "aws"), Map.entry("bedrock_converse", "aws"));

    @Override
    public String name() {
        return "litellm";
    }

    @Override
    public Reading read(JsonNode file, Instant when) {
        if (!file.isObject() || file.propertyStream().noneMatch(entry -> entry.getValue().has("litellm_provider"))) {
            throw new IllegalArgumentException("this is not LiteLLM's model_prices_and_context_window.json");
        }
        List<Quote> quotes = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        file.propertyStream().filter(entry -> !entry.getKey().equals("sample_spec")).forEach(entry -> {
            String vendor = VENDORS.get(entry.getValue().path("litellm_provider").asString(""));
            if (vendor != null) {
                try {
                    quotes.addAll(model(vendor, entry.getKey(), entry.getValue()));
                } catch (IllegalArgumentException unreadable) {
                    refused.add(entry.getKey() + ": " + unreadable.getMessage());
                }
            }
        });
        return new Reading(quotes, refused);
    }

    private static List<Quote> model(String vendor, String key, JsonNode entry) {
        String provider = entry.path("litellm_provider").asString("");
        String name = key.startsWith(provider + "/") ? key.substring(provider.length() + 1) : key;
        Map<String, Bands> tiers = new TreeMap<>();
        entry.propertyStream().forEach(field -> price(vendor, field.getKey(), field.getValue(), tiers));
        JsonNode ranges = entry.path("tiered_pricing");
        for (JsonNode range : ranges) {
            BigDecimal from = Bands.figure(range.path("range").path(0), "range");
            long first = from == null || from.signum() == 0 ? 0 : from.longValueExact() + 1;
            BUCKETS.forEach((field, bucket) -> tiers.computeIfAbsent("standard", tier -> new Bands())
                    .perToken(first, bucket, Bands.figure(range.path(field), field)));
        }
        List<Quote> quotes = new ArrayList<>();
        tiers.forEach((tier, bands) -> {
            if (!bands.withoutIdleZeros().isEmpty()) {
                quotes.add(new Quote(vendor + "/" + name, tier, null, bands.list()));
            }
        });
        return quotes;
    }

    private static void price(String vendor, String field, JsonNode value, Map<String, Bands> tiers) {
        String piece = PIECES.get(field);
        if (piece != null) {
            tiers.computeIfAbsent("standard", tier -> new Bands()).put(0, piece, Bands.figure(value, field), Bands.ONE);
            return;
        }
        Matcher key = KEY.matcher(field);
        String bucket = key.matches() ? bucket(vendor, BUCKETS.get(key.group(1)), key.group(2)) : null;
        if (bucket == null) {
            return;
        }
        String tier = key.group(4) == null ? "standard" : key.group(4).equals("batches") ? "batch" : key.group(4);
        long from = key.group(3) == null ? 0 : Long.parseLong(key.group(3)) * 1_000 + 1;
        tiers.computeIfAbsent(tier, name -> new Bands()).perToken(from, bucket, Bands.figure(value, field));
    }

    /** Anthropic's plain write lives five minutes; its key for an hour is the same with a suffix. */
    private static @Nullable String bucket(String vendor, @Nullable String bucket, @Nullable String hour) {
        if (hour != null) {
            return Buckets.CACHE_WRITE.equals(bucket) ? Buckets.CACHE_WRITE_1H : null;
        }
        return Buckets.CACHE_WRITE.equals(bucket) && vendor.equals("anthropic") ? Buckets.CACHE_WRITE_5M : bucket;
    }
}
