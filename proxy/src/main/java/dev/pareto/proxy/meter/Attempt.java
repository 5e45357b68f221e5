package dev.pareto.proxy.meter;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.dashboards.ledger.LedgerUnavailable;
import dev.pareto.dashboards.ledger.OpenAttempt;
import dev.pareto.dashboards.ledger.Service;
import dev.pareto.dashboards.ledger.Settlement;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.price.UsageSource;
import dev.pareto.policies.price.hosting.MachineClock;
import dev.pareto.policies.price.usage.Served;
import dev.pareto.proxy.dialect.openai.Observed;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.meter.Billing.Used;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One upstream call in the ledger: opened before a byte goes out, closed exactly once, however many ends race. Never blocks.
 * Thread-safe.
 */
public final class Attempt {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    /** Beyond the call's own limit, so that a row is not expired while its settlement waits to be written. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final Meter meter;
    private final MeteredRequest request;
    private final Model model;
    private final boolean simulated;
    private final UUID id;
    private final int number;
    private final AttemptRole opened;
    private final Duration limit;
    private final Consumer<AttemptEnd> onEnd;
    private final Instant startedAt;
    private final long startedNanos;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** What it has turned out to be. */
    private volatile AttemptRole role;
    private volatile @Nullable String decided;
    private volatile @Nullable Ended ended;
    private volatile @Nullable Cost cost;
    private volatile Budgets.Hold hold = Budgets.Hold.NONE;
    private volatile boolean sent;
    private volatile boolean handedOver;
    private volatile boolean left;
    private volatile int load;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile MachineClock.@Nullable Share machine;
    private volatile @Nullable Instant firstByteAt;
    private volatile long firstByteNanos;

    private record Ended(Instant at, long nanos) {}

    Attempt(Meter meter, MeteredRequest request, Model model, boolean simulated, UUID id, int number, AttemptRole role,
            Duration limit, Consumer<AttemptEnd> onEnd) {
        this.meter = meter;
        this.request = request;
        this.model = model;
        this.simulated = simulated;
        this.id = id;
        this.number = number;
        this.opened = role;
        this.role = role;
        this.limit = limit;
        this.onEnd = onEnd;
        startedAt = meter.clock.instant();
        startedNanos = meter.nanoTime();
    }

    /**
     * Sets the worst case aside in every budget, then writes the row; completes when that is durable. No byte may go upstream before.
     * Fails with {@link RefusedException} where a budget cannot bear it or the ledger cannot take it: then nothing is to be closed.
     */
    public Mono<Void> open() {
        return Mono.defer(() -> {
            Money worst = meter.billing.reservation(request, model, startedAt);
            try {
                hold(worst);
            } catch (RefusedException usedUp) {
                forget();
                return Mono.error(usedUp);
            }
            return Mono.fromFuture(() -> meter.ledger.open(row(worst)), true).onErrorMap(failure -> {
                forget();
                return refusal(failure);
            });
        });
    }

    /** Nothing goes upstream that is not written down: the ledger's failure is the request's. */
    private static Throwable refusal(Throwable failure) {
        return failure instanceof LedgerUnavailable
                ? new RefusedException(OpenAiError.later(503, "ledger_unavailable",
                        "The ledger cannot take the call at this moment, so it was not made.", Duration.ofSeconds(1)))
                : failure;
    }

    private void hold(@Nullable Money worst) {
        if (simulated || opened == AttemptRole.CACHE_HIT) {
            return; // nobody bills it
        }
        Money machine = meter.billing.machineTime(model, startedAt, limit);
        hold = meter.budgets.reserve(new Budgets.Call(request.tenant(), request.tags(), request.route(), model.id(),
                worst == null || machine == null ? worst : worst.plus(machine), startedAt));
        if (closed.get()) {
            hold.release(); // the caller left in this very moment
        }
    }

    private OpenAttempt row(@Nullable Money worst) {
        return new OpenAttempt(id, request.requestId(), number, role, startedAt,
                startedAt.plus(limit).plus(GRACE), request.tenant(), request.tags(), request.route(),
                request.requestedModel(), model.id(), model.id().vendor(), simulated, worst,
                number == 1 || opened == AttemptRole.ESCALATION ? request.decisionJson() : null,
                number == 1 ? request.exposure() : null, request.serviceTier());
    }

    public Model model() {
        return model;
    }

    /** The call goes out now: from here on a vendor may bill it. */
    public void sent() {
        sent = true;
        if (model.listed()) {
            load = meter.observations.latencies().tracker(model.id()).begin();
            underWay.set(true);
            if (closed.get()) {
                leave(); // as below
            }
        }
        MachineClock.Share share = meter.billing.paysBySecond(model, startedAt)
                ? meter.machines.begin(model.id().vendor())
                : null;
        machine = share;
        if (share != null && closed.get()) {
            share.end(); // the caller left in this very moment, and nobody else will end it
        }
    }

