package dev.pareto.proxy.cascade;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.policies.cascade.CascadePlan;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.decide.CascadeStep;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.OpenAiRequest.Additions;
import dev.pareto.proxy.dialect.openai.ReadAnswer;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.upstream.Answered;
import dev.pareto.proxy.upstream.Attempts;
import dev.pareto.proxy.upstream.Held;
import dev.pareto.proxy.upstream.Plan;
import dev.pareto.proxy.upstream.UpstreamException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One request on its way through a cascade. A first model that fails is not asked again: the other one is. Where the other one fails, too, the
 * first answer is given if its verifier let it pass, else the failure.
 */
final class Course {

    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private final Cascades all;
    private final Plan plan;
    private final CascadeStep.Ask ask;
    private final CascadePlan wanted;
    private final Acceptance acceptance;
    private final CascadeRecord record;
    private final long startedNanos;
    private final List<Cost> beside = new CopyOnWriteArrayList<>();
    private volatile @Nullable Held held;
    private volatile boolean gone;

    Course(Cascades all, Plan plan, CascadeStep.Ask ask) {
        this.all = all;
        this.plan = plan;
        this.ask = ask;
        this.wanted = ask.plan();
        this.acceptance = new Acceptance(wanted, plan.request(), all.verifiers);
        this.record = new CascadeRecord(plan.metered().decisionJson(), ask);
        this.startedNanos = all.meter.nanoTime();
    }

    /** Why the first answer is not taken as it is: no fault, only the other way on. */
    private static final class Doubt extends RuntimeException {

        private final transient Evaluation evaluation;

        Doubt(Evaluation evaluation) {
            super(evaluation.words(), null, false, false);
            this.evaluation = evaluation;
        }
    }

    Mono<Served> run() {
        Mono<Served> served = plan.request().stream() && wanted.gate() instanceof CascadePlan.Gate.FirstTokens first
                ? beginning(first.tokens())
                : whole();
        return served.onErrorResume(Doubt.class, doubt -> escalate(doubt.evaluation))
                .doOnDiscard(Held.Come.class, come -> come.held().close())
                .doOnError(failure -> left())
                .doOnCancel(this::left);
    }

    private Mono<Served> whole() {
        Mono<ReadAnswer> first = ask(wanted.first(), AttemptRole.CASCADE, FIRST, null, null).flatMap(orDoubt(result -> {
            Held come = come(result);
            ReadAnswer read = read(come);
            Evaluation atOnce = acceptance.atOnce(read);
            if (atOnce != null) {
                throw new Doubt(atOnce);
            }
            return read;
        }));
        CascadePlan.SecondOpinion second = wanted.second();
        if (second == null) {
            return first.map(read -> judged(acceptance.whole(read, null)));
        }
        Mono<Optional<ReadAnswer>> other = ask(second.model(), AttemptRole.SECOND_OPINION, SECOND,
                second.temperature(), null).map(this::opinion);
        return Mono.zip(first, other)
                .map(both -> judged(acceptance.whole(both.getT1(), both.getT2().orElse(null))));
    }

    /** Of a stream so many tokens are held back and judged. */
    private Mono<Served> beginning(int tokens) {
        var reader = new ReadAnswer.Reader();
        long[] bytes = {0};
        Predicate<byte[]> enough = part -> {
            reader.feed(part);
            bytes[0] += part.length;
            return reader.tokens() >= tokens || reader.ended() || bytes[0] > wanted.maxBytes();
        };
        return ask(wanted.first(), AttemptRole.CASCADE, FIRST, null, enough).flatMap(orDoubt(result -> {
            Held come = come(result);
            return judged(acceptance.beginning(come.events() ? reader.read() : ReadAnswer.whole(come.bytes())));
        }));
    }

    /** A doubt that Reactor meets while it maps would make it cancel, and so close, the answer that is doubted. */
    private static <T, R> Function<T, Mono<R>> orDoubt(Function<T, R> step) {
        return value -> {
            try {
                return Mono.just(step.apply(value));
            } catch (Doubt doubt) {
                return Mono.defer(() -> Mono.error(doubt));
            }
        };
    }

    private Mono<Held.Result> ask(ModelId model, AttemptRole role, int number, @Nullable Double temperature,
            @Nullable Predicate<byte[]> enough) {
        boolean logprobs = wanted.logprobs() != null || wanted.verifier() != null;
        return all.attempts.held(new Held.Wish(plan, model, role, number, new Additions(false, logprobs, temperature),
                wanted.within(), (int) wanted.maxBytes(), enough)).publishOn(all.judging);
    }

    private Held come(Held.Result result) {
        return switch (result) {
            case Held.Come(Held come) -> {
                held = come;
                if (gone) {
                    come.close();
                }
                yield come;
            }
            case Held.Failed(String why) -> throw new Doubt(Evaluation.none("failed", "it failed: " + why));
        };
    }

