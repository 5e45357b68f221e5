package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.GatewayProcess;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway killed in the middle of a thousand calls, of which half are streamed, a tenth left and a tenth failed: what was
 * settled stays, what was open is marked expired at the next start, and the page's sum is the sum of the rows.
 */
final class KillTest {

    private static final int CALLS = 1_000;
    private static final int AT_ONCE = 16;
    private static final int KILLED_AFTER = 500;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    @Test
    void noSettledRowIsLostAndOpenOnesExpire() throws Exception {
        try (var vendor = new FakeVendor()) {
            vendor.answers(KillTest::answer);
            Queue<Integer> unanswered = callUntilKilled(vendor);
            Set<String> beforeTheKill = Set.copyOf(answered);
            // all that were finished but the tenth that was left, give or take those in flight
            assertThat(beforeTheKill).hasSizeGreaterThan(KILLED_AFTER - (KILLED_AFTER + 2 * AT_ONCE) / 10);
            try (var restarted = Gateway.start(folder, vendors(vendor))) {
                URI chat = restarted.url().resolve("/v1/chat/completions");
                assertThat(call(chat, unanswered, new CountDownLatch(0))).as("calls that failed").isEmpty();
                check(restarted, beforeTheKill);
            }
        }
    }

    private void check(Gateway gateway, Set<String> beforeTheKill) {
        List<Map<String, @Nullable Object>> rows = gateway.attempts();
        assertThat(rows).extracting(row -> row.get("request_id")).doesNotHaveDuplicates();
        Set<String> expired = requests(rows, "EXPIRED"::equals);
        Set<String> closed = requests(rows, state -> !"EXPIRED".equals(state));
        // A row is settled right after the answer's last byte, so only calls in flight at the kill may have expired.
        assertThat(expired).hasSizeBetween(1, 2 * AT_ONCE);
        assertThat(beforeTheKill.stream().filter(id -> !closed.contains(id)).toList()).isSubsetOf(expired);
        assertThat(answered.stream().filter(id -> !expired.contains(id)).toList()).isSubsetOf(closed);
        assertThat(rows.stream().filter(row -> "SETTLED".equals(row.get("state"))))
                .allSatisfy(row -> assertThat(row).extracting("cost_pico").isIn(147_500_000, 142_500_000));

        BigDecimal sum = rows.stream()
                .map(row -> row.get("cost_pico"))
                .map(pico -> pico == null ? BigDecimal.ZERO : new BigDecimal(pico.toString()).movePointLeft(12))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(gateway.bean(DashboardApi.class).overview(null).figures().spend().value()).isEqualByComparingTo(sum);
        assertThat(sum).isPositive();
    }

    private static Set<String> requests(List<Map<String, @Nullable Object>> rows, Predicate<@Nullable Object> state) {
        return rows.stream()
                .filter(row -> state.test(row.get("state")))
                .map(row -> String.valueOf(row.get("request_id")))
                .collect(Collectors.toSet());
    }

    /** @return the calls that had no answer when the process was killed */
    private Queue<Integer> callUntilKilled(FakeVendor vendor) throws Exception {
        GatewayProcess gateway = GatewayProcess.start(folder,
                Files.writeString(folder.resolve("killed.yaml"), vendors(vendor)));
        URI chat = gateway.url().resolve("/v1/chat/completions");
        var killing = new CountDownLatch(KILLED_AFTER);
        var killer = Thread.ofVirtual().start(() -> {
            try {
                killing.await();
                gateway.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Queue<Integer> unanswered = call(chat,
                IntStream.range(0, CALLS).boxed().collect(Collectors.toCollection(ConcurrentLinkedQueue::new)),
                killing);
        killer.join();
        assertThat(unanswered).as("calls that the kill cut off").isNotEmpty();
        return unanswered;
    }

    /** Makes the calls, some at once; gives back those that found no gateway. */
    private Queue<Integer> call(URI chat, Queue<Integer> numbers, CountDownLatch done) throws Exception {
        Queue<Integer> unanswered = new ConcurrentLinkedQueue<>();
        List<Future<?>> callers = new ArrayList<>();
        try (var executor = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < AT_ONCE; i++) {
                callers.add(executor.submit(() -> {
                    for (Integer number = numbers.poll(); number != null; number = numbers.poll()) {
                        try {
                            one(chat, number);
                            done.countDown();
                        } catch (IOException cutOff) {
                            unanswered.add(number);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        return unanswered;
    }

    /** Of ten calls: five streamed (one of them left), five plain (one of them failed). */
    private void one(URI chat, int number) throws IOException, InterruptedException {
        String body = switch (number % 10) {
            case 0 -> Payloads.CHAT_STREAM.replace("hello", "LEAVE");
            case 1, 3, 5, 7 -> Payloads.CHAT_STREAM;
            case 2 -> Payloads.CHAT.replace("hello", "FAIL");
            default -> Payloads.CHAT;
        };
        HttpResponse<InputStream> response = http.send(request(chat, body), BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            if (number % 10 == 0) {
                in.read();
                return; // its row may be open still when the kill comes
            }
            in.readAllBytes();
        }
        assertThat(response.statusCode()).isEqualTo(number % 10 == 2 ? 400 : 200);
        answered.add(response.headers().firstValue("Pareto-Request-Id").orElseThrow());
    }

    private static Script answer(FakeVendor.Seen request) {
        if (request.body().contains("FAIL")) {
            return Script.json(400, "{\"error\":{\"message\":\"no\"}}");
        }
        if (request.body().contains("LEAVE")) {
            return Script.events(Payloads.chunk("{\"content\":\"one\"}", "null", true)).ending(Script.End.HANG);
        }
        return Payloads.openAi(request);
    }

    private static String vendors(FakeVendor vendor) {
        return "vendors:\n  openai: {dialect: openai, url: '" + vendor.url() + "', retries: 0}\n";
    }

    private static HttpRequest request(URI chat, String body) {
        return HttpRequest.newBuilder(chat)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