    private void leave() {
        if (underWay.compareAndSet(true, false)) {
            meter.observations.latencies().tracker(model.id()).end();
        }
    }

    public void firstByte() {
        if (firstByteAt == null) {
            firstByteNanos = meter.nanoTime();
            firstByteAt = meter.clock.instant();
            meter.meters.firstByte(model, Duration.ofNanos(firstByteNanos - startedNanos));
        }
    }

    /** The answer is here, though what becomes of it is not known yet: waiting for that is none of the model's time. */
    public void ended() {
        ended = new Ended(meter.clock.instant(), meter.nanoTime());
    }

    /**
     * Only what becomes of an answer tells what its call was for. To be said before it is closed.
     *
     * @param decisionJson the decision with what became of it; null leaves what is written
     */
    public void becomes(AttemptRole role, @Nullable String decisionJson) {
        this.role = role;
        this.decided = decisionJson;
    }

    /** The answer's stream has a reader now, who will close the attempt and knows what was seen. */
    public void handedOver() {
        handedOver = true;
    }

    /** The caller left, and the answer is waited for all the same: it is billed in full, and answers nobody. */
    public void callerLeft() {
        left = true;
    }

    /** The caller left while the answer was awaited; does nothing once the stream has a reader. */
    public void abandoned() {
        if (!handedOver) {
            abort(null, Observed.NOTHING);
        }
    }

    /** The row could not be written, so nothing happened and nothing is to be closed. */
    private void forget() {
        if (closed.compareAndSet(false, true)) {
            hold.release();
            onEnd.accept(AttemptEnd.never(model.id()));
        }
    }

    /** The answer came whole. Returns what it cost, of an attempt that was settled before, too; null when it was closed otherwise. */
    public @Nullable Cost settle(int httpStatus, Observed seen) {
        if (left) {
            abort(httpStatus, seen);
            return null;
        }
        Cost mine = close(AttemptState.SETTLED, httpStatus, seen, meter.billing.used(request, seen, true), null);
        if (mine != null) {
            cost = mine;
        }
        return cost;
    }

    /** Nobody wants the rest of the answer. What was produced until then is billed. */
    public void dropped(int httpStatus, Observed seen) {
        close(AttemptState.ABORTED, httpStatus, seen, meter.billing.used(request, seen, false), "cascade_rejected");
    }

