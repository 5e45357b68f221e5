package dev.pareto.proxy.route;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.AttemptState;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.dialect.openai.Observed;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import dev.pareto.proxy.dialect.openai.UsageTail;
import dev.pareto.proxy.guard.Edge;
import dev.pareto.proxy.key.Caller;
import dev.pareto.proxy.key.Callers;
import dev.pareto.proxy.meter.Attempt;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.MeteredRequest;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Every other path of the default vendor, through the framework's own routing: the same callers and bounds as elsewhere, bytes
 * unchanged, and each POST an attempt in the ledger, priced where the answer names a model and its usage.
 */
public final class PassThrough implements GlobalFilter, Ordered {

    /** Just before the framework writes the answer, so that the answer's bytes come by here. */
    private static final int BEFORE_WRITING = -2;

    private static final String TARGET = PassThrough.class.getName() + ".target";

    private final Supplier<ParetoConfig> config;
    private final Edge edge;
    private final Callers callers;
    private final Meter meter;

    /** Who calls whom; kept with the exchange for the filters that follow. */
    record Target(Caller caller, Vendor vendor) {}

    public PassThrough(Supplier<ParetoConfig> config, Edge edge, Callers callers, Meter meter) {
        this.config = config;
        this.edge = edge;
        this.callers = callers;
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
        Vendor vendor = vendor(config.get());
        ServerHttpRequest request = exchange.getRequest();
        if (vendor == null) {
            throw new RefusedException(OpenAiError.refused(404, "unknown_url",
                    "Unknown request URL: " + request.getPath() + ", and no vendor to pass it to."));
        }
        if ("local-only".equals(request.getHeaders().getFirst("Pareto-Data-Class")) && !vendor.open()) {
            throw new RefusedException(OpenAiError.refused(422, "policy_infeasible",
                    "Pareto-Data-Class: local-only; " + request.getPath() + " would go to " + vendor.name() + "."));
        }
        HttpServerRequest netty = ServerHttpRequestDecorator.getNativeRequest(request);
        Caller caller = callers.identify(netty.requestHeaders());
        exchange.getAttributes().put(TARGET, new Target(caller, vendor));
        if (!request.getMethod().equals(HttpMethod.POST)) {
            return chain.filter(exchange.mutate().request(bounded(request)).build());
        }
        Attempt attempt = meter.begin(metered(caller, request), new Model(new ModelId(vendor.name(), "pass-through"),
                vendor.open(), null, Set.of()), false, 1, AttemptRole.PRIMARY, vendor.resilience().timeLimits().total(),
                end -> {});
        UsageTail tail = new UsageTail();
        ServerWebExchange metered = exchange.mutate()
                .request(bounded(request))
                .response(watched(exchange.getResponse(), attempt, tail,
                        vendor.resilience().timeLimits().idle()))
                .build();
        return attempt.open().then(Mono.defer(() -> {
            attempt.sent();
            return chain.filter(metered);
        }))
                .doOnError(failure -> attempt.passedThrough(AttemptState.FAILED, null, tail.observed(), null,
                        "upstream_failed"))
                .doFinally(
                        end -> settle(attempt, end, exchange.getResponse().getStatusCode(), tail.observed(), vendor));
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

    private MeteredRequest metered(Caller caller, ServerHttpRequest request) {
        return new MeteredRequest(meter.newRequestId(), caller.tenant(), caller.tags(), "pass-through",
                request.getPath().value(),
                "openai", true, null, null, 0, 0, null, null);
    }

    /** The vendor of every path that Pareto does not understand: the default one, else the first that speaks this dialect. */
    static @Nullable Vendor vendor(ParetoConfig config) {
        String named = config.catalogue().defaultVendor();
        return config.catalogue()
                .vendors()
                .stream()
                .filter(vendor -> vendor.dialect().equals("openai") && !vendor.urls().isEmpty())
                .filter(vendor -> named == null || vendor.name().equals(named))
                .findFirst()
                .orElse(null);
    }

    private ServerHttpRequest bounded(ServerHttpRequest request) {
        return new ServerHttpRequestDecorator(request) {
            @Override
            public Flux<DataBuffer> getBody() {
                AtomicLong bytes = new AtomicLong();
                return super.getBody().doOnNext(part -> {
                    if (bytes.addAndGet(part.readableByteCount()) > edge.maxBodyBytes()) {
                        throw new RefusedException(edge.tooLarge());
                    }
                });
            }
        };
    }

    private static ServerHttpResponse watched(ServerHttpResponse response, Attempt attempt, UsageTail tail,
            Duration idle) {
        return new ServerHttpResponseDecorator(response) {
            @Override
            public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
                return super.writeWith(Flux.from(body).timeout(idle).doOnNext(this::look));
            }

            @Override
            public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
                return super.writeAndFlushWith(Flux.from(body).map(part -> Flux.from(part).doOnNext(this::look)));
            }

            private void look(DataBuffer part) {
                attempt.firstByte();
                byte[] bytes = new byte[part.readableByteCount()];
                try (DataBuffer.ByteBufferIterator buffers = part.readableByteBuffers()) {
                    int at = 0;
                    while (buffers.hasNext()) {
                        ByteBuffer buffer = buffers.next();
                        int count = buffer.remaining();
                        buffer.get(bytes, at, count);
                        at += count;
                    }
                }
                tail.add(bytes, 0, bytes.length);
            }
        };
    }
}
