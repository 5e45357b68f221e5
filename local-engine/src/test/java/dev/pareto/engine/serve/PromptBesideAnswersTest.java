package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

/** How long answers wait from token to token while prompts are read, on a model that takes its time by a clock of ours. */
final class PromptBesideAnswersTest {

    private static final int STREAMS = 4;

    private final Bench bench = new Bench(FakeModel.scrambler(),
            Bench.settings(16, 16).withPrefillChunk(128).withSlowdown(1.7), Runnable::run);

    /** A machine that decodes 20 tokens a second by the memory's speed and reads 60 by that of its sums. */
    private void takeTime() {
        bench.model.duringForward = () -> {
            int tokens = bench.model.batches.getLast().stream().mapToInt(slice -> slice.tokens().length).sum();
            bench.nanos += Math.max(50_000_000, 16_700_000L * tokens);
        };
    }

    private List<Long> steps(int count) {
        var nanos = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            long before = bench.nanos;
            bench.steps(1);
            nanos.add(bench.nanos - before);
        }
        return nanos;
    }

    private static long quantile95(List<Long> nanos) {
        return nanos.stream().sorted().toList().get((int) Math.ceil(0.95 * nanos.size()) - 1);
    }

    @Test
    void aLongPromptRaisesTheTimeFromTokenToTokenByLessThanTwiceAndIsRead() {
        takeTime();
        IntStream.range(0, STREAMS).forEach(i -> bench.submit(Bench.request(Bench.prompt(4, i), 3000)));
        bench.steps(10);
        long alone = quantile95(steps(64));

        var read = bench.submit(Bench.request(Bench.prompt(2000, 9), 1));
        long began = bench.nanos;
        var beside = new ArrayList<Long>();
        while (read.ends == 0) {
            beside.addAll(steps(1));
        }

        assertThat((double) quantile95(beside) / alone).isLessThan(1.75);
        // a step of 1.7 reads 2.8 tokens; whole ones and measurements leave at least 1.9
        assertThat(beside).hasSizeLessThan(2000 * 10 / 19);
        assertThat(bench.nanos - began).isLessThan(2000 * 60_000_000L);
    }

    @Test
    void promptsAreReadInWholeChunksAgainWhenTheAnswersHaveEnded() {
        takeTime();
        bench.submit(Bench.request(Bench.prompt(4, 1), 20));
        bench.steps(2);
        bench.submit(Bench.request(Bench.prompt(1000, 2), 1));
        bench.untilIdle();
        assertThat(bench.model.batches.stream().filter(batch -> batch.getFirst().tokens().length == 128).count())
                .isGreaterThanOrEqualTo(6);
    }

    @Test
    void oneAnswerDoesNotHoldManyPromptsBack() {
        takeTime();
        bench.submit(Bench.request(Bench.prompt(4, 0), 3000));
        bench.steps(10);
        var many = IntStream.range(1, 16).mapToObj(i -> bench.submit(Bench.request(Bench.prompt(100, i), 1))).toList();
        long began = bench.nanos;
        while (many.stream().anyMatch(heard -> heard.ends == 0)) {
            bench.steps(1);
        }
        assertThat(bench.nanos - began).isLessThan(1500 * 16_700_000L * 16 / 10);
    }

    @Test
    void aLongPromptIsNotStarvedByShortOnesThatKeepComing() {
        takeTime();
        IntStream.range(0, STREAMS).forEach(i -> bench.submit(Bench.request(Bench.prompt(4, i), 3000)));
        bench.steps(10);
        var read = bench.submit(Bench.request(Bench.prompt(200, 9), 1));
        int salt = 10;
        for (int i = 0; i < 900 && read.ends == 0; i++) {
            while (bench.scheduler.load().running() + bench.scheduler.load().waiting() < 15) {
                bench.submit(Bench.request(Bench.prompt(40, salt++), 1));
                bench.steps(1);
            }
            bench.steps(1);
        }
        assertThat(read.ends).isOne();
    }
}
