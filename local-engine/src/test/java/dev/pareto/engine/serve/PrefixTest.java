package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineLoad;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.Sampling;

/** Prompts that begin alike share pages, within their partition only. A page holds ten tokens here. */
final class PrefixTest {

    private static GenerationRequest request(@Nullable String partition, int[] prompt) {
        return Bench.request(prompt, 5).inPartition(partition);
    }

    /** A prompt of so many common tokens and then its own. */
    private static int[] prompt(int common, int own, int salt) {
        var prompt = Arrays.copyOf(Bench.prompt(common, 1), common + own);
        System.arraycopy(Bench.prompt(own, salt), 0, prompt, common, own);
        return prompt;
    }

    private static Heard run(Bench bench, GenerationRequest request) {
        var heard = bench.submit(request);
        bench.untilIdle();
        assertThat(heard.text())
                .isEqualTo(Bench.alone(FakeModel.scrambler(), request.inPartition(null)).text())
                .hasSize(5);
        return heard;
    }

    @Test
    void aPromptThatBeginsLikeAnEarlierOneIsOnlyReadFromThereOn() {
        var bench = new Bench(FakeModel.scrambler());
        assertThat(run(bench, request("a", prompt(95, 30, 2))).requireResult().cachedTokens()).isZero();
        var second = run(bench, request("a", prompt(95, 12, 3))).requireResult();
        assertThat(second.cachedTokens()).as("whole pages").isEqualTo(90);
        assertThat(second.promptTokens()).isEqualTo(107);
        assertThat(bench.scheduler.load().promptTokens()).isEqualTo(125 + 17);
        assertThat(bench.scheduler.load().cachedTokens()).isEqualTo(90);
    }

    @Test
    void theLastTokenOfAPromptIsAlwaysComputed() {
        var bench = new Bench(FakeModel.scrambler());
        run(bench, request("a", prompt(40, 0, 0)));
        assertThat(run(bench, request("a", prompt(40, 0, 0))).requireResult().cachedTokens()).isEqualTo(30);
        assertThat(run(bench, request("a", prompt(41, 0, 0))).requireResult().cachedTokens()).isEqualTo(40);
    }

    @Test
    void nothingIsSharedBetweenPartitionsOrWithoutOne() {
        var bench = new Bench(FakeModel.scrambler());
        assertThat(cached(bench, "a")).isZero();
        assertThat(cached(bench, "b")).isZero();
        assertThat(cached(bench, null)).isZero();
        assertThat(cached(bench, null)).isZero();
        assertThat(cached(bench, "b")).isEqualTo(50);
        assertThat(cached(bench, null)).isZero();
    }

    private static int cached(Bench bench, @Nullable String partition) {
        return run(bench, request(partition, prompt(50, 5, 2))).requireResult().cachedTokens();
    }

    @Test
    void sequencesThatTheModelComputesOtherwiseShareNothing() {
        var bench = new Bench(FakeModel.scrambler());
        bench.model.variant = capacity -> capacity > 100 ? 1 : 0;
        run(bench, request("a", prompt(50, 5, 2)));
        assertThat(run(bench, request("a", prompt(50, 60, 2))).requireResult().cachedTokens()).isZero();
        assertThat(run(bench, request("a", prompt(50, 70, 3))).requireResult().cachedTokens()).isEqualTo(50);
    }

