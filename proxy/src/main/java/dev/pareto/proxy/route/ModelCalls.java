package dev.pareto.proxy.route;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.decide.CascadeStep;
import dev.pareto.policies.price.Cost;
import dev.pareto.proxy.cache.AnswerCache;
import dev.pareto.proxy.cache.CacheKey;
import dev.pareto.proxy.cache.CachedAnswer;
import dev.pareto.proxy.cascade.Cascades;
import dev.pareto.proxy.cascade.Served;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.OpenAiRequest;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.RequestReader;
import dev.pareto.proxy.experiment.ExperimentWatch;
import dev.pareto.proxy.guard.Edge;
import dev.pareto.proxy.guard.RequestBody;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.key.Callers;
import dev.pareto.proxy.limit.Admission;
import dev.pareto.proxy.meter.Attempt;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.swap.SwapWatch;
import dev.pareto.proxy.upstream.Answered;
import dev.pareto.proxy.upstream.Attempts;
import dev.pareto.proxy.upstream.UpstreamException;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Answers the calls that Pareto understands, one method a step: caller, body, decision, cache, attempts, reply. Works on Reactor
 * Netty itself, without the framework's filter chain, which costs three times as much; the web server cancels the returned
 * publisher when the caller leaves, and that cancels everything below.
 */
public final class ModelCalls {

    private static final Logger LOG = LoggerFactory.getLogger(ModelCalls.class);
    private static final Duration BODY_PAUSE = Duration.ofSeconds(30);

    private final Edge edge;
    private final Callers callers;
    private final Admission admission;
    private final Planner planner;
    private final AnswerCache cache;
    private final Attempts attempts;
    private final Cascades cascades;
    private final Meter meter;
    private final SwapWatch swaps;
    private final ExperimentWatch experiments;
    private final BudgetHeaders budgets;

    public ModelCalls(Edge edge, Callers callers, Admission admission, Planner planner, AnswerCache cache,
            Attempts attempts, Cascades cascades, Meter meter, SwapWatch swaps, ExperimentWatch experiments,
            BudgetHeaders budgets) {
        this.budgets = budgets;
        this.edge = edge;
        this.callers = callers;
        this.admission = admission;
        this.planner = planner;
        this.cache = cache;
        this.attempts = attempts;
        this.cascades = cascades;
        this.meter = meter;
        this.swaps = swaps;
        this.experiments = experiments;
    }

    /** One request, as it becomes known step by step. */
    private final class Exchange {

        final Endpoint endpoint;
        final HttpServerRequest request;
        final HttpServerResponse response;
        final long startedNanos = meter.nanoTime();
        long bodyNanos = startedNanos;
        @Nullable
        CacheWish wish;
        @Nullable
        Planned planned;
        @Nullable
        CacheKey cacheKey;
        boolean streamed;

        Exchange(Endpoint endpoint, HttpServerRequest request, HttpServerResponse response) {
            this.endpoint = endpoint;
            this.request = request;
            this.response = response;
        }

        void overhead(Duration waited) {
            Duration own = Duration.ofNanos(Math.max(0, meter.nanoTime() - bodyNanos - waited.toNanos()));
            meter.meters().overhead(own);
            response.responseHeaders().set(Replies.OVERHEAD_US, String.valueOf(own.toNanos() / 1_000));
        }

        void done() {
            meter.meters()
                    .request(endpoint.path(),
                            planned == null || !planned.route().declared() ? "-" : planned.route().name(),
                            streamed, response.status().code(), Duration.ofNanos(meter.nanoTime() - startedNanos));
        }
    }

    public Mono<Void> handle(Endpoint endpoint, HttpServerRequest request, HttpServerResponse response) {
        return Mono.defer(() -> {
            Exchange exchange = new Exchange(endpoint, request, response);
            // a refusal that is thrown at once takes the same way as one that comes later
            return Mono.defer(() -> answer(exchange))
                    .onErrorResume(failure -> refuse(exchange, failure))
                    .doFinally(end -> exchange.done());
        });
    }

