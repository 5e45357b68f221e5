package dev.pareto.proxy.upstream;

import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import dev.pareto.proxy.upstream.UpstreamException.Kind;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * One address of a vendor, over Reactor Netty's client. No redirects, no retries of its own (each would be an attempt that
 * nobody wrote down), no decompression; the pool is bounded. Thread-safe.
 */
public final class HttpUpstream implements Upstream {

    private final HttpClient client;
    private final String base;

    /**
     * @param url the vendor's address, with or without a last {@code /v1}
     * @param connect how long to wait for a connection, pooled or new
     */
    public HttpUpstream(URI url, ConnectionProvider connections, LoopResources loops, Duration connect) {
        String text = url.toString();
        text = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        base = text.endsWith("/v1") ? text.substring(0, text.length() - 3) : text;
        client = HttpClient.create(connections)
                .runOn(loops)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connect.toMillis()))
                .disableRetry(true)
                .followRedirect(false)
                .compress(false);
    }

    @Override
    public Mono<UpstreamAnswer> send(UpstreamCall call) {
        long deadline = System.nanoTime() + call.limits().total().toNanos();
        return client.headers(headers -> {
            headers.add(call.headers());
            headers.set(HttpHeaderNames.CONTENT_LENGTH, call.body().length);
        })
                .request(HttpMethod.POST)
                .uri(base + call.request().endpoint().path())
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(call.body())))
                .responseConnection((response, connection) -> Mono.just(answer(call, response, connection, deadline)))
                .next()
                .onErrorMap(failure -> beforeAnswer(failure, call));
    }

    private static UpstreamAnswer answer(UpstreamCall call, HttpClientResponse response, Connection connection,
            long deadline) {
        TimeLimitHandler.on(connection, call.limits().idle(), deadline);
        Flux<byte[]> body = connection.inbound().receive().asByteArray().onErrorMap(HttpUpstream::duringAnswer);
        return new UpstreamAnswer(response.status().code(), response.responseHeaders(), body);
    }

    private static Throwable beforeAnswer(Throwable failure, UpstreamCall call) {
        return switch (failure) {
            case UpstreamException known -> known;
            case ConnectTimeoutException late -> new UpstreamException(Kind.CONNECT,
                    "The vendor could not be reached within " + call.limits().connect().toMillis() + " ms.");
            case PoolAcquireTimeoutException late -> saturated();
            case PoolAcquirePendingLimitException full -> saturated();
            case UnknownHostException unknown ->
                new UpstreamException(Kind.CONNECT, "The vendor's host name is not known.");
            case java.net.ConnectException refused ->
                new UpstreamException(Kind.CONNECT, "The vendor refused the connection.");
            case javax.net.ssl.SSLException tls ->
                new UpstreamException(Kind.CONNECT, "No secure connection to the vendor.");
            case IOException broken ->
                new UpstreamException(Kind.RESET, "The vendor broke the connection before it answered.");
            case TimeoutException late -> new UpstreamException(Kind.FIRST_TOKEN, "The vendor did not answer in time.");
            default -> new UpstreamException(Kind.INVALID, "The vendor's answer could not be read.");
        };
    }

    private static UpstreamException saturated() {
        return new UpstreamException(Kind.SATURATED, "Every connection to the vendor is in use.");
    }

    private static Throwable duringAnswer(Throwable failure) {
        return failure instanceof UpstreamException known
                ? known
                : new UpstreamException(Kind.INCOMPLETE, "The vendor's answer broke off before its end.");
    }
}
