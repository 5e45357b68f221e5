package dev.pareto.proxy.route;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;

import dev.pareto.policies.catalog.TimeLimits;
import dev.pareto.proxy.upstream.TimeLimitHandler;
import dev.pareto.proxy.upstream.UpstreamException;
import dev.pareto.proxy.upstream.UpstreamException.Kind;

import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;

/** A vendor's answer that passes through: each part goes on as it comes, looked at, never held; its time is bounded. */
final class PassedAnswer extends ServerHttpResponseDecorator {

    /** Sees the bytes of each part before they go on. */
    @FunctionalInterface
    interface Look {
        void at(byte[] part);
    }

    private final ServerWebExchange exchange;
    private final TimeLimits limits;
    private final long deadlineNanos;
    private final Look look;

    /** @param deadlineNanos in {@link System#nanoTime} */
    PassedAnswer(ServerWebExchange exchange, TimeLimits limits, long deadlineNanos, Look look) {
        super(exchange.getResponse());
        this.exchange = exchange;
        this.limits = limits;
        this.deadlineNanos = deadlineNanos;
        this.look = look;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        bound();
        return super.writeWith(Flux.from(body).doOnNext(this::look));
    }

    /** How the framework writes event streams: the first event has the time that a first token has. */
    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        bound();
        return super.writeAndFlushWith(Flux.from(body)
                .timeout(Mono.delay(limits.firstToken()))
                .onErrorMap(TimeoutException.class, late -> new UpstreamException(Kind.FIRST_TOKEN,
                        "The vendor's answer did not begin within " + limits.firstToken().toMillis() + " ms."))
                .map(part -> Flux.from(part).doOnNext(this::look)));
    }

    private void bound() {
        Connection connection = exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR);
        if (connection != null) {
            TimeLimitHandler.on(connection, limits.idle(), deadlineNanos);
        }
    }

    private void look(DataBuffer part) {
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
        look.at(bytes);
    }
}
