package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.FinishReason;

/** Where no thread is to be had for a listener: news may come late, but neither an end nor another request is lost. */
final class MailboxTest {

    /** Refuses as often as it is told to, then runs at once. */
    private static final class ScarceThreads implements Executor {

        int refusals;

        @Override
        public void execute(Runnable task) {
            if (refusals > 0) {
                refusals--;
                if (refusals % 2 == 0) {
                    throw new RejectedExecutionException("pretended");
                }
                throw new OutOfMemoryError("pretended");
            }
            task.run();
        }
    }

    private final ScarceThreads threads = new ScarceThreads();
    private final Bench bench = new Bench(FakeModel.scrambler(), Bench.settings(4, 4), threads);

    @Test
    void whatCouldNotBeDeliveredComesWithTheNextPiece() {
        threads.refusals = 3;
        var heard = bench.submit(Bench.request(Bench.prompt(4, 1), 10));
        bench.untilIdle();
        assertThat(heard.requireResult().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(heard.text()).isEqualTo(
                Bench.alone(FakeModel.scrambler(), Bench.request(Bench.prompt(4, 1), 10)).text());
    }

    @Test
    void whereNobodyCanBeToldTheFutureStillEndsAndOthersGoOn() {
        var heard = new Heard();
        var generation = bench.submit(Bench.request(Bench.prompt(4, 1), 3), heard);
        bench.steps(1);
        threads.refusals = 3;
        bench.steps(2);
        assertThat(heard.ends).isZero();
        assertThat(generation.done()).isCompletedWithValueMatching(result -> result.completionTokens() == 3);
        var next = bench.submit(Bench.request(Bench.prompt(4, 2), 5));
        bench.untilIdle();
        assertThat(next.text()).hasSize(5);
    }

    @Test
    void aCancelThatNobodyCanBeToldOfFailsNobodyElse() {
        var other = bench.submit(Bench.request(Bench.prompt(4, 1), 10));
        var generation = bench.submit(Bench.request(Bench.prompt(4, 2), 10), new Heard());
        bench.steps(2);
        generation.cancel();
        threads.refusals = 1;
        bench.untilIdle();
        assertThat(generation.done()).isCompletedWithValueMatching(result -> result.reason() == FinishReason.CANCELLED);
        assertThat(other.text()).hasSize(10);
        assertThat(bench.scheduler.load().running()).isZero();
    }
}