    @Test
    void whatComesTogetherIsReadOnceTogether() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(8, 0), Runnable::run);
        var requests = new ArrayList<GenerationRequest>();
        for (int i = 0; i < 8; i++) {
            requests.add(request("a", prompt(200, 5, 10 + i)));
        }
        var heard = requests.stream().map(bench::submit).toList();
        bench.untilIdle();
        for (int i = 0; i < 8; i++) {
            assertThat(heard.get(i).text())
                    .isEqualTo(Bench.alone(FakeModel.scrambler(), requests.get(i).inPartition(null)).text());
        }
        assertThat(bench.scheduler.load().promptTokens()).isEqualTo(200 + 8 * 5);
        assertThat(bench.scheduler.load().cachedTokens()).isEqualTo(7 * 200);
        assertThat(bench.model.pagesMade).as("20 common pages, 1 each of their own").isEqualTo(20 + 8);
    }

    @Test
    void whoWaitedForAPageReadsItHimselfWhenTheReaderGivesUp() {
        var bench = new Bench(FakeModel.scrambler());
        var reader = bench.submit(request("a", prompt(200, 5, 2)), new Heard());
        var waiter = bench.submit(request("a", prompt(200, 6, 3)));
        bench.steps(3);
        reader.cancel();
        bench.untilIdle();
        assertThat(waiter.text()).isEqualTo(
                Bench.alone(FakeModel.scrambler(), Bench.request(prompt(200, 6, 3), 5)).text());
        assertThat(waiter.requireResult().cachedTokens()).isEqualTo(90); // three chunks of 30
    }

    @Test
    void slicesEndWherePagesDoSoThatEqualPromptsAreComputedInEqualSteps() {
        var bench = new Bench(FakeModel.scrambler());
        run(bench, request("a", prompt(76, 0, 0)));
        assertThat(bench.model.batches.subList(0, 4)).extracting(batch -> batch.getFirst().tokens().length)
                .containsExactly(30, 30, 10, 6);
        bench.model.batches.clear();
        run(bench, request("a", prompt(60, 16, 2)));
        assertThat(bench.model.batches.subList(0, 2)).extracting(batch -> batch.getFirst().tokens().length)
                .containsExactly(10, 6);
    }

    @Test
    void whatIsNotUsedForTheLongestMakesRoomFromItsEndOn() {
        var bench = pool(10);
        run(bench, request("a", prompt(35, 0, 0))); // 4 pages, 3 of them kept
        run(bench, request("b", prompt(35, 0, 0)));
        assertThat(bench.scheduler.load().pages()).isEqualTo(new EngineLoad.Pages(10, 0, 0, 6));
        run(bench, request("c", prompt(45, 0, 0))); // 5 pages, of which 4 are left: one of a's goes
        assertThat(bench.scheduler.load().pages()).isEqualTo(new EngineLoad.Pages(10, 0, 0, 9));
        assertThat(run(bench, request("a", prompt(35, 0, 0))).requireResult().cachedTokens()).isEqualTo(20);
        assertThat(run(bench, request("b", prompt(35, 0, 0))).requireResult().cachedTokens()).as("then one of b's")
                .isEqualTo(20);
        assertThat(bench.model.pagesMade).isEqualTo(10);
    }

    @Test
    void pagesInUseAreNeverGivenUpAndSharedOnesLetMoreIn() {
        var bench = pool(14);
        var first = bench.submit(request("a", prompt(95, 0, 0))); // 10 pages
        bench.steps(5);
        var second = bench.submit(request("a", prompt(90, 6, 2))); // 9 of them and 2 more
        var third = bench.submit(request("b", prompt(25, 0, 0))); // 3 pages, when there are but 2
        bench.steps(1);
        assertThat(bench.scheduler.load().running()).isEqualTo(2);
        assertThat(bench.scheduler.load().waiting()).isOne();
        bench.untilIdle();
        assertThat(List.of(first, second, third)).allMatch(heard -> heard.text().length() == 5);
        assertThat(second.requireResult().cachedTokens()).isEqualTo(90);
    }

    @Test
    void aHeapSmallerThanTheSettingsCostsKeptPagesFirst() {
        var model = new FailingPages(6);
        var bench = new Bench(model);
        run(bench, request("a", prompt(35, 0, 0)));
        var next = bench.submit(request("b", prompt(35, 0, 0)));
        bench.untilIdle();
        assertThat(next.text()).hasSize(5);
        var tooMuch = bench.submit(request("c", prompt(90, 0, 0)));
        bench.untilIdle();
        assertThat(tooMuch.requireFailure()).isInstanceOf(EngineException.ComputationFailed.class)
                .hasMessageContaining("no memory");
        assertNothingLeft(bench);
        assertThat(run(bench, request("d", prompt(35, 0, 0))).ends).isOne();
    }

    /** Thousands of requests of all kinds that end in all ways: every page comes back. */
    @Test
    void noPageIsLostOrGivenToTwoHoweverRequestsEnd() {
        var random = new SplittableRandom(5);
        var bench = pool(40);
        var heard = new ArrayList<Heard>();
        var requests = new ArrayList<GenerationRequest>();
        for (int round = 0; round < 3000; round++) {
            if (bench.scheduler.load().running() + bench.scheduler.load().waiting() < 7) {
                var prompt = prompt(random.nextInt(1, 90), random.nextInt(0, 40), random.nextInt(4));
                var partition = random.nextInt(4) == 0 ? null : "tenant " + random.nextInt(3);
                var limit = random.nextInt(6) == 0 ? Duration.ofMillis(1 + random.nextInt(200)) : Duration.ofHours(1);
                var request = GenerationRequest.of(prompt, 1 + random.nextInt(30), Sampling.greedy(), limit)
                        .inPartition(partition);
                var one = new Heard();
                var generation = bench.submit(request, one);
                heard.add(one);
                requests.add(request);
                if (random.nextInt(5) == 0) {
                    bench.steps(random.nextInt(6));
                    generation.cancel();
                }
                if (random.nextInt(9) == 0) {
                    var reading = bench.scheduler.embed(prompt);
                    if (random.nextBoolean()) {
                        reading.cancel(false);
                    }
                }
            }
            bench.nanos += Duration.ofMillis(5).toNanos();
            bench.model.duringForward = random.nextInt(200) == 0 ? () -> {
                throw new IllegalStateException("pretended");
            } : () -> {};
            bench.steps(1);
            var pages = bench.scheduler.load().pages();
            assertThat(pages.inUse() + pages.promised()).isBetween(0, 40);
            assertThat(pages.inUse() + pages.kept()).isBetween(0, 40);
        }
        bench.model.duringForward = () -> {};
        bench.untilIdle();
        assertNothingLeft(bench);
        assertThat(bench.model.pagesMade).isLessThanOrEqualTo(40);
        int whole = 0;
        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i).ends).isOne();
            var result = heard.get(i).result;
            if (result != null) {
                var alone = Bench.alone(FakeModel.scrambler(), GenerationRequest.of(requests.get(i).prompt(),
                        requests.get(i).maxTokens(), Sampling.greedy(), Duration.ofHours(1))).text();
                assertThat(alone).startsWith(heard.get(i).text());
                whole += result.reason() == FinishReason.LENGTH ? 1 : 0;
            }
        }
        assertThat(whole).isGreaterThan(100);
        assertThat(bench.scheduler.load().cachedTokens()).isGreaterThan(1000);
    }

    private static void assertNothingLeft(Bench bench) {
        var pages = bench.scheduler.load().pages();
        assertThat(pages.inUse()).isZero();
        assertThat(pages.promised()).isZero();
        assertThat(bench.scheduler.load().running()).isZero();
        assertThat(bench.scheduler.load().waiting()).isZero();
        // All pages can still be had: a sequence that needs every one is let in.
        int all = pages.total() * FakeModel.PAGE;
        if (all <= FakeModel.CONTEXT) {
            var heard = bench.submit(Bench.request(Bench.prompt(all - 5, 9), 5));
            bench.untilIdle();
            assertThat(heard.text()).hasSize(5);
        }
    }

    private static Bench pool(int pages) {
        return new Bench(FakeModel.scrambler(), Bench.settings(8, 8).withCacheBytes(pages * FakeModel.PAGE_BYTES),
                Runnable::run);
    }

    /** A model for whose pages the heap soon has no more room. */
    private static final class FailingPages extends FakeModel {

        private final int most;

        FailingPages(int most) {
            super(history -> 'a' + Math.floorMod(history.hashCode(), 26));
            this.most = most;
        }

        @Override
        public Page newPage() {
            if (pagesMade == most) {
                throw new OutOfMemoryError("pretended");
            }
            return super.newPage();
        }
    }
}