    /**
     * A call that was passed through without being understood ended.
     *
     * @param billed the model that the answer names; without one, or without usage, the call is unpriced, not free
     */
    public void passedThrough(AttemptState state, @Nullable Integer httpStatus, Observed seen, @Nullable Model billed,
            @Nullable String errorCode) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Used used = state == AttemptState.FAILED && httpStatus != null
                ? Used.NOTHING
                : meter.billing.told(request, seen);
        Used held = withMachine(used);
        write(state, httpStatus, seen, held, billOf(held, billed == null ? model : billed, seen), null, errorCode);
    }

    /** The caller left. What was produced until then is billed, all of it where the answer came to its end after all. */
    public void abort(@Nullable Integer httpStatus, Observed seen) {
        close(AttemptState.ABORTED, httpStatus, seen,
                sent ? meter.billing.used(request, seen, seen.complete()) : Used.NOTHING, "client_closed_request");
    }

    /** The vendor refused with a status of its own: nothing was generated. */
    public void refused(int httpStatus, String errorCode) {
        close(AttemptState.FAILED, httpStatus, Observed.NOTHING, Used.NOTHING, errorCode);
    }

    /**
     * The upstream gave no answer or broke off.
     *
     * @param worked whether it may have begun to work; its prompt is then billed by estimate rather than as nothing
     */
    public void fail(@Nullable Integer httpStatus, Observed seen, boolean worked, String errorCode) {
        Used used = worked && sent ? meter.billing.used(request, seen, false) : Used.NOTHING;
        close(AttemptState.FAILED, httpStatus, seen, used, errorCode);
    }

    /** An answer from the cache: nothing was spent, and the baseline's cost was spared. */
    public void servedFromCache(@Nullable Cost spared) {
        if (closed.compareAndSet(false, true)) {
            write(AttemptState.SETTLED, 200, Observed.NOTHING, Used.NOTHING, once(Cost.nothing("USD")), spared, null);
        }
    }

    private @Nullable Cost close(AttemptState state, @Nullable Integer httpStatus, Observed seen, Used used,
            @Nullable String errorCode) {
        if (!closed.compareAndSet(false, true)) {
            return null;
        }
        Used held = withMachine(used);
        Bill bill = billOf(held, model, seen);
        write(state, httpStatus, seen, held, bill, baseline(state, used, seen.serviceTier()), errorCode);
        return billed(bill);
    }

    /** What was used and the seconds of an own machine that it took; ends the attempt's hold on it. */
    private Used withMachine(Used used) {
        MachineClock.Share share = machine;
        if (share == null) {
            return used;
        }
        BigDecimal seconds = share.end();
        return used.usage() == null || used.source() == UsageSource.NONE
                ? used
                : new Used(used.usage().plus(Buckets.GPU_SECOND, seconds), used.source());
    }

    /** A failed attempt, or one beside the caller's, is one that the baseline would not have needed: it counts against the savings. */
    private @Nullable Cost baseline(AttemptState state, Used used, @Nullable String tier) {
        Model baseline = request.baseline();
        if (baseline == null) {
            return null;
        }
        return state == AttemptState.FAILED || !role.answersCaller()
                ? Cost.nothing("USD")
                : costOf(used, baseline, tier);
    }

    private Cost costOf(Used used, Model billed, @Nullable String tier) {
        if (used.usage() == null) {
            return new Cost(List.of(), null, PriceStatus.MISSING, null);
        }
        return used.source() == UsageSource.NONE
                ? Cost.nothing("USD")
                : meter.billing.cost(used.usage(), billed, tier == null ? request.serviceTier() : tier, startedAt);
    }

    private Bill billOf(Used used, Model billed, Observed seen) {
        if (used.usage() == null) {
            return once(new Cost(List.of(), null, PriceStatus.MISSING, null));
        }
        return used.source() == UsageSource.NONE
                ? once(Cost.nothing("USD"))
                : meter.billing.bill(used.usage(), billed, request, seen, startedAt);
    }

    private static Bill once(Cost cost) {
        return new Bill(cost, cost, null, null);
    }

    /** What will be paid, with the lines of the contracted cost. */
    private static Cost billed(Bill bill) {
        Money told = bill.reported();
        Money ours = bill.contracted().total();
        boolean vendors = told != null && (ours == null || ours.currency().equals(told.currency()));
        return vendors
                ? new Cost(bill.contracted().lines(), told, PriceStatus.PRICED, bill.contracted().priceVersion())
                : bill.contracted();
    }

    private void count(AttemptState state, Observed seen, Used used, Bill bill) {
        if (billed(bill).status() == PriceStatus.MISSING) {
            meter.meters.unpriced(model);
        }
        if (state == AttemptState.SETTLED && seen.usageRaw() == null && role != AttemptRole.CACHE_HIT) {
            meter.meters.usageMissing(model);
        }
        if (used.usage() != null && used.usage().inconsistent()) {
            meter.meters.usageInconsistent(model);
        }
    }

    private void write(AttemptState state, @Nullable Integer httpStatus, Observed seen, Used used, Bill bill,
            @Nullable Cost baseline, @Nullable String errorCode) {
        count(state, seen, used, bill);
        Money paid = billed(bill).total();
        hold.settle(paid);
        meter.meters.spend(new Spend(model, role, state, used.usage(), used.source(), paid,
                baseline == null ? null : baseline.total()));
        Served served = Billing.served(seen);
        Ended end = ended == null ? new Ended(meter.clock.instant(), meter.nanoTime()) : ended;
        Duration total = Duration.ofNanos(end.nanos() - startedNanos);
        Instant first = firstByteAt;
        leave();
        meter.meters.attempt(model, role, state, errorCode, total);
        var _ = meter.ledger
                .settle(new Settlement(id, state, first, end.at(), httpStatus, seen.finishReason(),
                        seen.model(), new Service(served.tier(), served.region()), used.usage(), used.source(),
                        seen.usageRaw(), bill, baseline, errorCode, role == opened ? null : role, decided))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        meter.meters.ledgerFailed();
                        hold.unsettled();
                        unsettled(failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
                    }
                });
        AttemptEnd told = new AttemptEnd(model.id(), state,
                first == null ? null : Duration.ofNanos(firstByteNanos - startedNanos),
                total, used.usage(), paid, errorCode);
        if (role != AttemptRole.CACHE_HIT) {
            meter.meters.standard().ended(model, request.generates(), told.firstByte(), total, used.usage(), errorCode);
        }
        if (role != AttemptRole.CACHE_HIT && model.listed()) {
            meter.observations.learn(request, told, Math.max(1, load), used.source() == UsageSource.VENDOR,
                    role != AttemptRole.JUDGE);
        }
        if (role.answersCaller()) {
            meter.observations.expenses()
                    .paid(request.route(), request.requestId().toString(), state,
                            paid == null ? null : paid.amount(), end.at());
            if ((handedOver || left) && state == AttemptState.FAILED) {
                // the caller has a part of it or is gone, so nobody else is asked
                meter.over(request);
            }
        }
        onEnd.accept(told);
    }

    /** A store that is slow or away is nobody's fault in here: one line says it, and what helps. */
    private void unsettled(Throwable failure) {
        if (failure instanceof LedgerUnavailable) {
            LOG.error(
                    "attempt {} could not be settled, it will expire and be billed at its reservation: {}; see that the "
                            + "disk of the data folder is neither full nor busy",
                    id, failure.getMessage());
        } else {
            LOG.error("attempt {} could not be settled; it will expire and be billed at its reservation", id, failure);
        }
    }
}
