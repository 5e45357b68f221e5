package dev.pareto.policies.price;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Turns a vendor's own usage object into disjoint buckets. Vendors count differently: OpenAI's prompt includes what was cached,
 * Anthropic's excludes it, Gemini's output excludes thoughts. Stateless. Contradicting figures are clamped so that no bucket is
 * negative and the prompt's sum is kept, and the result is marked inconsistent.
 */
public final class UsageNormaliser {

    /** Information: generated tokens that were reasoning; the output bucket already holds them. */
    public static final String REASONING_TOKENS = "reasoning_tokens";
    /** Information: generated tokens that the vendor itself calls text. */
    public static final String OUTPUT_TEXT_TOKENS = "output_text_tokens";

    private static final Set<String> OPENAI = Set.of("openai", "openai.chat", "openai.completions", "openai.responses",
            "openai.embeddings", "openai.batch", "openai.realtime", "gemini.live");
    private static final Set<String> ANTHROPIC = Set.of("anthropic", "anthropic.messages");
    private static final Set<String> GEMINI = Set.of("gemini", "gemini.generatecontent");

    /**
     * @param dialect e.g. {@code openai.chat}, {@code openai.responses}, {@code anthropic.messages},
     *            {@code gemini.generateContent}
     * @param usageRaw the usage object itself, or an object that holds it under {@code usage}, {@code usageMetadata} or
     *            {@code usage_info}
     * @throws IllegalArgumentException when the dialect is unknown or {@code usageRaw} is no object
     */
    public Usage normalise(String dialect, JsonNode usageRaw) {
        if (!usageRaw.isObject()) {
            throw new IllegalArgumentException("usage must be a JSON object, got " + usageRaw.getNodeType());
        }
        String name = dialect.toLowerCase(Locale.ROOT);
        JsonNode usage = unwrap(usageRaw);
        if (OPENAI.contains(name)) {
            return openai(usage);
        }
        if (ANTHROPIC.contains(name)) {
            return anthropic(usage);
        }
        if (GEMINI.contains(name)) {
            return gemini(usage);
        }
        return switch (name) {
            case "images" -> new Fields(usage).unit("images", Buckets.IMAGE).done();
            case "audio" -> new Fields(usage).unit("audio_seconds", Buckets.AUDIO_SECOND).done();
            case "mistral.ocr" -> new Fields(usage).unit("pages_processed", Buckets.PAGE).done();
            case "buckets", "focus" -> buckets(usage);
            default -> throw new IllegalArgumentException("unknown usage dialect '" + dialect + "'");
        };
    }

    private static JsonNode unwrap(JsonNode raw) {
        for (String key : new String[]{"usage", "usageMetadata", "usage_info"}) {
            if (raw.path(key).isObject()) {
                return raw.path(key);
            }
        }
        return raw;
    }

    private static Usage openai(JsonNode usage) {
        Fields fields = new Fields(usage);
        BigDecimal prompt = fields.first(usage, "prompt_tokens", "input_tokens");
        if (prompt != null) {
            JsonNode details = object(usage, "prompt_tokens_details", "input_tokens_details", "input_token_details");
            JsonNode cachedDetails = details.path("cached_tokens_details");
            BigDecimal cached = fields.of(details, "cached_tokens").max(fields.of(usage, "prompt_cache_hit_tokens"));
            BigDecimal left = prompt;
            BigDecimal cachedAudio = fields.take(Buckets.CACHE_READ_AUDIO, fields.of(cachedDetails, "audio_tokens"),
                    left);
            left = left.subtract(cachedAudio);
            BigDecimal cachedImage = fields.take(Buckets.CACHE_READ_IMAGE, fields.of(cachedDetails, "image_tokens"),
                    left);
            left = left.subtract(cachedImage);
            left = left.subtract(
                    fields.take(Buckets.CACHE_READ, cached.subtract(cachedAudio).subtract(cachedImage), left));
            left = left.subtract(fields.take(Buckets.CACHE_WRITE, fields.of(details, "cache_write_tokens"), left));
            left = left.subtract(fields.take(Buckets.INPUT_AUDIO,
                    fields.of(details, "audio_tokens").subtract(cachedAudio), left));
            left = left.subtract(fields.take(Buckets.INPUT_IMAGE,
                    fields.of(details, "image_tokens").subtract(cachedImage), left));
            fields.put(Buckets.INPUT, left);
        }
        BigDecimal completion = fields.first(usage, "completion_tokens", "output_tokens");
        if (completion != null) {
            JsonNode details = object(usage, "completion_tokens_details", "output_tokens_details",
                    "output_token_details");
            BigDecimal left = completion;
            left = left.subtract(fields.take(Buckets.OUTPUT_AUDIO, fields.of(details, "audio_tokens"), left));
            left = left.subtract(fields.take(Buckets.OUTPUT_IMAGE, fields.of(details, "image_tokens"), left));
            fields.put(Buckets.OUTPUT, left);
            fields.inform(REASONING_TOKENS, details, "reasoning_tokens");
            fields.inform(OUTPUT_TEXT_TOKENS, details, "text_tokens");
        }
        fields.expectTotal(usage, "total_tokens");
        return fields.done();
    }

