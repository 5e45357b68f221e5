package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.pareto.dashboards.web.DashboardApi;
import dev.pareto.proxy.limit.Admission;
import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Script;
import dev.pareto.proxy.testing.World;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thousand calls, half of them streamed, a tenth left by their callers, a tenth failed by the vendor: nothing is lost. */
@ExtendWith(World.Extension.class)
final class ThousandCallsTest {

    private static final int CALLS = 1_000;
    private static final int AT_ONCE = 16;

    private final World world;

    ThousandCallsTest(World world) {
        this.world = world;
    }

    private static Script answer(FakeVendor.Seen request) {
        if (request.body().contains("FAIL")) {
            return Script.json(400, "{\"error\":{\"message\":\"no\"}}");
        }
        if (request.body().contains("LEAVE")) {
            return Script
                    .events(Payloads.chunk("{\"content\":\"one\"}", "null", true),
                            Payloads.chunk("{\"content\":\"two\"}", "null", true))
                    .ending(Script.End.HANG);
        }
        return Payloads.openAi(request);
    }

    @Test
    void everyAttemptHasOneRowAndTheCostIsExact() throws Exception {
        world.openai.answers(ThousandCallsTest::answer);
        int before = world.gateway.attempts().size();
        List<Future<Boolean>> calls = new ArrayList<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < CALLS; i++) {
                calls.add(callers.submit(call(i)));
            }
            for (Future<Boolean> call : calls) {
                assertThat(call.get()).isTrue();
            }
        }

        Await.until("nothing is in flight", () -> world.gateway.bean(Admission.class).inFlight() == 0);
        Await.until("the vendor is idle", () -> world.openai.running() == 0);
        List<Map<String, @Nullable Object>> all = world.gateway.attempts();
        List<Map<String, @Nullable Object>> attempts = all.subList(before, all.size());

        assertThat(attempts).hasSize(CALLS);
        assertThat(attempts).extracting(attempt -> attempt.get("request_id")).doesNotHaveDuplicates();
        assertThat(of(attempts, "FAILED")).hasSize(CALLS / 10)
                .allSatisfy(
                        attempt -> assertThat(attempt).containsEntry("cost_pico", 0).containsEntry("http_status", 400));
        assertThat(of(attempts, "ABORTED")).hasSize(CALLS / 10)
                .allSatisfy(
                        attempt -> assertThat(attempt).containsEntry("usage_source", "ESTIMATED")
                                .containsEntry("estimated", 1));
        // 19 in at 2.50 and 10 out at 10.00 a million; of the streamed ones, 4 of the 19 come from the vendor's cache at 1.25
        assertThat(of(attempts, "SETTLED")).hasSize(CALLS * 8 / 10)
                .allSatisfy(attempt -> assertThat(attempt).extracting("cost_pico").isIn(147_500_000, 142_500_000));
        assertThat(attempts.stream().filter(attempt -> Integer.valueOf(142_500_000).equals(attempt.get("cost_pico"))))
                .hasSize(CALLS * 4 / 10);
        assertThat(world.gateway.bean(DashboardApi.class).overview(null).figures().spend().value())
                .isEqualByComparingTo(sum(all));
    }

    private static BigDecimal sum(List<Map<String, @Nullable Object>> attempts) {
        return attempts.stream()
                .map(attempt -> attempt.get("cost_pico"))
                .map(pico -> pico == null ? BigDecimal.ZERO : new BigDecimal(pico.toString()).movePointLeft(12))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static List<Map<String, @Nullable Object>> of(List<Map<String, @Nullable Object>> attempts, String state) {
        return attempts.stream().filter(attempt -> state.equals(attempt.get("state"))).toList();
    }

    /** Of ten calls: five streamed (one of them left), five plain (one of them failed). */
    private Callable<Boolean> call(int number) {
        return switch (number % 10) {
            case 0 -> this::leave;
            case 1, 3, 5, 7 ->
                () -> world.gateway.post("/v1/chat/completions", Payloads.CHAT_STREAM).statusCode() == 200;
            case 2 -> () -> world.gateway.post("/v1/chat/completions", Payloads.CHAT.replace("hello", "FAIL"))
                    .statusCode() == 400;
            default -> () -> world.gateway.post("/v1/chat/completions", Payloads.CHAT).statusCode() == 200;
        };
    }

    private boolean leave() throws IOException, InterruptedException {
        HttpResponse<InputStream> response = world.gateway.client()
                .send(
                        world.gateway.request("/v1/chat/completions", Payloads.CHAT_STREAM.replace("hello", "LEAVE")),
                        HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            return body.read() == 'd';
        }
    }
}