    /** What the second opinion costs is owed whatever comes of it. */
    private Optional<ReadAnswer> opinion(Held.Result result) {
        return switch (result) {
            case Held.Come(Held come) -> {
                owe(come.reject());
                yield Optional.of(read(come));
            }
            case Held.Failed failed -> Optional.empty();
        };
    }

    private static ReadAnswer read(Held come) {
        return come.events() ? ReadAnswer.events(come.bytes()) : ReadAnswer.whole(come.bytes());
    }

    private void owe(@Nullable Cost cost) {
        beside.add(cost == null ? new Cost(List.of(), null, PriceStatus.MISSING, null) : cost);
    }

    private Served judged(Evaluation evaluation) {
        if (!evaluation.accepted()) {
            throw new Doubt(evaluation);
        }
        all.rates.judged(plan.metered().route(), wanted.first(), plan.metered().promptTokens(), true);
        return serve("accepted", evaluation, Duration.ZERO,
                "cascade: " + wanted.first() + " passed " + evaluation.words());
    }

    private Served serve(String outcome, Evaluation evaluation, Duration added, String reason) {
        Held come = Objects.requireNonNull(held, "an answer is served that never came");
        all.meter.meters()
                .cascade(plan.metered().route(), come.deployment().model(), outcome, evaluation.why(), added);
        Answered answered = come.serve(sinceStart(), record.of(outcome, evaluation, millis(), null));
        return new Served(answered, reason, beside, Duration.ZERO);
    }

    private Mono<Served> escalate(Evaluation evaluation) {
        Duration added = sinceStart();
        if (!evaluation.why().equals(Acceptance.LABELS)) {
            // an answer that nobody could judge yet says nothing of the next ones
            all.rates.judged(plan.metered().route(), wanted.first(), plan.metered().promptTokens(), false);
        }
        Duration left = ask.deadline() == null ? null : ask.deadline().minus(added);
        boolean late = left != null && (left.isNegative()
                || (ask.strongP95() != null && left.compareTo(ask.strongP95()) < 0));
        if (late && evaluation.keepable()) {
            return Mono.fromSupplier(() -> serve("kept", evaluation, Duration.ZERO,
                    "cascade: " + wanted.first() + ", for no time is left for another (" + evaluation.words() + ")"));
        }
        boolean refused = late && wanted.late() == CascadePlan.WhenLate.REFUSE;
        Model first = all.attempts.model(wanted.first());
        if (first != null) {
            all.meter.meters()
                    .cascade(plan.metered().route(), first, refused ? "refused" : "escalated", evaluation.why(), added);
        }
        if (!evaluation.keepable() || refused) {
            drop(refused ? record.of("refused", evaluation, millis(), null) : null);
        }
        if (refused) {
            return Mono.error(new RefusedException(OpenAiError.upstream(504, "deadline_exceeded",
                    "The answer of " + wanted.first() + " was doubted, and the time that is left does not do for "
                            + ask.escalation().getFirst() + ".")));
        }
        ModelId strong = ask.escalation().getFirst();
        Plan other = new Plan(plan.request(),
                plan.metered().decided(record.of("escalated", evaluation, millis(), strong)), plan.caller(),
                plan.headers(), ask.escalation(), plan.addressed());
        String reason = "cascade: " + strong + ", for " + wanted.first() + " was doubted (" + evaluation.words() + ")";
        return all.attempts.run(other, AttemptRole.ESCALATION, wanted.second() == null ? SECOND : SECOND + 1)
                .map(answered -> evaluation.keepable() && Attempts.retryable(answered.status())
                        ? kept(evaluation)
                        : escalated(answered, reason, added))
                .onErrorResume(failure -> evaluation.keepable() && nobodys(failure),
                        failure -> Mono.fromSupplier(() -> kept(evaluation)));
    }

    private static boolean nobodys(Throwable failure) {
        return failure instanceof UpstreamException
                || (failure instanceof RefusedException refused && refused.error().status() >= 500);
    }

    private Served kept(Evaluation evaluation) {
        return serve("kept", evaluation, Duration.ZERO,
                "cascade: " + wanted.first() + ", for " + ask.escalation().getFirst() + " failed");
    }

    private Served escalated(Answered answered, String reason, Duration before) {
        drop(null);
        return new Served(answered, reason, beside, before);
    }

    /** The first answer is nobody's; its cost is owed. Changes nothing the second time. */
    private void drop(@Nullable String decisionJson) {
        Held come = held;
        if (come != null) {
            held = null;
            owe(come.reject(decisionJson));
        }
    }

    private void left() {
        gone = true;
        Held come = held;
        if (come != null) {
            come.close();
        }
    }

    private Duration sinceStart() {
        return Duration.ofNanos(all.meter.nanoTime() - startedNanos);
    }

    private long millis() {
        return sinceStart().toMillis();
    }
}