    private static Usage anthropic(JsonNode usage) {
        Fields fields = new Fields(usage);
        fields.put(Buckets.INPUT, fields.of(usage, "input_tokens"));
        fields.put(Buckets.OUTPUT, fields.of(usage, "output_tokens"));
        fields.putUnlessZero(Buckets.CACHE_READ, fields.of(usage, "cache_read_input_tokens"));
        BigDecimal written = fields.of(usage, "cache_creation_input_tokens");
        JsonNode creation = usage.path("cache_creation");
        BigDecimal hour = fields.of(creation, "ephemeral_1h_input_tokens");
        BigDecimal minutes = fields.of(creation, "ephemeral_5m_input_tokens");
        BigDecimal told = hour.add(minutes);
        if (told.compareTo(written) > 0) {
            fields.inconsistent |= written.signum() > 0;
        } else {
            // Without a breakdown a write lives for five minutes, the vendor's default.
            minutes = minutes.add(written.subtract(told));
        }
        fields.putUnlessZero(Buckets.CACHE_WRITE_5M, minutes);
        fields.putUnlessZero(Buckets.CACHE_WRITE_1H, hour);
        fields.putUnlessZero(Buckets.WEB_SEARCH, fields.of(usage.path("server_tool_use"), "web_search_requests"));
        return fields.done();
    }

    private static Usage gemini(JsonNode usage) {
        Fields fields = new Fields(usage);
        BigDecimal prompt = fields.of(usage, "promptTokenCount");
        BigDecimal left = prompt;
        BigDecimal cachedAudio = fields.take(Buckets.CACHE_READ_AUDIO,
                modality(fields, usage.path("cacheTokensDetails"), "AUDIO"), left);
        left = left.subtract(cachedAudio);
        left = left.subtract(fields.take(Buckets.CACHE_READ,
                fields.of(usage, "cachedContentTokenCount").subtract(cachedAudio), left));
        BigDecimal audio = modality(fields, usage.path("promptTokensDetails"), "AUDIO").subtract(cachedAudio);
        left = left.subtract(fields.take(Buckets.INPUT_AUDIO, audio, left));
        fields.put(Buckets.INPUT, left.add(fields.of(usage, "toolUsePromptTokenCount")));
        BigDecimal thoughts = fields.of(usage, "thoughtsTokenCount");
        BigDecimal visible = fields.of(usage, "candidatesTokenCount");
        JsonNode candidates = usage.path("candidatesTokensDetails");
        visible = visible.subtract(fields.take(Buckets.OUTPUT_AUDIO, modality(fields, candidates, "AUDIO"), visible));
        visible = visible.subtract(fields.take(Buckets.OUTPUT_IMAGE, modality(fields, candidates, "IMAGE"), visible));
        fields.put(Buckets.OUTPUT, visible.add(thoughts));
        fields.inform(REASONING_TOKENS, usage, "thoughtsTokenCount");
        fields.expectTotal(usage, "totalTokenCount");
        return fields.done();
    }

    private static Usage buckets(JsonNode usage) {
        Fields fields = new Fields(usage);
        for (String bucket : Buckets.all()) {
            if (usage.has(bucket)) {
                fields.put(bucket, fields.of(usage, bucket));
            }
        }
        return fields.done();
    }

    private static BigDecimal modality(Fields fields, JsonNode details, String modality) {
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode detail : details) {
            if (modality.equals(detail.path("modality").asString(""))) {
                sum = sum.add(fields.of(detail, "tokenCount"));
            }
        }
        return sum;
    }

    private static JsonNode object(JsonNode parent, String... keys) {
        for (String key : keys) {
            if (parent.path(key).isObject()) {
                return parent.path(key);
            }
        }
        return parent.path("");
    }

    /** Collects buckets while it reads; one per call. */
    private static final class Fields {

        private final JsonNode root;
        private final TreeMap<String, BigDecimal> quantities = new TreeMap<>(Buckets.ORDER);
        private final TreeMap<String, BigDecimal> information = new TreeMap<>();
        private boolean inconsistent;

        Fields(JsonNode root) {
            this.root = root;
        }

        /** A number that is absent counts as zero; a negative one too, and is marked. */
        BigDecimal of(JsonNode parent, String key) {
            BigDecimal value = first(parent, key);
            return value == null ? BigDecimal.ZERO : value;
        }

        @Nullable
        BigDecimal first(JsonNode parent, String... keys) {
            for (String key : keys) {
                JsonNode node = parent.path(key);
                BigDecimal value = number(node);
                if (value != null) {
                    if (value.signum() < 0) {
                        inconsistent = true;
                        return BigDecimal.ZERO;
                    }
                    return value;
                }
            }
            return null;
        }

        private static @Nullable BigDecimal number(JsonNode node) {
            if (node.isNumber()) {
                return node.decimalValue();
            }
            if (node.isString() && node.stringValue().matches("\\d{1,18}(\\.\\d{1,12})?")) {
                return new BigDecimal(node.stringValue());
            }
            return null;
        }

        /** Puts a part of a whole into its own bucket, never more than is left of the whole. */
        BigDecimal take(String bucket, BigDecimal wanted, BigDecimal left) {
            BigDecimal taken = wanted.max(BigDecimal.ZERO).min(left);
            inconsistent |= taken.compareTo(wanted) != 0;
            putUnlessZero(bucket, taken);
            return taken;
        }

        void put(String bucket, BigDecimal quantity) {
            quantities.put(bucket, quantity);
        }

        void putUnlessZero(String bucket, BigDecimal quantity) {
            if (quantity.signum() > 0) {
                put(bucket, quantity);
            }
        }

        void inform(String name, JsonNode parent, String key) {
            BigDecimal value = first(parent, key);
            if (value != null) {
                information.put(name, value);
            }
        }

        Fields unit(String key, String bucket) {
            put(bucket, of(root, key));
            return this;
        }

        void expectTotal(JsonNode parent, String key) {
            BigDecimal total = first(parent, key);
            BigDecimal sum = quantities.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            inconsistent |= total != null && total.compareTo(sum) != 0;
        }

        Usage done() {
            return new Usage(quantities, information, inconsistent);
        }
    }
}
