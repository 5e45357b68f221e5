package dev.pareto.proxy.route;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.TimeLimits;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.decide.Overrides;
import dev.pareto.policies.decide.RequestFeatures;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.Floor;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.dialect.openai.Observed;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.UsageTail;
import dev.pareto.proxy.guard.Edge;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.key.Callers;
import dev.pareto.proxy.limit.Admission;
import dev.pareto.proxy.meter.Attempt;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.upstream.UpstreamException;
import dev.pareto.proxy.upstream.UpstreamException.Kind;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Every other path of the vendor in front, through the framework's own routing: the same callers, bounds and time limits as
 * elsewhere, bytes unchanged, and each POST an attempt in the ledger, priced where the answer names a model and its usage.
 */
public final class PassThrough implements GlobalFilter, Ordered {

    /** Just before the framework writes the answer, so that the answer's bytes come by here. */
    private static final int BEFORE_WRITING = -2;

    private static final String TARGET = PassThrough.class.getName() + ".target";

    private final Supplier<ParetoConfig> config;
    private final Edge edge;
    private final Callers callers;
    private final Admission admission;
    private final Meter meter;

    /** Who calls whom, and how long it may take; kept with the exchange for the filters that follow. */
    record Target(Caller caller, Vendor vendor, TimeLimits limits) {}

    /** @param admission the same places as those of the calls that are understood */
    public PassThrough(Supplier<ParetoConfig> config, Edge edge, Callers callers, Admission admission, Meter meter) {
        this.config = config;
        this.edge = edge;
        this.callers = callers;
        this.admission = admission;
        this.meter = meter;
    }

    @Override
    public int getOrder() {
        return BEFORE_WRITING;
    }

    static @Nullable Target target(ServerWebExchange exchange) {
        return exchange.getAttribute(TARGET);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        Caller caller = callers.identify(headers(request));
        return Mono.using(admission::enter, permit -> admitted(exchange, chain, caller));
    }

    private static HttpHeaders headers(ServerHttpRequest request) {
        HttpServerRequest netty = ServerHttpRequestDecorator.getNativeRequest(request);
        return netty.requestHeaders();
    }

    private Mono<Void> admitted(ServerWebExchange exchange, GatewayFilterChain chain, Caller caller) {
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders headers = headers(request);
        Vendor vendor = config.get()
                .catalogue()
                .front()
                .orElseThrow(() -> new RefusedException(OpenAiError.refused(404, "unknown_url",
                        "Unknown request URL: " + request.getPath()
                                + ", and no vendor to pass it to; default-vendor names one.")));
        Map<String, String> tags = Tags.of(headers, caller);
        refuseWhatFloorsKeep(config.get(), caller, tags, request, vendor);
        TimeLimits limits = limits(wishes(headers, request, vendor), vendor);
        exchange.getAttributes().put(TARGET, new Target(caller, vendor, limits));
        if (!request.getMethod().equals(HttpMethod.POST)) {
            return pass(exchange, chain, limits, part -> {});
        }
        UsageTail tail = new UsageTail();
        Attempt attempt = meter.begin(
                metered(caller, tags, request),
                new Model(new ModelId(vendor.name(), "pass-through"),
                        vendor.open(), null, Set.of()),
                false, 1, AttemptRole.PRIMARY, limits.total(),
                end -> {});
        return attempt.open().then(Mono.defer(() -> {
            attempt.sent();
            return pass(exchange, chain, limits, part -> {
                attempt.firstByte();
                tail.add(part, 0, part.length);
            });
        }))
                .doOnError(failure -> fail(attempt, failure, tail.observed()))
                .doFinally(
                        end -> settle(attempt, end, exchange.getResponse().getStatusCode(), tail.observed(), vendor));
    }

    private Mono<Void> pass(ServerWebExchange exchange, GatewayFilterChain chain, TimeLimits limits,
            PassedAnswer.Look look) {
        long deadline = System.nanoTime() + limits.total().toNanos();
        return chain.filter(exchange.mutate()
                .request(bounded(exchange.getRequest()))
                .response(new PassedAnswer(exchange, limits, deadline, look))
                .build())
                .timeout(limits.total(), Mono.error(() -> new UpstreamException(Kind.TOTAL,
                        "The vendor's answer did not come within " + limits.total().toMillis() + " ms.")));
    }

