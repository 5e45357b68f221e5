package dev.pareto.proxy.route;

import java.time.Duration;
import java.util.Locale;

import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wishes with {@code Pareto-Cache: no-store, no-cache, max-age=60}, in any case and with several at once.
 *
 * @param keeps whether anything of request and answer may be kept
 * @param maxAge below which a kept answer will do; zero for none, null for any
 */
public record CacheWish(boolean keeps, @Nullable Duration maxAge) {

    private static final CacheWish NONE = new CacheWish(true, null);
    private static final String MAX_AGE = "max-age=";
    private static final int MOST_DIGITS = 9;
    private static final int SHOWN = 40;

    /** @throws RefusedException with 400 for a word that is none of these: what a caller forbids must not be overlooked */
    public static CacheWish of(HttpHeaders headers) {
        CacheWish wish = NONE;
        for (String line : headers.getAll(Replies.CACHE)) {
            for (String word : line.split(",", -1)) {
                wish = wish.and(word.strip().toLowerCase(Locale.ROOT));
            }
        }
        return wish;
    }

    private CacheWish and(String word) {
        return switch (word) {
            // HTTP's lists may have empty places
            case "" -> this;
            case "no-store" -> new CacheWish(false, maxAge);
            case "no-cache" -> new CacheWish(keeps, Duration.ZERO);
            default -> {
                Duration age = age(word);
                yield new CacheWish(keeps, maxAge == null || age.compareTo(maxAge) < 0 ? age : maxAge);
            }
        };
    }

    private static Duration age(String word) {
        String digits = word.startsWith(MAX_AGE) ? word.substring(MAX_AGE.length()) : "";
        if (digits.isEmpty() || digits.length() > MOST_DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new RefusedException(OpenAiError.badRequest("invalid_header",
                    "header " + Replies.CACHE + ": '" + (word.length() <= SHOWN ? word : word.substring(0, SHOWN) + "…")
                            + "' is unknown; write no-store, no-cache or max-age=SECONDS, several with commas",
                    null));
        }
        return Duration.ofSeconds(Long.parseLong(digits));
    }
}