    private Mono<Void> answer(Exchange exchange) {
        Caller caller = callers.identify(exchange.request.requestHeaders());
        Admission.Permit permit = admission.enter();
        return body(exchange).flatMap(bytes -> {
            exchange.bodyNanos = meter.nanoTime();
            OpenAiRequest call = RequestReader.read(exchange.endpoint, bytes);
            exchange.streamed = call.stream();
            return planned(exchange, call, caller)
                    // others were quicker to the last of the money: a budget may know a cheaper model
                    .onErrorResume(RefusedException.class, refused -> refused.error().code().equals("budget_exceeded")
                            && !exchange.response.hasSentHeaders()
                                    ? again(exchange, call, caller, refused)
                                    : Mono.error(refused));
        }).doFinally(end -> permit.close());
    }

    private Mono<Void> planned(Exchange exchange, OpenAiRequest call, Caller caller) {
        exchange.wish = CacheWish.of(exchange.request.requestHeaders());
        return served(exchange, planner.plan(call, caller, exchange.request.requestHeaders()));
    }

    /** Once more where another model would be asked first. */
    private Mono<Void> again(Exchange exchange, OpenAiRequest call, Caller caller, RefusedException refused) {
        Planned before = exchange.planned;
        Planned now = planner.plan(call, caller, exchange.request.requestHeaders());
        return before == null || before.plan().chain().getFirst().equals(now.plan().chain().getFirst())
                ? Mono.error(refused)
                : served(exchange, now);
    }

    private Mono<Void> served(Exchange exchange, Planned planned) {
        exchange.planned = planned;
        CachedAnswer kept = kept(exchange, planned, planned.plan().request());
        if (kept != null) {
            return fromCache(exchange, planned, kept);
        }
        SwapWatch.Watched watched = swaps.begin(planned.enrolment(), planned.plan(), exchange.startedNanos);
        return (planned.cascade() == null
                ? attempts.run(planned.plan()).map(Served::plain)
                : cascades.run(planned.plan(), planned.cascade()))
                .doOnError(UpstreamException.class, failure -> watched.failed())
                .flatMap(served -> reply(exchange,
                        served.reason() == null ? planned : planned.because(served.reason()), served, watched))
                .doFinally(end -> {
                    if (end == SignalType.CANCEL) {
                        watched.left();
                    }
                });
    }

    private Mono<byte[]> body(Exchange exchange) {
        HttpHeaders headers = exchange.request.requestHeaders();
        String declared = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        return RequestBody.collect(exchange.request.receive().onErrorMap(CallerLeftException::new),
                declared == null ? -1 : Long.parseLong(declared), edge,
                BODY_PAUSE);
    }

    private @Nullable CachedAnswer kept(Exchange exchange, Planned planned, OpenAiRequest call) {
        CacheWish wish = exchange.wish;
        if (!planned.route().cache().enabled() || wish == null || !wish.keeps()) {
            return null;
        }
        CascadeStep.Ask cascade = planned.cascade();
        boolean verified = cascade != null && cascade.plan().verifiesAll();
        CacheKey key = CacheKey.of(planned.plan().metered().tenant(), ExperimentWatch.cacheScope(planned.plan())
                // an answer that a cascade let pass is never mixed with one that nobody judged
                + (verified ? "#cascade" : ""),
                call.endpoint().path(),
                call.body());
        exchange.cacheKey = key;
        exchange.response.responseHeaders().set(Replies.CACHE, "miss");
        CachedAnswer found = cache.find(planned.route().name(), key, wish.maxAge());
        // what a model may not answer now it may not have answered before, either: a roll-back holds for its kept answers
        return found != null && (planned.plan().chain().contains(found.model().id())
                || (cascade != null && verified && cascade.plan().first().equals(found.model().id()))) ? found : null;
    }

