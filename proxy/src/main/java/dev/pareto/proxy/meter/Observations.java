package dev.pareto.proxy.meter;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.predict.CacheOdds;
import dev.pareto.policies.predict.CalibratedTokens;
import dev.pareto.policies.predict.LatencyBoard;
import dev.pareto.policies.predict.OutputLengths;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Usage;

/** What attempts teach for the next decision: latencies, lengths of answers, tokens of prompts. Thread-safe. */
public final class Observations {

    private final LatencyBoard latencies;
    private final OutputLengths lengths = new OutputLengths();
    private final CalibratedTokens tokens = new CalibratedTokens();
    private final CacheOdds cache = new CacheOdds();
    private final Expenses expenses;

    public Observations(LongSupplier nanoTime) {
        this(nanoTime, Expenses.UNHEARD);
    }

    /** @param expenses is told what attempts have cost */
    public Observations(LongSupplier nanoTime, Expenses expenses) {
        this.latencies = new LatencyBoard(nanoTime);
        this.expenses = expenses;
    }

    Expenses expenses() {
        return expenses;
    }

    public LatencyBoard latencies() {
        return latencies;
    }

    public OutputLengths lengths() {
        return lengths;
    }

    public CalibratedTokens tokens() {
        return tokens;
    }

    public CacheOdds cache() {
        return cache;
    }

    /**
     * A call that the caller left early tells nothing about how long answers take or are.
     *
     * @param load how many calls of the model were under way when this one began, with it
     * @param answersTheRoute whether it answers what the route is asked; a judge's words are of another length
     */
    void learn(MeteredRequest request, AttemptEnd end, int load, boolean vendorsFigures, boolean answersTheRoute) {
        Usage usage = end.usage();
        boolean settled = end.state() == AttemptState.SETTLED;
        if (settled && usage != null && vendorsFigures) {
            int output = (int) Math.min(Integer.MAX_VALUE, usage.outputTokens());
            tokens.observe(end.model(), request.promptCharacters(), usage.promptTokens());
            if (request.generates() && answersTheRoute) {
                lengths.observe(request.route(), output);
                cache.observe(request.route(), end.model(), usage.promptTokens(),
                        usage.quantity(Buckets.CACHE_READ).longValue());
            }
            Duration first = end.firstByte();
            if (first != null) {
                latencies.tracker(end.model()).record(first.toNanos(), end.total().toNanos(), output, true, load);
            }
        } else if (end.state() == AttemptState.FAILED && end.vendorsFault(false)) {
            latencies.tracker(end.model()).record(end.total().toNanos(), end.total().toNanos(), 0, false, load);
        }
    }
}
