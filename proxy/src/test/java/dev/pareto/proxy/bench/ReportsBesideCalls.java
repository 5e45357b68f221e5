package dev.pareto.proxy.bench;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/**
 * Whether reports make callers wait: an open loop of calls through a running gateway, in turns without reports and while somebody
 * opens one report after the other, {@code ReportsBesideCalls http://127.0.0.1:8080 http://127.0.0.1:8081 PATHS VENDOR_PORT
 * [calls a second] [seconds of a turn] [milliseconds between reports]}. The vendor is played here, at the port that the gateway's
 * configuration names.
 */
final class ReportsBesideCalls {

    private static final int TURNS = 4;
    private static final byte[] REQUEST = """
                                          {"model":"gpt-4o","messages":[{"role":"user","content":"Say hello, in one word."}]}"""
            .getBytes(StandardCharsets.UTF_8);
    private static final byte[] ANSWER = """
                                         {"id":"chatcmpl-bench","object":"chat.completion","created":1763762400,"model":"gpt-4o-2024-08-06",\
                                         "choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],\
                                         "usage":{"prompt_tokens":24,"completion_tokens":2,"total_tokens":26}}"""
            .getBytes(StandardCharsets.UTF_8);

    private final HttpClient http = HttpClient.create()
            .headers(headers -> headers.set("Content-Type", "application/json"));
    private final String chat;
    private final String admin;
    private final List<String> paths;
    private final AtomicInteger reports = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    private ReportsBesideCalls(String gateway, String admin, List<String> paths) {
        this.chat = gateway + "/v1/chat/completions";
        this.admin = admin;
        this.paths = paths;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> paths = Files.readAllLines(Path.of(args[2]))
                .stream()
                .filter(line -> line.startsWith("/"))
                .toList();
        int rate = args.length > 4 ? Integer.parseInt(args[4]) : 50;
        Duration turn = Duration.ofSeconds(args.length > 5 ? Integer.parseInt(args[5]) : 15);
        Duration pause = Duration.ofMillis(args.length > 6 ? Integer.parseInt(args[6]) : 1_000);
        DisposableServer vendor = HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[3]))
                .handle((_, response) -> response.header("Content-Type", "application/json")
                        .header("Content-Length", Integer.toString(ANSWER.length))
                        .sendByteArray(Mono.just(ANSWER)))
                .bindNow();
        try {
            new ReportsBesideCalls(args[0], args[1], paths).compare(rate, turn, pause);
        } finally {
            vendor.disposeNow();
        }
    }

    private void compare(int rate, Duration turn, Duration pause) throws InterruptedException {
        calls(rate, turn, new ConcurrentLinkedQueue<>());
        var without = new ConcurrentLinkedQueue<Long>();
        var with = new ConcurrentLinkedQueue<Long>();
        failed.set(0);
        for (int i = 0; i < TURNS; i++) {
            calls(rate, turn, without);
            var stop = new CountDownLatch(1);
            Thread reader = Thread.ofVirtual().start(() -> read(stop, pause));
            calls(rate, turn, with);
            stop.countDown();
            reader.join();
        }
        double[] alone = sorted(without);
        double[] beside = sorted(with);
        System.out.printf(Locale.ROOT,
                "%d calls a second, %d turns of %d s each: p50 %.1f ms, p99 %.1f ms without reports; "
                        + "p50 %.1f ms, p99 %.1f ms beside %d reports; p99 times %.2f; %d calls failed%n",
                rate, TURNS,
                turn.toSeconds(), at(alone, .5), at(alone, .99), at(beside, .5), at(beside, .99), reports.get(),
                at(beside, .99) / at(alone, .99), failed.get());
    }

    /** Each at its time, whatever became of those before. */
    private void calls(int rate, Duration turn, ConcurrentLinkedQueue<Long> nanos) throws InterruptedException {
        int count = (int) (rate * turn.toSeconds());
        var done = new CountDownLatch(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = start + i * (Duration.ofSeconds(1).toNanos() / rate);
            LockSupport.parkNanos(due - System.nanoTime());
            var _ = http.post()
                    .uri(chat)
                    .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(REQUEST)))
                    .responseSingle((response, content) -> content.then(Mono.just(response.status().code())))
                    .onErrorReturn(0)
                    .subscribe(status -> {
                        nanos.add(System.nanoTime() - due);
                        failed.addAndGet(status == 200 ? 0 : 1);
                        done.countDown();
                    });
        }
        if (!done.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException(done.getCount() + " calls were never answered");
        }
    }

    private void read(CountDownLatch stop, Duration pause) {
        Flux.fromIterable(paths).repeat().concatMap(path -> {
            reports.incrementAndGet();
            return http.get().uri(URI.create(admin + path)).response().delayElement(pause);
        }).takeUntil(answer -> stop.getCount() == 0).blockLast();
    }

    private static double[] sorted(ConcurrentLinkedQueue<Long> nanos) {
        return nanos.stream().mapToDouble(one -> one / 1e6).sorted().toArray();
    }

    private static double at(double[] sorted, double quantile) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1L, Math.round(quantile * sorted.length))];
    }
}