    /** A hit is a row too, without cost: finance sees what was spared. */
    private Mono<Void> fromCache(Exchange exchange, Planned planned, CachedAnswer kept) {
        Attempt hit = meter.begin(planned.plan().metered(), kept.model(), false, 1, AttemptRole.CACHE_HIT,
                Duration.ofMinutes(1),
                end -> {});
        return hit.open().then(Mono.defer(() -> {
            hit.firstByte();
            hit.servedFromCache(kept.cost());
            if (exchange.streamed) {
                experiments.streamed(planned.plan(), false, kept.body());
            } else {
                experiments.whole(planned.plan(), 200, kept.body());
            }
            Replies.fromCache(exchange.response, kept.headers(), planned, kept.model().id().toString());
            budgets.write(exchange.response.responseHeaders(), planned.plan().metered(), kept.model().id());
            exchange.overhead(Duration.ZERO);
            return Replies.whole(exchange.response, kept.body());
        })).doOnCancel(hit::abandoned).doOnError(failure -> {
            hit.abandoned();
            meter.over(planned.plan().metered());
        });
    }

    private Mono<Void> reply(Exchange exchange, Planned planned, Served served, SwapWatch.Watched watched) {
        Answered answered = served.answered();
        Replies.head(exchange.response, answered.status(), answered.headers(), planned, answered.deployment());
        if (!answered.deployment().simulated()) {
            budgets.write(exchange.response.responseHeaders(), planned.plan().metered(),
                    answered.deployment().model().id());
        }
        return switch (answered) {
            case Answered.Whole whole -> {
                Cost total = served.total(whole.cost());
                Replies.cost(exchange.response, total);
                exchange.overhead(whole.waited().plus(served.before()));
                if (whole.status() == 200 && whole.understood()) {
                    keep(exchange, planned, whole.deployment().model(), whole.headers(), whole.body(), total);
                }
                experiments.whole(planned.plan(), whole.status(), whole.body());
                watched.whole(whole.deployment().model().id(), whole.status(), whole.body());
                yield Replies.whole(exchange.response, whole.body());
            }
            case Answered.Live live -> {
                exchange.overhead(live.waited().plus(served.before()));
                StreamRelay relay = new StreamRelay(live, attempts.drains(live.deployment()),
                        exchange.cacheKey != null || watched.wantsText()
                                || experiments.wantsText(planned.plan()),
                        (body, cost) -> keep(exchange, planned,
                                live.deployment().model(), live.headers(), body, served.total(cost)));
                yield Replies.streamed(exchange.response, relay.body().doFinally(end -> {
                    if (end != SignalType.CANCEL || relay.done()) {
                        experiments.streamed(planned.plan(), relay.broken(), relay.recorded());
                        watched.streamed(live.deployment().model().id(), relay.broken(), relay.observed(),
                                relay.recorded());
                    }
                }));
            }
        };
    }

    private void keep(Exchange exchange, Planned planned, Model model, HttpHeaders vendors, byte[] body,
            @Nullable Cost cost) {
        CacheKey key = exchange.cacheKey;
        if (key == null) {
            return;
        }
        Map<String, String> headers = new HashMap<>();
        String type = vendors.get(HttpHeaderNames.CONTENT_TYPE);
        if (type != null) {
            headers.put(HttpHeaderNames.CONTENT_TYPE.toString(), type);
        }
        cache.keep(planned.route().name(), planned.route().cache(), key, new CachedAnswer(model, headers, body, cost));
    }

    private Mono<Void> refuse(Exchange exchange, Throwable failure) {
        if (failure instanceof CallerLeftException) {
            LOG.debug("{}", failure.getMessage());
            return Mono.empty();
        }
        if (exchange.response.hasSentHeaders()) {
            return Mono.error(failure);
        }
        Planned planned = exchange.planned;
        return Replies.error(exchange.response, planned == null ? null : planned.plan().metered().requestId(),
                switch (failure) {
                    case RefusedException refused -> refused.error();
                    case UpstreamException upstream -> upstream.error();
                    default -> {
                        LOG.error("request {} failed", planned == null ? "?" : planned.plan().metered().requestId(),
                                failure);
                        yield OpenAiError.internal();
                    }
                });
    }
}
