package dev.pareto.policies.predict;

import dev.pareto.policies.catalog.ModelId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts prompt tokens from characters, and learns each model's ratio from what it later reports: four characters a token to
 * begin with (English prose), then a running mean that forgets. Safe for many threads; lock-free.
 */
public final class CalibratedTokens implements TokenEstimator {

    private static final double PRIOR = 0.25;
    private static final double LEARNING = 0.05;

    private final ConcurrentMap<ModelId, AtomicLong> ratios = new ConcurrentHashMap<>();

    @Override
    public int promptTokens(ModelId model, long characters) {
        if (characters <= 0) {
            return 0;
        }
        AtomicLong bits = ratios.get(model);
        double ratio = bits == null ? PRIOR : Double.longBitsToDouble(bits.get());
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.round(characters * ratio)));
    }

    /** Learns from an answer's own prompt count; very short prompts say more about the template than about the ratio. */
    public void observe(ModelId model, long characters, long promptTokens) {
        if (characters < 16 || promptTokens <= 0) {
            return;
        }
        double seen = Math.clamp((double) promptTokens / characters, 0.05, 4);
        AtomicLong bits = ratios.computeIfAbsent(model, id -> new AtomicLong(Double.doubleToLongBits(PRIOR)));
        bits.updateAndGet(old -> {
            double ratio = Double.longBitsToDouble(old);
            return Double.doubleToLongBits(ratio + LEARNING * (seen - ratio));
        });
    }
}
