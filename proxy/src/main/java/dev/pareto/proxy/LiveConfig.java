package dev.pareto.proxy;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.pareto.policies.policy.ParetoConfig;

import org.jspecify.annotations.Nullable;

/** The configuration in force. A new one replaces the old one whole; requests under way keep what they began with. Thread-safe. */
public final class LiveConfig implements Supplier<ParetoConfig> {

    private final AtomicReference<ParetoConfig> current;
    private UnaryOperator<ParetoConfig> completion = UnaryOperator.identity();
    private ParetoConfig stated;
    private volatile @Nullable Path file;

    public LiveConfig(ParetoConfig first) {
        stated = Objects.requireNonNull(first, "first is null");
        current = new AtomicReference<>(first);
    }

    @Override
    public ParetoConfig get() {
        return current.get();
    }

    /** Where it was read; null when it was made otherwise. */
    public @Nullable Path file() {
        return file;
    }

    public void readFrom(Path file) {
        this.file = file;
    }

    /** Addresses, ports and the data folder only change with a restart; everything else holds from the next request on. */
    public synchronized void replace(ParetoConfig next) {
        stated = Objects.requireNonNull(next, "next is null");
        refresh();
    }

    /** Completes the configuration again, because what it is completed with has changed. */
    synchronized void refresh() {
        current.set(completion.apply(stated));
    }

    /** What every configuration goes through, this one and later ones, e.g. adding the models found in a folder. */
    synchronized void complete(UnaryOperator<ParetoConfig> with) {
        completion = with;
        refresh();
    }
}
