package dev.pareto.proxy.upstream;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.policies.catalog.Capability;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.TimeLimits;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.price.Cost;
import dev.pareto.proxy.dialect.openai.Observed;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.OpenAiRequest.Additions;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.limit.RetryBudget;
import dev.pareto.proxy.meter.Attempt;
import dev.pareto.proxy.meter.AttemptEnd;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.upstream.UpstreamException.Kind;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The one chain of attempts: the chosen model, tried again where that may help, then each fall-back, until one answers. Ends
 * before the first byte goes to the caller; from then on nothing can be taken back. Every attempt is in the ledger before it
 * starts. Thread-safe.
 */
public final class Attempts {

    /** A whole answer is held up to this size, as long as a stream may be. */
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    private static final int MAX_ERROR_BYTES = 1 << 20;
    private static final int UNAFFORDABLE = 402;

    private final Deployments deployments;
    private final Meter meter;
    private final RetryBudget budget;
    private final Backoff backoff;
    private final Drains drains;

    public Attempts(Deployments deployments, Meter meter, RetryBudget budget, RandomGenerator random) {
        this(deployments, meter, budget, random, Drains.usual());
    }

    /** @param drains what goes on for callers who left */
    public Attempts(Deployments deployments, Meter meter, RetryBudget budget, RandomGenerator random, Drains drains) {
        this.drains = drains;
        this.deployments = deployments;
        this.meter = meter;
        this.budget = budget;
        this.backoff = new Backoff(random);
    }

    /**
     * Fails with {@link UpstreamException} or {@link RefusedException} when nothing answered. Cancelling ends the attempt that
     * is under way and closes its row.
     */
    public Mono<Answered> run(Plan plan) {
        return run(plan, AttemptRole.PRIMARY, 1);
    }

    /**
     * The same after other calls for the request.
     *
     * @param role of the first attempt
     * @param number of its row within the request
     */
    public Mono<Answered> run(Plan plan, AttemptRole role, int number) {
        return Mono.defer(() -> {
            budget.deposit();
            return new Run(plan, role, number).fallBack(null)
                    // a stream that is handed over says itself how it ended
                    .doOnNext(answered -> {
                        if (answered instanceof Answered.Whole) {
                            meter.over(plan.metered());
                        }
                    })
                    .doOnError(failure -> meter.over(plan.metered()));
        });
    }

    /**
     * One answer that is held back until somebody has judged it: no retry and no fall-back, but a word to the circuit breaker. Never fails
     * for what the model does or does not answer.
     */
    public Mono<Held.Result> held(Held.Wish wish) {
        return Mono.defer(() -> {
            Deployment target = deployments.next(wish.model()).orElse(null);
            if (target == null || !target.breaker().tryAcquirePermission()) {
                return Mono.just(new Held.Failed("cannot be called now"));
            }
            Run run = new Run(wish.plan(), wish.role(), wish.number());
            return permitted(target, () -> run.held(target, wish))
                    .onErrorResume(UpstreamException.class,
                            failure -> Mono.just(new Held.Failed(failure.kind().code())));
        });
    }

