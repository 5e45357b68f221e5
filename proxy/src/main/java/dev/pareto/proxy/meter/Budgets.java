package dev.pareto.proxy.meter;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.dialect.openai.RefusedException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may be spent: asked for every call before a byte goes out. Thread-safe; called on event loops, so it never blocks. */
@FunctionalInterface
public interface Budgets {

    /** No budget at all. */
    Budgets NONE = call -> Hold.NONE;

    /**
     * Sets the worst case of a call aside in every budget that it is about, or in none.
     *
     * @throws RefusedException when one of them cannot bear it
     */
    Hold reserve(Call call);

    /**
     * A call as budgets see it.
     *
     * @param worst the most that it may cost; null when its price is not known
     * @param at its start, which tells whose period it is
     */
    record Call(String tenant, Map<String, String> tags, String route, ModelId model, @Nullable Money worst,
            Instant at) {

        public Call {
            tags = Map.copyOf(tags);
        }
    }

    /** What was set aside for one call. Whichever end comes first counts; later ones do nothing. */
    interface Hold {

        /** Nothing was. */
        Hold NONE = new Hold() {

            @Override
            public void settle(@Nullable Money cost) {}

            @Override
            public void release() {}

            @Override
            public void unsettled() {}
        };

        /** The true cost takes the worst case's place; null where it is not known. */
        void settle(@Nullable Money cost);

        /** The call was never made. */
        void release();

        /** The books did not take the true cost and will bill the worst case; to be said after {@link #settle}. */
        void unsettled();
    }
}
