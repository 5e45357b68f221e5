package dev.pareto.policies.predict;

import dev.pareto.policies.catalog.ModelId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Learns from the vendors' own figures how much of a route's prompts each model reads from its cache: the share of tokens, not of requests,
 * over about the last hundred answers. Begins at nothing, so that a discount is counted on only after it was seen. Safe for many threads;
 * at most 10,000 pairs are remembered.
 */
public final class CacheOdds implements CachedShares {

    private static final int MOST = 10_000;
    private static final double KEEP = 0.99;
    /** Tokens that count as fresh to begin with. */
    private static final double PRIOR_TOKENS = 2_000;

    private record Key(String route, ModelId model) {}

    private record Seen(double prompt, double cached) {}

    private final ConcurrentMap<Key, AtomicReference<Seen>> seen = new ConcurrentHashMap<>();

    @Override
    public double of(String route, ModelId model) {
        AtomicReference<Seen> found = seen.get(new Key(route, model));
        if (found == null) {
            return 0;
        }
        Seen now = found.get();
        return now.cached / (now.prompt + PRIOR_TOKENS);
    }

    /**
     * @param promptTokens of one answer, all that were read
     * @param cachedTokens of these, from the cache
     */
    public void observe(String route, ModelId model, long promptTokens, long cachedTokens) {
        if (promptTokens <= 0 || cachedTokens < 0) {
            return;
        }
        Key key = new Key(route, model);
        AtomicReference<Seen> found = seen.get(key);
        if (found == null) {
            if (seen.size() >= MOST) {
                return;
            }
            found = seen.computeIfAbsent(key, same -> new AtomicReference<>(new Seen(0, 0)));
        }
        found.updateAndGet(old -> new Seen(old.prompt * KEEP + promptTokens,
                old.cached * KEEP + Math.min(promptTokens, cachedTokens)));
    }
}
