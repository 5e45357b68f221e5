package dev.pareto.proxy.swap;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.Replacement;
import dev.pareto.policies.decide.Stake;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.swap.Assignment;
import dev.pareto.policies.swap.Shadow;
import dev.pareto.policies.swap.SwapEvent;
import dev.pareto.policies.swap.SwapKey;
import dev.pareto.policies.swap.guard.Arm;
import dev.pareto.policies.swap.guard.Observation;
import dev.pareto.proxy.dialect.openai.Observed;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.StreamWatch;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.upstream.Answered;
import dev.pareto.proxy.upstream.Attempts;
import dev.pareto.proxy.upstream.Plan;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Copies live requests to a candidate that serves nobody yet, after the caller has had the answer. A copy has its own time limit, row and
 * place among a bounded number; it is never retried and tells no circuit breaker. Requests that offer tools are never copied: nobody here
 * knows which of them act on the world. Thread-safe.
 */
public final class ShadowMirror {

    private static final Logger LOG = LoggerFactory.getLogger(ShadowMirror.class);

    /** Far from the numbers of the attempts that the caller's answer took. */
    private static final int NUMBER = 1_000;

    /** A copy's text is kept up to this size to tell its form, and to be judged. */
    private static final int MAX_TEXT = 1 << 20;

    private final Attempts attempts;
    private final SwapBook book;
    private final Meter meter;
    private final LiveJudge judge;
    private final Executor executor;
    private final DailyBudget budget;
    private final Map<SwapKey, AtomicInteger> running = new ConcurrentHashMap<>();

    /**
     * @param executor where copies are begun, which may wait for the store; never the caller's thread
     * @param spentSince what the ledger says that copies of a route have cost since a moment
     */
    public ShadowMirror(Attempts attempts, SwapBook book, Meter meter, LiveJudge judge, Executor executor,
            BiFunction<String, Instant, BigDecimal> spentSince) {
        this.attempts = attempts;
        this.book = book;
        this.meter = meter;
        this.judge = judge;
        this.executor = executor;
        this.budget = new DailyBudget(spentSince);
    }

    /**
     * Copies the request if it is one of the sample and every bound allows it; returns at once and never throws.
     *
     * @param live the caller's answer, where a judge is to hold the copy's against it; null where none is
     */
    void mayCopy(Plan original, Stake stake, LiveJudge.@Nullable Answer live) {
        Replacement replacement = book.replacement(stake.key());
        if (replacement == null || original.request().tools()) {
            return;
        }
        Shadow shadow = replacement.plan().shadow();
        if (!Assignment.within("shadow/" + stake.key().salt(), original.metered().requestId().toString(),
                shadow.sample())) {
            return;
        }
        AtomicInteger slots = running.computeIfAbsent(stake.key(), key -> new AtomicInteger());
        if (slots.incrementAndGet() > shadow.atOnce()) {
            slots.decrementAndGet();
            return;
        }
        try {
            executor.execute(() -> copy(original, stake.key(), shadow, live, slots));
        } catch (RejectedExecutionException closing) {
            slots.decrementAndGet();
        }
    }

    private void copy(Plan original, SwapKey key, Shadow shadow, LiveJudge.@Nullable Answer live,
            AtomicInteger slots) {
        try {
            Model model = attempts.model(key.candidate());
            MeteredRequest metered = original.metered().aside();
            Money worst = model == null ? null : meter.worstCase(metered, model);
            Instant now = book.now();
            DailyBudget.Hold hold = model == null ? null : budget.reserve(key.route(), worst, shadow.perDay(), now);
            if (hold == null) {
                slots.decrementAndGet();
                return;
            }
            Plan plan = new Plan(original.request(), metered, original.caller(), original.headers(),
                    List.of(key.candidate()), original.addressed());
            send(plan, key, shadow.timeLimit(), hold, live, slots);
        } catch (RuntimeException failure) {
            slots.decrementAndGet();
            LOG.error("a copy for the {} could not be made", key, failure);
        }
    }

    private void send(Plan plan, SwapKey key, Duration limit, DailyBudget.Hold hold,
            LiveJudge.@Nullable Answer live, AtomicInteger slots) {
        long startedNanos = meter.nanoTime();
        var _ = attempts.aside(plan, AttemptRole.SHADOW, NUMBER, limit, end -> hold.settle(end.cost()))
                .flatMap(answered -> read(plan.request(), answered))
                .timeout(limit.plusMillis(500)) // the call's own limit comes first and closes its row
                .onErrorResume(failure -> Mono.just(Read.FAILED))
                .doFinally(end -> slots.decrementAndGet())
                .subscribe(read -> {
                    Duration took = Duration.ofNanos(meter.nanoTime() - startedNanos);
                    book.tell(key, new SwapEvent.Seen(
                            new Observation(Arm.CANDIDATE, false, read.failed, read.malformed, read.truncated, took)));
                    if (live != null && read.words != null) {
                        judge.pair(plan, key, new LiveJudge.Answer(key.candidate(), read.words), live);
                    }
                }, failure -> LOG.error("what a copy for the {} taught could not be told", key, failure));
    }

    /** What a copy taught. */
    private record Read(boolean failed, @Nullable Boolean malformed, @Nullable Boolean truncated,
            @Nullable String words) {

        static final Read FAILED = new Read(true, null, null, null);

        static Read of(Observed seen, @Nullable Boolean malformed, @Nullable String words) {
            return new Read(false, malformed,
                    seen.finishReason() == null ? null : seen.finishReason().equals("length"), words);
        }
    }

    private static Mono<Read> read(OpenAiRequest request, Answered answered) {
        return switch (answered) {
            case Answered.Whole whole -> Mono.just(whole.status() == 200 && whole.understood()
                    ? Read.of(Observed.of(whole.body()), AnswerForm.malformed(request, whole.body()),
                            AnswerForm.words(whole.body()))
                    : Read.FAILED);
            case Answered.Live live -> drain(request, live);
        };
    }

    /** Reads a stream to its end for nobody, and closes its attempt. */
    private static Mono<Read> drain(OpenAiRequest request, Answered.Live live) {
        var watch = new StreamWatch(live.usageAdded());
        var text = new ByteArrayOutputStream();
        return live.body()
                .map(watch::pass)
                .doOnNext(part -> {
                    if (text.size() <= MAX_TEXT) {
                        text.writeBytes(part);
                    }
                })
                .then(Mono.fromSupplier(() -> {
                    text.writeBytes(watch.end());
                    Observed seen = watch.observed();
                    if (!seen.complete() || seen.error()) {
                        live.attempt().fail(live.status(), seen, true, "upstream_incomplete");
                        return Read.FAILED;
                    }
                    live.attempt().settle(live.status(), seen);
                    byte[] events = text.size() > MAX_TEXT ? null : text.toByteArray();
                    return Read.of(seen, AnswerForm.malformedStream(request, events),
                            AnswerForm.streamedWords(events));
                }))
                .doOnError(failure -> live.attempt().fail(live.status(), watch.observed(), true, "upstream_incomplete"))
                .doOnCancel(() -> live.attempt().fail(live.status(), watch.observed(), true, "shadow_timeout"));
    }
}
