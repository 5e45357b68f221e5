package dev.pareto.proxy.swap;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import dev.pareto.evals.grade.Grade;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.Submission;
import dev.pareto.evals.grade.judge.JudgePairwise;
import dev.pareto.evals.grade.judge.ModelGrader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.policies.predict.live.LabelSource;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.guard.Arm;
import dev.pareto.policies.swap.guard.Guard;
import dev.pareto.policies.swap.guard.JudgePlan;
import dev.pareto.policies.swap.guard.Rating;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.upstream.Attempts;
import dev.pareto.proxy.upstream.Plan;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a sample of live answers, and of shadow's pairs, judged after the caller is served, and tells the swap. Only a judge that is over the
 * bar and of neither model's family is asked; what it says moves the swap by its guards alone. No more are under way than the plan allows,
 * none beyond the day's cap, and each call has its time limit. Thread-safe.
 */
public final class LiveJudge {

    private static final Logger LOG = LoggerFactory.getLogger(LiveJudge.class);

    private final Attempts attempts;
    private final SwapBook book;
    private final Meter meter;
    private final JudgeBench bench;
    private final Executor executor;
    private final DailyBudget budget;
    private final Consumer<Label> labels;
    private final Map<SwapKey, AtomicInteger> running = new ConcurrentHashMap<>();
    private final Map<SwapKey, String> silence = new ConcurrentHashMap<>();

    /**
     * @param executor where judges are waited for; never the caller's thread
     * @param spentSince what the ledger says that judging a route has cost since a moment
     */
    public LiveJudge(Attempts attempts, SwapBook book, Meter meter, JudgeBench bench, Executor executor,
            BiFunction<String, Instant, BigDecimal> spentSince) {
        this(attempts, book, meter, bench, executor, spentSince, label -> {});
    }

    /** @param labels hears how single answers were scored, for the predictors; a mere preference is no label */
    public LiveJudge(Attempts attempts, SwapBook book, Meter meter, JudgeBench bench, Executor executor,
            BiFunction<String, Instant, BigDecimal> spentSince, Consumer<Label> labels) {
        this.labels = labels;
        this.attempts = attempts;
        this.book = book;
        this.meter = meter;
        this.bench = bench;
        this.executor = executor;
        this.budget = new DailyBudget(spentSince);
    }

    /** An answer to be judged. */
    record Answer(ModelId author, String text) {}

    /** Whether this request is one of the sample; from memory. Those that offer tools are not: answers to them act, and say little. */
    boolean wants(SwapKey key, Plan plan, boolean pair) {
        JudgePlan judge = book.judge(key);
        return judge != null && !plan.request().tools() && (pair || judge.kind() != JudgePlan.Kind.JUDGE_PAIRWISE)
                && chosen(key, plan.metered().requestId(), judge);
    }

    private static boolean chosen(SwapKey key, UUID request, JudgePlan judge) {
        return Assignment.within("judge/" + key.salt(), request.toString(), judge.sample());
    }

    /** Has one live answer judged by itself; returns at once and never throws. */
    void single(Plan plan, SwapKey key, Arm arm, Answer answer, ModelId incumbent) {
        Instant answeredAt = book.now();
        begin(plan, key, incumbent, (grader, line, messages) -> {
            Double score = score(key, grader.connected(line).grade(submission(messages, answer)));
            if (score == null) {
                return null;
            }
            label(plan, answer, score, LabelSource.JUDGED);
            return new SwapEvent.Rated(new Rating(arm, Guard.JUDGED, score, answeredAt, 0));
        });
    }

    /** Has both models' answers to one request held against each other; returns at once and never throws. */
    void pair(Plan plan, SwapKey key, Answer candidate, Answer incumbent) {
        begin(plan, key, incumbent.author(), (grader, line, messages) -> {
            if (grader instanceof JudgePairwise pairwise) {
                Double score = score(key,
                        pairwise.connected(line).compare(submission(messages, candidate), incumbent.text()));
                return score == null ? null : new SwapEvent.Compared(2 * score - 1);
            }
            ModelGrader connected = grader.connected(line);
            Double one = score(key, connected.grade(submission(messages, candidate)));
            Double other = one == null ? null : score(key, connected.grade(submission(messages, incumbent)));
            if (one == null || other == null) {
                return null;
            }
            label(plan, candidate, one, LabelSource.SHADOW);
            label(plan, incumbent, other, LabelSource.SHADOW);
            return new SwapEvent.Compared(one - other);
        });
    }

    private void label(Plan plan, Answer answer, double score, LabelSource source) {
        labels.accept(new Label(plan.metered().route(), plan.metered().requestId().toString(), answer.author(),
                Math.clamp(score, 0, 1), source, 1, book.now()));
    }

    private interface Judging {
        /** Null when nobody could say. */
        @Nullable
        SwapEvent word(ModelGrader grader, JudgeClient line, List<Map<String, Object>> messages);
    }

    private void begin(Plan plan, SwapKey key, ModelId incumbent, Judging judging) {
        JudgePlan judge = book.judge(key);
        if (judge == null) {
            return;
        }
        AtomicInteger slots = running.computeIfAbsent(key, same -> new AtomicInteger());
        if (slots.incrementAndGet() > judge.atOnce()) {
            slots.decrementAndGet();
            return;
        }
        try {
            executor.execute(() -> {
                try {
                    judge(plan, key, judge, incumbent, judging);
                } catch (RuntimeException failure) {
                    LOG.error("an answer of the {} could not be judged", key, failure);
                } finally {
                    slots.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException closing) {
            slots.decrementAndGet();
        }
    }

    private void judge(Plan plan, SwapKey key, JudgePlan judge, ModelId incumbent, Judging judging) {
        JudgeBench.Seat seat = bench.seat(judge, key.candidate(), incumbent);
        ModelGrader grader = seat.grader();
        List<Map<String, Object>> messages = Prompt.messages(plan.request());
        if (grader == null || !seat.problems().isEmpty() || messages == null || !Prompt.textAlone(messages)) {
            return;
        }
        SwapEvent word = judging.word(grader,
                new JudgeLine(attempts, meter, budget, plan, judge, book.now()), messages);
        if (word != null) {
            book.tell(key, word);
        }
    }

    private @Nullable Double score(SwapKey key, Grade grade) {
        Double score = grade.score();
        if (score == null) {
            silence.put(key, grade.reason());
        } else {
            silence.remove(key);
        }
        return score;
    }

    private static Submission submission(List<Map<String, Object>> messages, Answer answer) {
        return new Submission(answer.text(), null, messages, null, null, null, null, answer.author().toString());
    }

    /** Why the judge of a swap had no word when it was last asked; null when it had one, or was not asked yet. */
    public @Nullable String silence(SwapKey key) {
        return silence.get(key);
    }

    /** Why the judge of a swap is not asked; empty when it is, or there is none. May read files. */
    public List<String> problems(SwapKey key) {
        JudgePlan judge = book.judge(key);
        ModelId incumbent = book.incumbent(key);
        return judge == null || incumbent == null
                ? List.of()
                : bench.seat(judge, key.candidate(), incumbent).problems();
    }
}
