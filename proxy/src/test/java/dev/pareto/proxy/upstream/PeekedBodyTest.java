package dev.pareto.proxy.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A body whose beginning is held back: it is asked for no more than needed, and all of it arrives in order. */
final class PeekedBodyTest {

    private static Flux<byte[]> parts(int count) {
        return Flux.range(0, count).map(i -> ("<" + i + ">").getBytes(UTF_8));
    }

    private static PeekedBody peeked(Flux<byte[]> source, int parts) {
        AtomicInteger seen = new AtomicInteger();
        return Objects.requireNonNull(PeekedBody.of(source, part -> seen.incrementAndGet() >= parts).block());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 9, 10, 11, 50})
    void whatWasHeldBackComesFirstAndOnceWhateverTheDemand(int held) {
        List<Long> asked = new ArrayList<>();
        PeekedBody body = peeked(parts(10).doOnRequest(asked::add), held);

        assertThat(asked).as("one part at a time").hasSize(Math.min(held, 11)).containsOnly(1L);
        assertThat(new String(body.first(), UTF_8)).startsWith("<0>").contains("<" + (Math.min(held, 10) - 1) + ">");
        String all = String.join("", Objects
                .requireNonNull(body.map(part -> new String(part, UTF_8)).limitRate(1).collectList().block()));
        assertThat(all).isEqualTo("<0><1><2><3><4><5><6><7><8><9>");
    }

    @Test
    void aFailureBeforeThereIsEnoughIsTheCallsAndOneAfterwardsTheReaders() {
        Flux<byte[]> broken = parts(3).concatWith(Flux.error(new IllegalStateException("broken")));

        assertThatThrownBy(() -> peeked(broken, 4)).hasMessage("broken");
        PeekedBody body = peeked(broken, 2);
        assertThatThrownBy(() -> body.collectList().block()).hasMessage("broken");
    }

    @Test
    void cancellingEndsTheSourceThoughNobodyHasReadIt() {
        Sinks.Many<byte[]> source = Sinks.many().unicast().onBackpressureBuffer();
        source.tryEmitNext(new byte[]{1});
        PeekedBody body = peeked(source.asFlux(), 1);

        body.cancel();

        assertThat(source.tryEmitNext(new byte[]{2})).isEqualTo(Sinks.EmitResult.FAIL_CANCELLED);
    }
}
