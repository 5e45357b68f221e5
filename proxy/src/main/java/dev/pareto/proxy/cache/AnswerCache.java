package dev.pareto.proxy.cache;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import org.jspecify.annotations.Nullable;

/** Answers by exact request, bounded by bytes, each with its route's time to live. Thread-safe. */
public final class AnswerCache {

    /** A larger answer is not kept: it would push out too many others. */
    public static final int MAX_ANSWER_BYTES = 1 << 20;

    private final Cache<CacheKey, Entry> answers;

    private record Entry(CachedAnswer answer, Duration timeToLive) {}

    public AnswerCache(long maxBytes, Ticker ticker) {
        answers = Caffeine.newBuilder().maximumWeight(maxBytes)
                .weigher((CacheKey key, Entry entry) -> entry.answer().weight())
                .expireAfter(Expiry.creating((CacheKey key, Entry entry) -> entry.timeToLive())).ticker(ticker).build();
    }

    public @Nullable CachedAnswer find(CacheKey key) {
        Entry entry = answers.getIfPresent(key);
        return entry == null ? null : entry.answer();
    }

    public void keep(CacheKey key, CachedAnswer answer, Duration timeToLive) {
        if (answer.body().length <= MAX_ANSWER_BYTES) {
            answers.put(key, new Entry(answer, timeToLive));
        }
    }
}
