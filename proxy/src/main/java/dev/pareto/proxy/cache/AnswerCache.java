package dev.pareto.proxy.cache;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.pareto.policies.policy.CachePolicy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import org.jspecify.annotations.Nullable;

/** Answers by exact request, a part for each route, bounded in bytes and entries, each with its time to live. Thread-safe. */
public final class AnswerCache {

    /** A larger answer is not kept: it would push out too many others. */
    public static final int MAX_ANSWER_BYTES = 1 << 20;

    private final ConcurrentMap<String, Cache<CacheKey, Entry>> routes = new ConcurrentHashMap<>();
    private final long maxBytesOfRoute;
    private final Ticker ticker;

    /** @param keptNanos by the ticker */
    private record Entry(CachedAnswer answer, Duration timeToLive, long keptNanos) {}

    public AnswerCache(long maxBytesOfRoute, Ticker ticker) {
        this.maxBytesOfRoute = maxBytesOfRoute;
        this.ticker = ticker;
    }

    public @Nullable CachedAnswer find(String route, CacheKey key) {
        return find(route, key, null);
    }

    /** @param maxAge below which the answer must be; null for any */
    public @Nullable CachedAnswer find(String route, CacheKey key, @Nullable Duration maxAge) {
        Cache<CacheKey, Entry> answers = routes.get(route);
        Entry entry = answers == null ? null : answers.getIfPresent(key);
        return entry == null || (maxAge != null && ticker.read() - entry.keptNanos() >= maxAge.toNanos())
                ? null
                : entry.answer();
    }

    /** Only routes of the configuration come here, so there are few parts. */
    public void keep(String route, CachePolicy policy, CacheKey key, CachedAnswer answer) {
        if (answer.body().length <= MAX_ANSWER_BYTES) {
            routes.computeIfAbsent(route, name -> part(policy))
                    .put(key, new Entry(answer, policy.ttl(), ticker.read()));
        }
    }

    /** One weight holds both bounds: an answer weighs its bytes, but at least its share of the number of entries. */
    private Cache<CacheKey, Entry> part(CachePolicy policy) {
        int least = Math.toIntExact(Math.max(1, maxBytesOfRoute / policy.maxEntries()));
        return Caffeine.newBuilder()
                .maximumWeight(maxBytesOfRoute)
                .weigher((CacheKey key, Entry entry) -> Math.max(least, entry.answer().weight()))
                .expireAfter(Expiry.creating((CacheKey key, Entry entry) -> entry.timeToLive()))
                .ticker(ticker)
                .build();
    }
}
