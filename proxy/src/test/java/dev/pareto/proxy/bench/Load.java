package dev.pareto.proxy.bench;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** A closed loop of chat requests over a fixed number of connections. Latencies in it hide queueing: read ratios. */
final class Load {

    private final HttpClient client;
    private final String url;
    private final byte[] body;
    private final int connections;

    /** @param url where the requests go, with the path */
    Load(String url, byte[] body, int connections) {
        this.url = url;
        this.body = body;
        this.connections = connections;
        this.client = HttpClient.create(ConnectionProvider.create("load", connections))
                .headers(headers -> headers
                        .set("Content-Type", "application/json")
                        .set("Authorization", "Bearer sk-bench-0123456789abcdef"));
    }

    /** Requests for this long; fails when one is not answered with 200. */
    Figures run(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        long[] nanos = new long[4_000_000];
        var count = new AtomicInteger();
        long startedAt = System.nanoTime();
        Flux.range(0, connections).flatMap(_ -> loop(end, nanos, count), connections).blockLast();
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        long[] sorted = Arrays.copyOf(nanos, count.get());
        Arrays.sort(sorted);
        return new Figures(sorted.length / seconds, quantile(sorted, 0.5), quantile(sorted, 0.99));
    }

    private Mono<Void> loop(long end, long[] nanos, AtomicInteger count) {
        return Mono.defer(() -> {
            long startedAt = System.nanoTime();
            return client.post()
                    .uri(url)
                    .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                    .responseSingle((response, content) -> response.status().code() == 200
                            ? content.then()
                            : Mono.error(new IllegalStateException("answered " + response.status())))
                    .doOnSuccess(_ -> nanos[count.getAndIncrement()] = System.nanoTime() - startedAt);
        }).repeat(() -> System.nanoTime() < end).then();
    }

    private static double quantile(long[] sorted, double q) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(q * sorted.length))] / 1e6;
    }

    /** Requests per second, median and 99th percentile in milliseconds. */
    record Figures(double perSecond, double p50, double p99) {}
}
