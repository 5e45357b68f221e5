package dev.pareto.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pareto.engine.TextDelta;
import dev.pareto.proxy.dialect.openai.AnswerWriter;
import dev.pareto.proxy.dialect.openai.Endpoint;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.testing.Await;

import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** What a reader who does not read leaves in memory. */
final class StreamedChoicesTest {

    private static final int PIECES = StreamedChoices.MOST_UNREAD + 100;

    private final AtomicInteger told = new AtomicInteger();

    private static StreamedChoices streamed(Duration limit) {
        return new StreamedChoices(new AnswerWriter(Endpoint.COMPLETIONS, "id", 0, "local/x", "fp", false), false,
                failure -> OpenAiError.internal(), limit);
    }

    private Thread tell(StreamedChoices choices) {
        return Thread.ofVirtual().start(() -> {
            for (int i = 0; i < PIECES; i++) {
                choices.text(0, new TextDelta("x", List.of()));
                told.incrementAndGet();
            }
            choices.complete(new AnswerWriter.Tokens(1, 0, PIECES));
        });
    }

    private static void awaitPause(Thread teller) {
        Await.until("the teller waits", () -> teller.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void moreThanABoundIsNotKeptAndAllArrivesWhenItIsRead() throws InterruptedException {
        StreamedChoices choices = streamed(Duration.ofHours(1));
        Thread teller = tell(choices);
        awaitPause(teller);
        assertThat(told).hasValueLessThanOrEqualTo(StreamedChoices.MOST_UNREAD);

        List<byte[]> events = choices.events().collectList().block();
        teller.join();
        assertThat(events).hasSizeGreaterThanOrEqualTo(PIECES);
        assertThat(told).hasValue(PIECES);
    }

    @Test
    void aReaderWhoLeavesIsWaitedForNoLonger() throws InterruptedException {
        StreamedChoices choices = streamed(Duration.ofHours(1));
        Thread teller = tell(choices);
        BaseSubscriber<byte[]> reader = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
            }
        };
        choices.events().subscribe(reader);
        awaitPause(teller);
        reader.cancel();
        teller.join();
        assertThat(told).hasValue(PIECES);
    }

    @Test
    void aReaderWhoNeverComesIsWaitedForAsLongAsTheCallMayTake() throws InterruptedException {
        StreamedChoices choices = streamed(Duration.ofMillis(1));
        tell(choices).join();
        assertThat(told).hasValue(PIECES);
    }
}
