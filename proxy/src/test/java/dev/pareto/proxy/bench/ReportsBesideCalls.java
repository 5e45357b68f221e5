package dev.pareto.proxy.bench;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.concurrent.locks.LockSupport;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/**
 * Whether reports make callers wait: an open loop of calls through a running gateway, in short turns with and without somebody who
 * clicks through the pages: one report after the other, a second between them.
 * {@code ReportsBesideCalls http://127.0.0.1:8080 http://127.0.0.1:8081 PATHS VENDOR_PORT [calls a second] [seconds of a turn]
 * [milliseconds between reports] [rounds]}. The vendor is played here, at the port that the gateway's configuration names. In a path
 * {@code {n}} is another number each time, for questions that nobody asked before.
 *
 * <p>A machine's own noise is larger than what is looked for: so each round has two turns of each kind in the order without, with, with,
 * without, a figure is the median of the turns' p99, and the interval of their quotient comes from drawing rounds again. The quotient of
 * the turns without reports, first against last of their rounds, tells what no difference looks like here. Ends with 1 where the p99
 * beside reports is more than 1.1 times the other.
 */
final class ReportsBesideCalls {

    private static final int ROUNDS = 6;
    private static final int RATE = 200;
    /** Until what reports and calls run often is compiled: with reports one right after the other. */
    private static final Duration WARM_UP = Duration.ofSeconds(90);
    private static final double BOUND = 1.1;
    private static final int DRAWS = 10_000;
    private static final long SEED = 20_261_123;
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
    private final ConcurrentLinkedQueue<Long> calm = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> busy = new ConcurrentLinkedQueue<>();
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
        int rate = args.length > 4 ? Integer.parseInt(args[4]) : RATE;
        Duration turn = Duration.ofSeconds(args.length > 5 ? Integer.parseInt(args[5]) : 15);
        Duration pause = Duration.ofMillis(args.length > 6 ? Integer.parseInt(args[6]) : 1_000);
        boolean slower;
        DisposableServer vendor = HttpServer.create()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[3]))
                .handle((_, response) -> response.header("Content-Type", "application/json")
                        .header("Content-Length", Integer.toString(ANSWER.length))
                        .sendByteArray(Mono.just(ANSWER)))
                .bindNow();
        try {
            int rounds = args.length > 7 ? Integer.parseInt(args[7]) : ROUNDS;
            slower = new ReportsBesideCalls(args[0], args[1], paths).compare(rate, turn, pause, rounds) > BOUND;
        } finally {
            vendor.disposeNow();
        }
        System.exit(slower ? 1 : 0);
    }

    /** The p99 of one round's turns, in milliseconds. */
    private record Round(double first, double last, double beside, double besideAgain) {

        double[] without() {
            return new double[]{first, last};
        }

        double[] with() {
            return new double[]{beside, besideAgain};
        }
    }

    /** The quotient of the two p99. */
    private double compare(int rate, Duration turn, Duration pause, int rounds) throws InterruptedException {
        warm(rate, turn);
        List<Round> all = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            double first = alone(rate, turn);
            double beside = beside(rate, turn, pause);
            double again = beside(rate, turn, pause);
            double last = alone(rate, turn);
            System.out.printf(Locale.ROOT, "p99 %.1f and %.1f ms without reports, %.1f and %.1f ms beside%n", first,
                    last,
                    beside, again);
            all.add(new Round(first, last, beside, again));
        }
        double quotient = quotient(all, Round::with, Round::without);
        System.out.printf(Locale.ROOT,
                "%d calls a second, %d rounds of 4 turns of %d s: p99 %.1f ms without reports, %.1f ms beside %d reports,"
                        + " times %.2f (95 %% %s); without against without times %.2f (95 %% %s); %d calls failed%n",
                rate, rounds, turn.toSeconds(), median(all, Round::without), median(all, Round::with), reports.get(),
                quotient, interval(all, Round::with, Round::without),
                quotient(all, one -> new double[]{one.last()}, one -> new double[]{one.first()}),
                interval(all, one -> new double[]{one.last()}, one -> new double[]{one.first()}), failed.get());
        double[] without = sorted(calm);
        double[] with = sorted(busy);
        System.out.printf(Locale.ROOT,
                "all calls together: p50 %.1f ms, p99 %.1f ms without; p50 %.1f ms, p99 %.1f ms beside%n",
                at(without, .5), at(without, .99), at(with, .5), at(with, .99));
        return quotient;
    }

    private void warm(int rate, Duration turn) throws InterruptedException {
        alone(rate, turn);
        beside(rate, WARM_UP, Duration.ZERO);
        calm.clear();
        busy.clear();
        failed.set(0);
        reports.set(0);
    }

    private double alone(int rate, Duration turn) throws InterruptedException {
        var nanos = new ConcurrentLinkedQueue<Long>();
        calls(rate, turn, nanos);
        calm.addAll(nanos);
        return at(sorted(nanos), .99);
    }

    private double beside(int rate, Duration turn, Duration pause) throws InterruptedException {
        var nanos = new ConcurrentLinkedQueue<Long>();
        var stop = new CountDownLatch(1);
        Thread reader = Thread.ofPlatform().start(() -> read(stop, pause));
        calls(rate, turn, nanos);
        stop.countDown();
        reader.join();
        busy.addAll(nanos);
        return at(sorted(nanos), .99);
    }

    private static double median(List<Round> rounds, Function<Round, double[]> of) {
        double[] all = rounds.stream().flatMapToDouble(round -> Arrays.stream(of.apply(round))).sorted().toArray();
        return (all[(all.length - 1) / 2] + all[all.length / 2]) / 2;
    }

    private static double quotient(List<Round> rounds, Function<Round, double[]> one, Function<Round, double[]> other) {
        return median(rounds, one) / median(rounds, other);
    }

    private static String interval(List<Round> rounds, Function<Round, double[]> one,
            Function<Round, double[]> other) {
        var random = new Random(SEED);
        double[] drawn = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            List<Round> again = random.ints(rounds.size(), 0, rounds.size()).mapToObj(rounds::get).toList();
            drawn[i] = quotient(again, one, other);
        }
        Arrays.sort(drawn);
        return String.format(Locale.ROOT, "%.2f to %.2f", at(drawn, .025), at(drawn, .975));
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

    /** From where it was left. */
    private void read(CountDownLatch stop, Duration pause) {
        while (stop.getCount() > 0) {
            String path = paths.get(reports.getAndIncrement() % paths.size())
                    .replace("{n}", Long.toString(System.nanoTime()));
            Integer status = http.get()
                    .uri(URI.create(admin + path))
                    .responseSingle((answer, content) -> content.then(Mono.just(answer.status().code())))
                    .block();
            if (status == null || status != 200) {
                throw new IllegalStateException(path + " was answered with " + status);
            }
            try {
                var _ = stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException gone) {
                Thread.currentThread().interrupt();
                return;
            }
        }
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
