package dev.pareto.dashboards.focus;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What a bucket is called in FOCUS: its unit, its meter, and the keys that the draft of FOCUS 1.5 has for tokens. */
final class FocusUnit {

    private FocusUnit() {}

    /** The unit of a quantity, in the plural. */
    static String of(String bucket) {
        if (Buckets.isToken(bucket)) {
            return "Tokens";
        }
        return switch (bucket) {
            case Buckets.REQUEST -> "Requests";
            case Buckets.WEB_SEARCH, Buckets.FILE_SEARCH, Buckets.SEARCH_UNIT -> "Searches";
            case Buckets.CODE_EXEC_SECOND, Buckets.AUDIO_SECOND, Buckets.VIDEO_SECOND, Buckets.GPU_SECOND -> "Seconds";
            case Buckets.IMAGE -> "Images";
            case Buckets.PAGE -> "Pages";
            case Buckets.CHARACTER -> "Characters";
            case Buckets.CACHE_STORAGE_TOKEN_HOUR -> "Token-Hours";
            default -> "Units";
        };
    }

    /** The unit of a price, e.g. {@code 1000000 Tokens}. */
    static String pricing(String bucket, BigDecimal per) {
        if (per.compareTo(BigDecimal.ONE) == 0) {
            return of(bucket);
        }
        if (of(bucket).equals("Seconds") && per.compareTo(BigDecimal.valueOf(3_600)) == 0) {
            return "Hours";
        }
        return Money.plain(per) + " " + of(bucket);
    }

    /** What is measured, in words. */
    static String meter(String bucket) {
        return switch (bucket) {
            case Buckets.INPUT -> "Input Tokens";
            case Buckets.CACHE_READ -> "Cache Read Input Tokens";
            case Buckets.CACHE_WRITE, Buckets.CACHE_WRITE_5M, Buckets.CACHE_WRITE_1H ->
                "Cache Write Input Tokens" + lifetime(bucket);
            case Buckets.OUTPUT -> "Output Tokens";
            case Buckets.GPU_SECOND -> "Machine Seconds";
            default -> words(bucket) + (Buckets.isToken(bucket) ? " Tokens" : "");
        };
    }

    /** {@code Input} or {@code Output}; null for what is no token. */
    static @Nullable String direction(String bucket) {
        return Buckets.isPrompt(bucket) ? "Input" : Buckets.isOutput(bucket) ? "Output" : null;
    }

    /** {@code Read}, {@code Write} or {@code Uncached}; null for what is no token of a prompt. */
    static @Nullable String cacheAction(String bucket) {
        if (!Buckets.isPrompt(bucket)) {
            return null;
        }
        return bucket.startsWith("cache_read") ? "Read" : bucket.startsWith("cache_write") ? "Write" : "Uncached";
    }

    private static String lifetime(String bucket) {
        return switch (bucket) {
            case Buckets.CACHE_WRITE_5M -> " (5 Minutes)";
            case Buckets.CACHE_WRITE_1H -> " (1 Hour)";
            default -> "";
        };
    }

    private static String words(String bucket) {
        StringBuilder words = new StringBuilder();
        for (String word : bucket.split("_", -1)) {
            words.append(words.isEmpty() ? "" : " ")
                    .append(Character.toUpperCase(word.charAt(0)))
                    .append(
                            word.substring(1));
        }
        return words.toString();
    }
}
