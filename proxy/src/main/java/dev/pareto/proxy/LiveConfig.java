package dev.pareto.proxy;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.pareto.policies.policy.ParetoConfig;

/** The configuration in force. A new one replaces the old one whole; requests under way keep what they began with. Thread-safe. */
public final class LiveConfig implements Supplier<ParetoConfig> {

    private final AtomicReference<ParetoConfig> current;
    private volatile UnaryOperator<ParetoConfig> completion = UnaryOperator.identity();

    public LiveConfig(ParetoConfig first) {
        current = new AtomicReference<>(Objects.requireNonNull(first, "first is null"));
    }

    @Override
    public ParetoConfig get() {
        return current.get();
    }

    /** Addresses, ports and the data folder only change with a restart; everything else holds from the next request on. */
    public void replace(ParetoConfig next) {
        current.set(completion.apply(Objects.requireNonNull(next, "next is null")));
    }

    /** What every configuration goes through, this one and later ones, e.g. adding the models found in a folder. */
    void complete(UnaryOperator<ParetoConfig> with) {
        completion = with;
        replace(get());
    }
}
