package dev.pareto.proxy.explore;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.bandit.Choice;
import dev.pareto.policies.decide.Decision;
import dev.pareto.policies.decide.Draw;
import dev.pareto.policies.decide.Outcome;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.policy.Exploration;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.predict.Latencies;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.meter.Expenses;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bandits of all routes whose policies ask for one. Each gateway has its own and writes it down every half minute and when it ends.
 * Thread-safe; everything but writing comes from memory.
 */
public final class Explorers implements Consumer<Label>, Expenses, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Explorers.class);
    private static final int PAUSE_SECONDS = 30;

    private final ExplorerFiles files;
    private final ScheduledExecutorService timer;
    private final MeterRegistry meters;
    private final ConcurrentMap<Key, Explorer> explorers = new ConcurrentHashMap<>();
    private final Map<Key, ExplorerFiles.Saved> saved = new HashMap<>();

    private record Key(String route, String policy) {}

    /** @param timer of one thread; closed with this */
    Explorers(ExplorerFiles files, ScheduledExecutorService timer, MeterRegistry meters) {
        this.files = files;
        this.timer = timer;
        this.meters = meters;
        files.all().forEach(one -> saved.put(new Key(one.route(), one.policy()), one));
        var _ = timer.scheduleWithFixedDelay(this::write, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * The decision with the bandit's choice in front, of a policy that explores.
     *
     * @throws RefusedException when the policy's budget is spent
     */
    public Decision choose(Decision decision, RequestFeatures request, Policy policy, Latencies latencies) {
        Exploration asked = policy.explore();
        if (asked == null || !(decision.outcome() instanceof Outcome.Chosen)) {
            return decision;
        }
        Explorer explorer = explorer(new Key(decision.route(), policy.name()), decision, asked, policy);
        return switch (explorer.choose(decision, request, latencies)) {
            case Choice.Chosen chosen -> {
                meters.counter("pareto.explored", "route", decision.route(), "policy", policy.name(), "why",
                        chosen.why().name()).increment();
                yield decision.drawn(chosen.model(),
                        new Draw(chosen.why().name(), chosen.propensities(), chosen.lower()),
                        reason(decision, chosen));
            }
            // nobody meets the policy: the engine's closest serves
            case Choice.Nothing ignored -> decision;
            case Choice.BudgetSpent spent -> throw new RefusedException(new OpenAiError(429, "insufficient_quota",
                    "policy_budget_spent", "The budget of policy " + policy.name() + " is spent: "
                            + requireNonNull(asked.cap()) + " a "
                            + switch (asked.period()) {
                                case DAY -> "day";
                                case MONTH -> "month";
                            } + ", " + spent.left() + " USD are left and every model's worst case is more.",
                    null, null));
        };
    }

    private Explorer explorer(Key key, Decision decision, Exploration asked, Policy policy) {
        Explorer known = explorers.get(key);
        if (known != null && known.asks(policy)) {
            return known;
        }
        return requireNonNull(explorers.compute(key, (same, before) -> {
            if (before != null) {
                return before.asks(policy)
                        ? before
                        : Explorer.resume(asked, policy.objective(), before.costUnit(), before.state());
            }
            ExplorerFiles.Saved kept = saved.get(key);
            if (kept != null) {
                try {
                    return Explorer.resume(asked, policy.objective(), kept.costUnit(), kept.state());
                } catch (IllegalArgumentException unlike) {
                    LOG.warn("what policy {} had learned of route {} does not fit, so it learns anew: {}",
                            key.policy(), key.route(), unlike.getMessage());
                }
            }
            return Explorer.begin(asked, policy.objective(), Explorer.usualCost(decision));
        }));
    }

    private static String reason(Decision decision, Choice.Chosen chosen) {
        String how = switch (chosen.why()) {
            case BEST -> "worth most by what was learned";
            case STAYS -> "serves this unit";
            case EXPLORED -> "drawn to learn how good it is";
            case PROBED -> "drawn to see whether it is quicker again";
            case CONFIRMED -> "drawn to see whether it has become quicker";
            case TRIED -> "drawn because it is new";
        };
        boolean engines = decision.outcome() instanceof Outcome.Chosen it && it.model().equals(chosen.model());
        return engines && chosen.why() == Choice.Why.BEST
                ? decision.reason()
                : chosen.model() + ": " + how + " (probability "
                        + Math.round(chosen.propensity() * 1_000) / 1_000.0 + ")";
    }

    @Override
    public void paid(String route, String requestId, AttemptState state, @Nullable BigDecimal cost, Instant at) {
        for (Map.Entry<Key, Explorer> one : explorers.entrySet()) {
            if (one.getKey().route().equals(route)) {
                if (state == AttemptState.FAILED) {
                    one.getValue().failed(requestId, cost == null ? BigDecimal.ZERO : cost);
                } else {
                    one.getValue().ended(requestId, cost, at);
                }
            }
        }
    }

    @Override
    public void over(String route, String requestId, Instant at) {
        for (Map.Entry<Key, Explorer> one : explorers.entrySet()) {
            if (one.getKey().route().equals(route)) {
                one.getValue().ended(requestId, BigDecimal.ZERO, at);
            }
        }
    }

    @Override
    public void accept(Label label) {
        for (Map.Entry<Key, Explorer> one : explorers.entrySet()) {
            if (one.getKey().route().equals(label.route())) {
                one.getValue().label(label);
            }
        }
    }

    private void write() {
        explorers.forEach((key, explorer) -> {
            if (explorer.takeChanged()) {
                try {
                    files.write(new ExplorerFiles.Saved(key.route(), key.policy(), explorer.costUnit(),
                            explorer.state()));
                } catch (IOException | RuntimeException failure) {
                    LOG.error("what policy {} learned of route {} could not be written", key.policy(), key.route(),
                            failure);
                }
            }
        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
        write();
    }
}