    /** An attempt that was begun tells the breaker itself, once, how it ended; one that cannot even be made gives the permission back. */
    private static <T> Mono<T> permitted(Deployment target, Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            try {
                return call.get();
            } catch (RuntimeException unmade) {
                target.breaker().releasePermission();
                throw unmade;
            }
        });
    }

    /** The catalogue's entry of a model; null when there is none that could be called. */
    public @Nullable Model model(ModelId id) {
        return deployments.next(id).map(Deployment::model).orElse(null);
    }

    /** What reads on at a vendor that bills by what it generated; null where nobody does. */
    public @Nullable Drains drains(Deployment target) {
        return target.vendor().kind() == VendorKind.HTTP && target.vendor().hourlyCost() == null ? drains : null;
    }

    /**
     * One call beside the caller's: no retry, no fall-back, no word to the circuit breaker, and a time limit of its own.
     *
     * @param number of its row within the request
     * @param told once how it ended and what it cost, also where it could not be made; a stream ends when its reader says so
     */
    public Mono<Answered> aside(Plan plan, AttemptRole role, int number, Duration limit, Consumer<AttemptEnd> told) {
        return Mono.defer(() -> {
            ModelId model = plan.chain().getFirst();
            Deployment target = deployments.next(model).orElse(null);
            if (target == null) {
                told.accept(AttemptEnd.never(model));
                return Mono.error(new UpstreamException(Kind.CONNECT, "The model cannot be called now."));
            }
            TimeLimits own = limits(target);
            Run run = new Run(plan, role, number);
            try {
                return run.one(target, role,
                        new TimeLimits(least(own.connect(), limit), least(own.firstToken(), limit),
                                least(own.idle(), limit), least(own.total(), limit)),
                        told);
            } catch (RuntimeException unmade) {
                told.accept(AttemptEnd.never(model));
                throw unmade;
            }
        });
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** Why an attempt did not do: an answer that can still be given to the caller, or an exception. */
    private record Failure(@Nullable Answered answer, @Nullable UpstreamException exception) {

        @Nullable
        Duration retryAfter() {
            return answer == null ? null : Backoff.retryAfter(answer.headers());
        }

        boolean worthRetrying() {
            return exception == null || exception.kind().worthRetrying();
        }

        /** A vendor that was silent once is likely to be silent again, and one that lets nobody in to do so: better to ask another. */
        boolean worthSameAgain() {
            return exception == null
                    ? answer != null && retryable(answer.status())
                    : worthRetrying() && exception.kind() != Kind.FIRST_TOKEN;
        }

        /** Out of quota: another vendor answers now, the same one later. */
        boolean betterElsewhere() {
            return answer != null && answer.status() == 429;
        }

        Mono<Answered> giveUp() {
            if (answer != null && answer.status() == 401 && ownKey(answer.deployment())) {
                return Mono.error(new RefusedException(OpenAiError.upstream(502, "upstream_rejected_gateway_key",
                        "The vendor " + answer.deployment().vendor().name()
                                + " does not let the gateway's own key in. Your key is "
                                + "fine; whoever runs this gateway mends the vendor's key in pareto.yaml.")));
            }
            return answer != null ? Mono.just(answer) : Mono.error(Objects.requireNonNull(exception));
        }
    }

    /** The attempts of one request; they follow each other, so its fields need no lock. */
    private final class Run {

        private final Plan plan;
        private final AttemptRole firstRole;
        private final int firstNumber;
        private final long startedNanos = meter.nanoTime();
        private int nextInChain;
        private int number;
        private int triesHere;
        private long waitedNanos;
        private @Nullable String lastVendor;

        Run(Plan plan, AttemptRole firstRole, int firstNumber) {
            this.plan = plan;
            this.firstRole = firstRole;
            this.firstNumber = firstNumber;
            this.number = firstNumber - 1;
        }

        /** Goes to the next model of the chain that can be called; gives up when there is none. */
        Mono<Answered> fallBack(@Nullable Failure why) {
            Mono<Answered> next = next(why);
            if (next != null) {
                return next;
            }
            return why != null
                    ? why.giveUp()
                    : Mono.error(new RefusedException(OpenAiError.later(503, "upstream_unavailable",
                            "No model of this route can be called now; its circuit is open.", Duration.ofSeconds(5))));
        }

        /**
         * The next model of the chain that can be called; null when there is none. The budget guards a vendor in trouble from more calls
         * than it had; another vendor is not in trouble, and gets each call at most once.
         */
        private @Nullable Mono<Answered> next(@Nullable Failure why) {
            while (nextInChain < plan.chain().size()) {
                Deployment next = deployments.next(plan.chain().get(nextInChain++)).orElse(null);
                if (next == null || !next.breaker().tryAcquirePermission()) {
                    continue;
                }
                boolean same = next.vendor().name().equals(lastVendor);
                if (number >= firstNumber && same && !budget.withdraw()) {
                    next.breaker().releasePermission();
                    continue;
                }
                triesHere = 1;
                lastVendor = next.vendor().name();
                // a first model that is skipped for its open breaker is no failed attempt, but what answers is a fall-back
                return attempt(next, nextInChain == 1 ? firstRole : AttemptRole.FALLBACK, why);
            }
            return null;
        }

        private Mono<Answered> again(Deployment target, Failure why) {
            if (!why.worthRetrying()) {
                return why.giveUp();
            }
            Mono<Answered> other = why.betterElsewhere() ? next(why) : null;
            if (other != null) {
                return other;
            }
            Duration pause = backoff.pause(triesHere, why.retryAfter());
            boolean inTime = meter.nanoTime() - startedNanos + pause.toNanos() < limits(target).total().toNanos();
            boolean same = triesHere <= target.resilience().retries() && why.worthSameAgain() && inTime
                    && pause.compareTo(Backoff.MOST) <= 0 && target.breaker().tryAcquirePermission();
            if (!same) {
                return fallBack(why);
            }
            if (!budget.withdraw()) {
                target.breaker().releasePermission();
                return why.giveUp();
            }
            triesHere++;
            waitedNanos += pause.toNanos();
            return Mono.delay(pause)
                    .doOnCancel(() -> {
                        target.breaker().releasePermission();
                        meter.over(plan.metered());
                    })
                    .flatMap(tick -> attempt(target, AttemptRole.RETRY, why));
        }

        /** @param why there is another one, for the caller where no budget bears it; null for the first */
        private Mono<Answered> attempt(Deployment target, AttemptRole role, @Nullable Failure why) {
            return permitted(target, () -> one(target, role, limits(target), end -> tellBreaker(target, end)))
                    .onErrorResume(UpstreamException.class, failure -> again(target, new Failure(null, failure)))
                    .flatMap(answered -> retryable(answered.status()) || refusesGateway(target, answered.status())
                            ? again(target, new Failure(answered, null))
                            : Mono.just(answered))
                    .onErrorResume(RefusedException.class,
                            refused -> why != null && refused.error().status() == UNAFFORDABLE
                                    ? why.giveUp()
                                    : Mono.error(refused));
        }

        /** One call with its row; what it fails with is for others to act upon. */
        private Mono<Answered> one(Deployment target, AttemptRole role, TimeLimits limits, Consumer<AttemptEnd> told) {
            Call call = new Call(target, role, limits, told, Additions.NONE);
            Mono<Answered> answer = call.head()
                    .flatMap(head -> head.ok() && head.eventStream()
                            ? live(target, call, head)
                            : whole(target, call.attempt, head, call.sentNanos));
            boolean stream = plan.request().stream();
            Mono<Answered> closing = call.bounded(answer, stream ? limits.firstToken() : limits.total());
            Drains reading = stream ? null : drains(target);
            return reading == null ? closing : reading.outliving(closing, call.attempt::callerLeft);
        }

        /** One answer that is not yet anybody's. */
        Mono<Held.Result> held(Deployment target, Held.Wish wish) {
            TimeLimits own = limits(target);
            TimeLimits limits = wish.goesOn()
                    ? own
                    : new TimeLimits(own.connect(), own.firstToken(), own.idle(), least(own.total(), wish.within()));
            // who is given less time than usual and does not make it is no worse for it
            boolean hasty = wish.within().compareTo(plan.request().stream() ? own.firstToken() : own.total()) < 0;
            Call call = new Call(target, wish.role(), limits, end -> {
                if (hasty && end.errorCode() != null && end.errorCode().endsWith("_timeout")) {
                    target.breaker().releasePermission();
                } else {
                    tellBreaker(target, end);
                }
            }, wish.added());
            var handover = new Held.Handover();
            Mono<Held.Result> answer = call.head().flatMap(head -> {
                if (!head.ok()) {
                    return collect(head.body(), MAX_ERROR_BYTES).map(bytes -> {
                        call.attempt.becomes(Held.rejected(wish.role()), null);
                        call.attempt.refused(head.status(), "upstream_status_" + head.status());
                        return new Held.Failed("status " + head.status());
                    });
                }
                Flux<byte[]> body = head.body().doOnNext(part -> call.attempt.firstByte());
                Held.Part part = new Held.Part(target, head.status(), head.headers(), call.attempt,
                        call.added.usage(), call.added.logprobs() && !plan.request().logprobsWanted(), wish.role());
                return head.eventStream() && wish.goesOn()
                        ? PeekedBody.of(body, wish.enough()).map(begun -> part.begun(begun, waited(call)))
                        : collect(body, wish.maxBytes())
                                .map(bytes -> part.ended(bytes, head.eventStream(), waited(call)));
            });
            return call.bounded(answer.doOnNext(handover::came), least(limits.total(), wish.within()))
                    .doOnCancel(handover::left);
        }

        private Duration waited(Call call) {
            return Duration.ofNanos(meter.nanoTime() - call.sentNanos);
        }

        /** One call on its way: its row is written, then it is sent. */
        private final class Call {

            private final Deployment target;
            private final Attempt attempt;
            private final Additions added;
            private final UpstreamCall call;
            private long sentNanos;
            private volatile @Nullable PeekedBody handed;
            private volatile boolean gone;

            Call(Deployment target, AttemptRole role, TimeLimits limits, Consumer<AttemptEnd> told, Additions wanted) {
                this.target = target;
                boolean usage = plan.request().stream() && plan.request().endpoint().generates()
                        && !plan.request().usageWanted();
                added = new Additions(usage, wanted.logprobs() && tellsLogprobs(target), wanted.temperature());
                call = new UpstreamCall(target.model(), plan.request(),
                        plan.request().bodyFor(target.model().upstreamName(), added), headers(target, role), limits,
                        plan.caller().tenant());
                // the last of all: what is begun will end
                attempt = meter.begin(plan.metered(), target.model(), target.simulated(), ++number, role,
                        limits.total(), told);
            }

            Mono<UpstreamAnswer> head() {
                return attempt.open()
                        .then(Mono.defer(() -> {
                            attempt.sent();
                            sentNanos = meter.nanoTime();
                            return target.upstream().send(call);
                        }));
            }

            /** A stream is its reader's from now on; where nobody waits for it any more, none will come. */
            void handOver(PeekedBody body) {
                attempt.handedOver();
                handed = body;
                if (gone) {
                    letGo();
                }
            }

            private void left() {
                attempt.abandoned();
                gone = true;
                letGo();
            }

            private void letGo() {
                PeekedBody body = handed;
                if (body != null && !body.taken()) {
                    body.cancel();
                    attempt.abort(null, Observed.NOTHING);
                }
            }

            <T> Mono<T> bounded(Mono<T> answer, Duration limit) {
                boolean stream = plan.request().stream();
                Kind late = stream ? Kind.FIRST_TOKEN : Kind.TOTAL;
                return answer.timeout(limit)
                        .onErrorMap(TimeoutException.class, timeout -> new UpstreamException(late,
                                "The vendor's answer did not " + (stream ? "begin" : "come") + " within "
                                        + limit.toMillis() + " ms."))
                        .doOnCancel(this::left)
                        // A fault of ours is nobody's turn to retry, but its row must not stay open.
                        .doOnError(failure -> !(failure instanceof UpstreamException),
                                failure -> attempt.fail(null, Observed.NOTHING, false, "internal_error"))
                        .doOnError(UpstreamException.class, failure -> {
                            waitedNanos += meter.nanoTime() - sentNanos;
                            attempt.fail(null, Observed.NOTHING, failure.kind().dispatched(), failure.kind().code());
                            gone = true;
                            letGo(); // what came in this very moment
                        });
            }
        }

        private Mono<Answered> live(Deployment target, Call call, UpstreamAnswer head) {
            return PeekedBody.of(head.body()).map(body -> {
                call.attempt.firstByte();
                call.handOver(body);
                waitedNanos += meter.nanoTime() - call.sentNanos;
                return new Answered.Live(target, head.status(), head.headers(), Duration.ofNanos(waitedNanos),
                        call.attempt, call.added.usage(), body);
            });
        }

        private Mono<Answered> whole(Deployment target, Attempt attempt, UpstreamAnswer head, long sent) {
            Flux<byte[]> body = head.body().doOnNext(part -> attempt.firstByte());
            return collect(body, head.ok() ? MAX_ANSWER_BYTES : MAX_ERROR_BYTES).map(bytes -> {
                waitedNanos += meter.nanoTime() - sent;
                Cost cost = null;
                Observed seen = head.ok() ? Observed.of(bytes) : Observed.NOTHING;
                if (!head.ok()) {
                    attempt.refused(head.status(), "upstream_status_" + head.status());
                } else if (seen.complete()) {
                    cost = attempt.settle(head.status(), seen);
                } else {
                    // the caller gets it as it came; the books do not count it as an answer
                    attempt.fail(head.status(), seen, true, "upstream_unreadable");
                }
                return new Answered.Whole(target, head.status(), head.headers(), Duration.ofNanos(waitedNanos), bytes,
                        seen.complete(), cost);
            });
        }

        /**
         * The configured key, else the caller's own where it is meant for this vendor. The caller's idempotency key names one request to one
         * model: who else got it could take it for a repetition of something else.
         */
        private HttpHeaders headers(Deployment target, AttemptRole role) {
            HttpHeaders headers = plan.headers().copy();
            boolean first = firstRole == AttemptRole.PRIMARY
                    && (role == AttemptRole.PRIMARY || role == AttemptRole.RETRY)
                    && target.model().id().equals(plan.chain().getFirst());
            if (!first) {
                headers.remove("Idempotency-Key");
            }
            if (target.vendor().key() != null) {
                headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + target.vendor().key().reveal());
            } else if (plan.caller().authorization() != null && target.vendor().name().equals(plan.addressed())) {
                headers.set(HttpHeaderNames.AUTHORIZATION, plan.caller().authorization().reveal());
            }
            return headers;
        }
    }

    /** The engine in this process always can; others must be said to. */
    private static boolean tellsLogprobs(Deployment target) {
        return target.vendor().kind() == VendorKind.EMBEDDED
                || target.model().capabilities().contains(Capability.LOG_PROBABILITIES);
    }

    private static TimeLimits limits(Deployment target) {
        return target.resilience().timeLimits();
    }

    /** Busy, or failing on their side: another try may end better. What the caller did wrong stays wrong. */
    public static boolean retryable(int status) {
        return status == 408 || status == 429 || status >= 500;
    }

    /** Refusals that every caller would meet, whatever he asks. */
    private static boolean refusesGateway(Deployment target, int status) {
        return ownKey(target) && (status == 401 || status == 404);
    }

    /** Whether it is asked with the gateway's own key for a model of the catalogue, so that a refusal is not the caller's doing. */
    private static boolean ownKey(Deployment target) {
        return target.vendor().key() != null && target.model().listed();
    }

    private static Mono<byte[]> collect(Flux<byte[]> body, int most) {
        return body.collect(ByteArrayOutputStream::new, (all, part) -> {
            if (all.size() + part.length > most) {
                throw new UpstreamException(Kind.INVALID, "The vendor's answer is larger than " + most + " bytes.");
            }
            all.write(part, 0, part.length);
        }).map(ByteArrayOutputStream::toByteArray);
    }

    private static void tellBreaker(Deployment target, AttemptEnd end) {
        long nanos = end.total().toNanos();
        switch (end.state()) {
            case SETTLED -> target.breaker().onSuccess(nanos, TimeUnit.NANOSECONDS);
            case FAILED -> {
                if (end.vendorsFault(ownKey(target))) {
                    target.breaker()
                            .onError(nanos, TimeUnit.NANOSECONDS, new UpstreamException(Kind.INVALID, "failed"));
                } else {
                    target.breaker().onSuccess(nanos, TimeUnit.NANOSECONDS);
                }
            }
            case ABORTED, OPEN, EXPIRED -> target.breaker().releasePermission();
        }
    }
}
