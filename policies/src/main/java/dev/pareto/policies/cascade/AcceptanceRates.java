package dev.pareto.policies.cascade;

import dev.pareto.policies.catalog.ModelId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often a first model's answers pass, by route and size of the prompt; old answers count less (a thousandth part of what they did after
 * some 1,400 newer ones). Holds one entry for each route, first model and size class, all of the configuration. Thread-safe.
 */
public final class AcceptanceRates {

    /** Below so many a rate decides nothing. */
    public static final double ENOUGH = 30;

    private static final double KEPT = 0.995;

    /**
     * How often answers passed.
     *
     * @param accepted in (0, 1), drawn towards a half while little is known
     * @param observations how many it rests on, old ones counting less
     */
    public record Rate(double accepted, double observations) {

        public boolean known() {
            return observations >= ENOUGH;
        }
    }

    private record Key(String route, ModelId first, int size) {}

    private record Count(double accepted, double all) {

        static final Count NONE = new Count(0, 0);

        Count and(boolean one) {
            return new Count(accepted * KEPT + (one ? 1 : 0), all * KEPT + 1);
        }
    }

    private final Map<Key, Count> counts = new ConcurrentHashMap<>();

    /** One answer was judged. */
    public void judged(String route, ModelId first, long promptTokens, boolean accepted) {
        counts.compute(key(route, first, promptTokens),
                (key, known) -> (known == null ? Count.NONE : known).and(accepted));
    }

    public Rate of(String route, ModelId first, long promptTokens) {
        Count count = counts.getOrDefault(key(route, first, promptTokens), Count.NONE);
        return new Rate((count.accepted + 1) / (count.all + 2), count.all);
    }

    /** Prompts of one class differ by less than four times in length. */
    private static Key key(String route, ModelId first, long promptTokens) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, promptTokens) / 64);
        return new Key(route, first, Math.min(6, (bits + 1) / 2));
    }
}
