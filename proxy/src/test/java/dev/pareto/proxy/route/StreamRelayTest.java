package dev.pareto.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.meter.Attempt;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.MeteredRequest;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.World;
import dev.pareto.proxy.upstream.Answered;
import dev.pareto.proxy.upstream.Deployment;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@ExtendWith(World.Extension.class)
final class StreamRelayTest {

    private final World world;

    StreamRelayTest(World world) {
        this.world = world;
    }

    private Answered.Live live(Flux<byte[]> body) {
        Catalogue catalogue = world.gateway.bean(LiveConfig.class).get().catalogue();
        Model model = catalogue.find(ModelId.parse("openai/gpt-4o")).orElseThrow();
        Meter meter = world.gateway.bean(Meter.class);
        Attempt attempt = meter.begin(
                new MeteredRequest(meter.newRequestId(), "t", Map.of(), "gpt-4o", "gpt-4o", "openai", true, null, null,
                        0, 0, 1, null, null),
                model, false, 1, AttemptRole.PRIMARY, Duration.ofMinutes(1), end -> {});
        attempt.open().block();
        attempt.sent();
        return new Answered.Live(new Deployment(model, catalogue.vendor("openai").orElseThrow(), call -> Mono.never(),
                CircuitBreaker.ofDefaults("unused")), 200, new DefaultHttpHeaders(), Duration.ZERO, attempt, false,
                body);
    }

    @Test
    void anAnswerIsKeptOnceAndBeforeTheCallerLearnsOfItsEnd() {
        byte[] stream = Payloads.stream(true).bytes();
        List<String> order = new ArrayList<>();
        StreamRelay relay = new StreamRelay(live(Flux.just(stream)), true,
                (bytes, cost) -> order.add("kept " + bytes.length + (cost == null ? "" : " with its cost")));

        relay.body().doOnComplete(() -> order.add("ended")).blockLast();

        assertThat(order).containsExactly("kept " + stream.length + " with its cost", "ended");
    }

    @Test
    void aStreamThatBreaksOffIsNotKept() {
        byte[] part = Payloads.chunk("{\"content\":\"Hel\"}", "null", true).getBytes(StandardCharsets.UTF_8);
        List<String> order = new ArrayList<>();
        StreamRelay relay = new StreamRelay(live(Flux.just(part)), true, (bytes, cost) -> order.add("kept"));

        relay.body().doOnComplete(() -> order.add("ended")).blockLast();

        assertThat(order).containsExactly("ended");
    }
}
