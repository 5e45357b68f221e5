package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.FinishReason;

/** What tenants, and readers, can take from each other. */
final class FairnessTest {

    private static List<Heard> submit(Bench bench, String tenant, int requests, int tokens) {
        var heard = new ArrayList<Heard>();
        for (int i = 0; i < requests; i++) {
            heard.add(bench.submit(Bench.request(Bench.prompt(4, i), tokens).inPartition(tenant)));
        }
        return heard;
    }

    private static long ended(List<Heard> all) {
        return all.stream().filter(heard -> heard.ends > 0).count();
    }

    private static int drawn(List<Heard> all) {
        return all.stream().mapToInt(heard -> heard.deltas.size()).sum();
    }

    @Test
    void aTenantWithFiftyRequestsDoesNotKeepAnotherWithOneWaiting() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(2, 64), Runnable::run);
        var many = submit(bench, "many", 50, 10);
        bench.steps(25);
        long before = ended(many);
        var one = submit(bench, "one", 1, 10);
        while (ended(one) == 0) {
            bench.steps(1);
        }
        assertThat(ended(many) - before).isLessThanOrEqualTo(4);
        bench.untilIdle();
        assertThat(ended(many)).isEqualTo(50);
    }

    @Test
    void tenantsGetAlikeManyTokensHoweverTheyAreCutIntoRequests() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(4, 2000), Runnable::run);
        var longs = submit(bench, "long", 60, 60);
        var shorts = submit(bench, "short", 400, 6);
        bench.steps(700);
        assertThat(ended(longs)).isLessThan(60);
        assertThat(ended(shorts)).isLessThan(400);
        double share = (drawn(longs) * 2.0 + 4.0 * ended(longs)) / (drawn(shorts) * 2.0 + 4.0 * ended(shorts));
        assertThat(share).isBetween(0.75, 1.35);
    }

    @Test
    void whoWasSilentDoesNotCatchUp() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(1, 100), Runnable::run);
        submit(bench, "busy", 20, 10);
        bench.untilIdle();
        var busy = submit(bench, "busy", 20, 10);
        var silent = submit(bench, "silent", 20, 10);
        bench.steps(200);
        assertThat(ended(busy)).isBetween(8L, 11L);
        assertThat(ended(silent)).isBetween(8L, 11L);
    }

    @Test
    void textsToEmbedTakeTurnsWithAnswersToo() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(2, 20), Runnable::run);
        var passages = new ArrayList<Passage>();
        for (int i = 0; i < 200; i++) {
            passages.add(Passage.of(Bench.prompt(30, i)));
        }
        var all = bench.scheduler.embed(passages, "reader", Duration.ofHours(1));
        bench.steps(5);
        var one = submit(bench, "writer", 1, 5);
        bench.steps(10);
        assertThat(ended(one)).isOne();
        assertThat(all).isNotDone();
        bench.untilIdle();
        assertThat(all).isCompleted();
    }

    @Test
    void aTenantCannotTakeEveryPlace() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(8, 64), Runnable::run);
        var many = submit(bench, "many", 64, 3);
        assertThatThrownBy(() -> submit(bench, "many", 1, 3)).isInstanceOf(EngineException.Busy.class)
                .hasMessageContaining("too many are of the same caller");
        assertThat(bench.scheduler.load().refused()).isOne();
        assertThat(bench.scheduler.load().free()).isEqualTo(8);
        var one = submit(bench, "one", 1, 3);
        bench.untilIdle();
        assertThat(ended(many)).isEqualTo(64);
        assertThat(ended(one)).isOne();
        assertThat(ended(submit(bench, "many", 64, 3))).isZero();
    }

    @Test
    void howLongTheQueueIsIsToldInTime() {
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(1, 10), Runnable::run);
        bench.model.duringForward = () -> bench.nanos += Duration.ofMillis(10).toNanos();
        var all = submit(bench, "many", 3, 10);
        assertThat(bench.scheduler.load().queueWait()).isZero();
        bench.steps(1);
        bench.steps(4);
        assertThat(bench.scheduler.load().queueWait()).as("by the oldest").isEqualTo(Duration.ofMillis(40));
        bench.steps(7);
        assertThat(ended(all)).isOne();
        assertThat(bench.scheduler.load().queueWait()).isEqualTo(Duration.ofMillis(110));
        bench.untilIdle();
        assertThat(bench.scheduler.load().queueWait()).isZero();
    }

    @Test
    void oneThatWaitsForPagesIsNotOvertakenByTenantsThatComeLater() {
        var bench = new Bench(FakeModel.scrambler(),
                Bench.settings(4, 50).withCacheBytes(10 * FakeModel.PAGE_BYTES), Runnable::run);
        var first = submit(bench, "first", 1, 60);
        bench.steps(2);
        var large = bench.submit(Bench.request(Bench.prompt(50, 7), 40).inPartition("large"));
        var small = new ArrayList<Heard>();
        for (int i = 0; ended(first) == 0; i++) {
            bench.steps(2);
            assertThat(drawn(small)).isZero();
            small.addAll(submit(bench, "tenant " + i, 1, 3));
        }
        bench.untilIdle();
        assertThat(large.requireResult().completionTokens()).isEqualTo(40);
        assertThat(ended(small)).isEqualTo(small.size());
    }

    @Test
    void aReaderThatTakesNothingLosesItsPlaceWhenOthersWaitForIt() {
        var tasks = new ArrayDeque<Runnable>();
        var bench = new Bench(FakeModel.scrambler(), Bench.settings(1, 4), tasks::add);
        var slow = bench.submit(Bench.request(Bench.prompt(4, 1), 1000));
        bench.steps(1);
        var held = tasks.remove();
        bench.steps(Mailbox.CAPACITY + 10);
        bench.nanos += Duration.ofHours(1).toNanos() / 2; // nobody waits: it may take its time
        bench.steps(1);
        assertThat(bench.scheduler.load().running()).isOne();

        var next = bench.submit(Bench.request(Bench.prompt(4, 2), 5));
        bench.steps(1);
        bench.nanos += Duration.ofSeconds(14).toNanos();
        bench.steps(1);
        assertThat(next.deltas).isEmpty();
        bench.nanos += Duration.ofSeconds(2).toNanos();
        bench.untilIdle();
        held.run();
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        assertThat(next.requireResult().reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(slow.requireFailure()).isInstanceOf(EngineException.Busy.class)
                .hasMessageContaining("its reader took no more of it for 16 s");
        assertThat(slow.deltas).hasSize(Mailbox.CAPACITY);
        assertThat(bench.scheduler.load().cacheBytes()).isZero();
    }
}
