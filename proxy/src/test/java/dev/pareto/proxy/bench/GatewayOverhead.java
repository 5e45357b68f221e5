package dev.pareto.proxy.bench;

import dev.pareto.proxy.bench.Load.Figures;
import dev.pareto.proxy.cli.Main;
import dev.pareto.proxy.testing.GatewayProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/**
 * What the gateway adds to a call: the same closed loop against a fake vendor directly and through the gateway (a process
 * of its own, with keys handed through, decisions, prices and the ledger on), in turns, medians over the rounds.
 *
 * <p>Run: {@code mvn -Pgateway-bench -pl proxy -am verify -DskipTests}
 */
final class GatewayOverhead {

    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final int ROUNDS = 5;

    private static final byte[] REQUEST = """
                                          {"model":"gpt-4o","messages":[{"role":"system","content":"You are terse."},\
                                          {"role":"user","content":"Say hello to the benchmark, in one word."}],"temperature":0}"""
            .getBytes(StandardCharsets.UTF_8);

    private static final byte[] ANSWER = """
                                         {"id":"chatcmpl-bench","object":"chat.completion","created":1763762400,"model":"gpt-4o-2024-08-06",\
                                         "choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],\
                                         "usage":{"prompt_tokens":24,"completion_tokens":2,"total_tokens":26}}"""
            .getBytes(StandardCharsets.UTF_8);

    private GatewayOverhead() {}

    public static void main(String[] arguments) throws Exception {
        DisposableServer vendor = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((_, response) -> response.header("Content-Type", "application/json")
                        .header("Content-Length", Integer.toString(ANSWER.length))
                        .sendByteArray(Mono.just(ANSWER)))
                .bindNow();
        String direct = "http://127.0.0.1:" + vendor.port() + "/v1/chat/completions";
        int port = GatewayProcess.freePort();
        Process gateway = startGateway(vendor.port(), port);
        try {
            String through = "http://127.0.0.1:" + port + "/v1/chat/completions";
            awaitReady(through, gateway);
            new Load(through, REQUEST, 16).run(WARM_UP);
            new Load(direct, REQUEST, 16).run(WARM_UP.dividedBy(4));
            System.out.println("connections | lane    | requests/s | p50 ms | p99 ms");
            for (int connections : List.of(1, 16, 64)) {
                compare(direct, through, connections);
            }
        } finally {
            gateway.destroy();
            vendor.disposeNow();
        }
    }

    private static void compare(String direct, String through, int connections) {
        var without = new ArrayList<Figures>();
        var with = new ArrayList<Figures>();
        for (int round = 0; round < ROUNDS; round++) {
            without.add(new Load(direct, REQUEST, connections).run(ROUND));
            with.add(new Load(through, REQUEST, connections).run(ROUND));
        }
        print(connections, "direct", without);
        print(connections, "gateway", with);
        System.out.printf(Locale.ROOT, "            | added   | × %.2f     | %+.2f  | %+.2f%n",
                median(with, Figures::perSecond) / median(without, Figures::perSecond),
                median(with, Figures::p50) - median(without, Figures::p50),
                median(with, Figures::p99) - median(without, Figures::p99));
    }

    private static void print(int connections, String lane, List<Figures> rounds) {
        System.out.printf(Locale.ROOT, "%11d | %-7s | %10.0f | %6.2f | %6.2f%n", connections, lane,
                median(rounds, Figures::perSecond), median(rounds, Figures::p50), median(rounds, Figures::p99));
    }

    private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
        return rounds.stream()
                .sorted(Comparator.comparingDouble(figure))
                .skip(rounds.size() / 2)
                .mapToDouble(figure)
                .findFirst()
                .orElseThrow();
    }

    private static Process startGateway(int vendorPort, int port) throws IOException {
        Path folder = Files.createTempDirectory("pareto-overhead");
        Path config = Files.writeString(folder.resolve("pareto.yaml"),
                """
                vendors:
                  openai: {dialect: openai, url: "http://127.0.0.1:%d"}
                """.formatted(vendorPort));
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-Xmx512m", "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "serve", "--config", config.toString(),
                "--port", Integer.toString(port), "--admin-port", "0", "--data", folder.resolve("data").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("gateway.log").toFile())
                .start();
    }

    private static void awaitReady(String url, Process gateway) throws InterruptedException {
        for (int second = 0; second < 120 && gateway.isAlive(); second++) {
            Thread.sleep(1_000);
            if (Boolean.TRUE.equals(answers(url))) {
                return;
            }
        }
        throw new IllegalStateException("the gateway did not come up");
    }

    private static Boolean answers(String url) {
        return HttpClient.create()
                .headers(headers -> headers.set("Content-Type", "application/json"))
                .post()
                .uri(url)
                .send(Mono.fromSupplier(() -> io.netty.buffer.Unpooled.wrappedBuffer(REQUEST)))
                .responseSingle((response, content) -> content.then(Mono.just(response.status().code() == 200)))
                .onErrorReturn(false)
                .blockOptional()
                .orElse(false);
    }
}
