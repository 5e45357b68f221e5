package dev.pareto.policies.price.usage;

import dev.pareto.policies.price.Buckets;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What is sold by the piece, page, second or character, and quantities that are in buckets already. */
final class UnitUsage {

    /** Names of what is sold, used as a dialect where no vendor's shape matters. */
    static final Set<String> DIALECTS = Set.of("images", "image", "audio", "speech", "tts", "transcription", "video",
            "ocr", "pages",
            "rerank", "search", "tools", "storage", "units");

    private static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry(Buckets.IMAGE, List.of("images", "image_count", "n")),
            Map.entry(Buckets.AUDIO_SECOND,
                    List.of("audio_seconds", "seconds", "duration_seconds", "billable_audio_seconds")),
            Map.entry(Buckets.VIDEO_SECOND, List.of("video_seconds")),
            Map.entry(Buckets.PAGE, List.of("pages_processed", "pages")),
            Map.entry(Buckets.CHARACTER, List.of("characters", "chars", "character_count")),
            Map.entry(Buckets.WEB_SEARCH, List.of("web_searches", "web_search_requests", "searches")),
            Map.entry(Buckets.FILE_SEARCH, List.of("file_searches", "file_search_requests")),
            Map.entry(Buckets.SEARCH_UNIT, List.of("search_units")),
            Map.entry(Buckets.CODE_EXEC_SECOND, List.of("code_exec_seconds", "code_execution_seconds")),
            Map.entry(Buckets.REQUEST, List.of("requests", "queries")),
            Map.entry(Buckets.CACHE_STORAGE_TOKEN_HOUR, List.of("token_hours", "cache_storage_token_hours")),
            Map.entry(Buckets.GPU_SECOND, List.of("gpu_seconds")));
    private static final List<String> TOKENS = List.of("input_tokens", "output_tokens", "prompt_tokens",
            "completion_tokens");
    private static final Set<String> FRACTIONAL = Set.of(Buckets.AUDIO_SECOND, Buckets.VIDEO_SECOND,
            Buckets.CODE_EXEC_SECOND,
            Buckets.GPU_SECOND, Buckets.CACHE_STORAGE_TOKEN_HOUR);

    private UnitUsage() {}

    /** Whether something is sold through this door of a vendor that may be counted in pieces instead of tokens. */
    static boolean sells(String api) {
        return DIALECTS.stream().anyMatch(api::contains);
    }

    /** Whether a usage of such a thing tells tokens as OpenAI does, and no pieces. */
    static boolean isInTokens(JsonNode usage) {
        return usage.path("type").asString("").equals("tokens") || (TOKENS.stream().anyMatch(usage::hasNonNull)
                && KEYS.values().stream().flatMap(List::stream).noneMatch(usage::hasNonNull));
    }

    static void read(JsonNode usage, Counts counts) {
        KEYS.forEach((bucket, names) -> {
            String[] keys = names.toArray(String[]::new);
            BigDecimal quantity = FRACTIONAL.contains(bucket) ? counts.amount(usage, keys) : counts.told(usage, keys);
            counts.put(bucket, quantity);
        });
    }

    /** Quantities by bucket, as a bill has them; what is neither a bucket nor a known unit is refused, not dropped. */
    static void buckets(JsonNode usage, Counts counts) {
        usage.propertyNames().forEach(name -> {
            String bucket = Buckets.isKnown(name) ? name : unit(name);
            counts.put(bucket, FRACTIONAL.contains(bucket) ? counts.amount(usage, name) : counts.told(usage, name));
        });
    }

    private static String unit(String name) {
        return KEYS.entrySet()
                .stream()
                .filter(entry -> entry.getValue().contains(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no bucket '" + name + "'"));
    }
}
