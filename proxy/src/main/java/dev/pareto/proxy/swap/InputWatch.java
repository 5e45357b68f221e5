package dev.pareto.proxy.swap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import dev.pareto.evals.suite.InputFeatures;
import dev.pareto.policies.decide.Replacement;
import dev.pareto.policies.swap.Evidence;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.proxy.upstream.Plan;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells swaps what live requests are like, so that evidence about other requests is found out. Requests are read away from the caller's
 * thread; those that come faster than they can be read are passed over. Thread-safe.
 */
public final class InputWatch {

    private static final Logger LOG = LoggerFactory.getLogger(InputWatch.class);

    private final SwapBook book;
    private final Executor executor;

    /** @param executor with a bounded queue; it may refuse */
    public InputWatch(SwapBook book, Executor executor) {
        this.book = book;
        this.executor = executor;
    }

    /** One request that belongs to these swaps; returns at once and never throws. */
    void offer(Plan plan, List<SwapKey> keys) {
        try {
            executor.execute(() -> read(plan, keys));
        } catch (RejectedExecutionException busy) {
            LOG.trace("a request was not looked at, there are too many");
        }
    }

    private void read(Plan plan, List<SwapKey> keys) {
        try {
            Map<String, String> features = null;
            for (SwapKey key : keys) {
                Replacement replacement = book.replacement(key);
                Evidence evidence = replacement == null ? null : replacement.facts().evidence();
                if (replacement == null || replacement.plan().drift() == null || evidence == null
                        || evidence.inputs().isEmpty()) {
                    continue;
                }
                if (features == null) {
                    var messages = Prompt.messages(plan.request());
                    if (messages == null) {
                        return;
                    }
                    features = InputFeatures.of(messages, plan.request().tools());
                }
                book.tell(key, new SwapEvent.Asked(labelled(features, replacement, plan)));
            }
        } catch (RuntimeException fault) {
            LOG.error("what a request was like could not be told", fault);
        }
    }

    private static Map<String, String> labelled(Map<String, String> features, Replacement replacement, Plan plan) {
        String tag = replacement.plan().segments().tag();
        if (tag == null) {
            return features;
        }
        Map<String, String> all = new HashMap<>(features);
        all.put(Evidence.LABEL, plan.metered().tags().getOrDefault(tag, ""));
        return all;
    }
}