    /** What a request may wish of a path that is not understood; a bound that cannot be kept is refused, not forgotten. */
    private static Overrides wishes(HttpHeaders headers, ServerHttpRequest request, Vendor vendor) {
        Overrides wishes;
        try {
            wishes = Overrides.fromHeaders(headers::get);
        } catch (IllegalArgumentException wrong) {
            throw new RefusedException(
                    OpenAiError.badRequest("invalid_header", String.valueOf(wrong.getMessage()), null));
        }
        if (!wishes.equals(new Overrides(null, null, wishes.maxLatency(), null, null, wishes.localOnly()))) {
            throw new RefusedException(OpenAiError.badRequest("unsupported_header",
                    request.getPath() + " is passed through to " + vendor.name() + " without a decision, so only"
                            + " Pareto-Max-Latency-Ms, Pareto-Data-Class and Pareto-Tags can be kept; leave the others"
                            + " out.",
                    null));
        }
        if (wishes.localOnly() && !vendor.open()) {
            throw new RefusedException(OpenAiError.refused(422, "policy_infeasible",
                    "Pareto-Data-Class: local-only; " + request.getPath() + " would go to " + vendor.name() + "."));
        }
        return wishes;
    }

    /** Nothing is decided here, so a floor holds only where it asks for no more than the vendor's kind. */
    private static void refuseWhatFloorsKeep(ParetoConfig config, Caller caller, Map<String, String> tags,
            ServerHttpRequest request, Vendor vendor) {
        String tagged = tags.get(RequestFeatures.DATA_CLASS_TAG);
        for (Floor floor : config.floors()) {
            boolean kept = floor.constraints().equals(Constraints.NONE) && floor.only().isEmpty()
                    && floor.allows(new ModelId(vendor.name(), "pass-through"), vendor.open());
            if (floor.routes().isEmpty() && !kept
                    && floor.holds(tagged == null ? List.of() : List.of(tagged), caller.tenant(), "")) {
                throw new RefusedException(OpenAiError.refused(422, "policy_infeasible", "Floor " + floor.name()
                        + " holds for this caller, and " + request.getPath() + " is passed through to "
                        + vendor.name() + " without a decision that could keep it."));
            }
        }
    }

    private static TimeLimits limits(Overrides wishes, Vendor vendor) {
        TimeLimits limits = vendor.resilience().timeLimits();
        Duration most = wishes.maxLatency();
        return most == null || most.compareTo(limits.total()) >= 0
                ? limits
                : new TimeLimits(limits.connect(), limits.firstToken(), limits.idle(), most);
    }

    /** A refusal of our own, e.g. of a body that is too large, has a status of our own: nothing was bought. */
    private static void fail(Attempt attempt, Throwable failure, Observed seen) {
        if (failure instanceof CallerLeftException) {
            attempt.passedThrough(AttemptState.ABORTED, null, seen, null, "client_closed_request");
        } else {
            attempt.passedThrough(AttemptState.FAILED,
                    failure instanceof RefusedException refused ? refused.error().status() : null, seen, null,
                    PassThroughErrors.error(failure).code());
        }
    }

    private void settle(Attempt attempt, SignalType end, @Nullable HttpStatusCode status, Observed seen,
            Vendor vendor) {
        Integer code = status == null ? null : status.value();
        Model billed = seen.model() == null
                ? null
                : config.get().catalogue().resolve(vendor.name() + "/" + seen.model()).orElse(null);
        if (end == SignalType.CANCEL) {
            attempt.passedThrough(AttemptState.ABORTED, code, seen, billed, "client_closed_request");
        } else if (code != null && code >= 400) {
            attempt.passedThrough(AttemptState.FAILED, code, seen, billed, "upstream_status_" + code);
        } else {
            attempt.passedThrough(AttemptState.SETTLED, code, seen, billed, null);
        }
    }

    private MeteredRequest metered(Caller caller, Map<String, String> tags, ServerHttpRequest request) {
        return new MeteredRequest(meter.newRequestId(), caller.tenant(), tags, "pass-through",
                request.getPath().value(),
                "openai", true, null, null, 0, 0, 1, null, null);
    }

    private ServerHttpRequest bounded(ServerHttpRequest request) {
        return new ServerHttpRequestDecorator(request) {
            @Override
            public Flux<DataBuffer> getBody() {
                AtomicLong bytes = new AtomicLong();
                return super.getBody().onErrorMap(CallerLeftException::new).doOnNext(part -> {
                    if (bytes.addAndGet(part.readableByteCount()) > edge.maxBodyBytes()) {
                        throw new RefusedException(edge.tooLarge());
                    }
                });
            }
        };
    }
}
