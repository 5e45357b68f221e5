package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.ToIntFunction;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.EngineException;
import dev.pareto.engine.FinishReason;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.grammar.Grammar;
import dev.pareto.engine.text.StubTokenizer;

/** What a grammar that costs much to follow costs others. */
final class CostlyGrammarTest {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEF";
    private static final int FIRST_WORD = 257;

    /** Every byte, the end, and so many words of three letters that looking through all takes more than a moment. */
    private static final class ManyWords extends StubTokenizer {

        ManyWords() {
            super(FakeTokenizer.END);
        }

        @Override
        public byte[] bytes(int token) {
            if (token < FIRST_WORD) {
                return token == FakeTokenizer.END ? new byte[0] : new byte[]{(byte) token};
            }
            int word = token - FIRST_WORD;
            var letters = new char[]{LETTERS.charAt(word >> 10), LETTERS.charAt(word >> 5 & 31),
                    LETTERS.charAt(word & 31)};
            return new String(letters).getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public int vocabularySize() {
            return FIRST_WORD + 32 * 32 * 32;
        }
    }

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private FakeModel model = FakeModel.scrambler();

    /** Listeners and what is worked out elsewhere wait in {@link #tasks}. */
    private Scheduler scheduler(ToIntFunction<List<Integer>> next) {
        var words = new ManyWords();
        model = new FakeModel(next) {
            @Override
            public int vocabulary() {
                return words.vocabularySize();
            }
        };
        return new Scheduler("many", model, words, Bench.settings(4, 4), () -> 0, () -> 0, tasks::add);
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private static GenerationRequest lettersThenEnd() {
        return Bench.request(new int[]{1}, 20).withGrammar(Grammar.regex("[a-zA-F]*!"));
    }

    @Test
    void whatTakesLongIsWorkedOutElsewhereWhileOthersGoOn() {
        var scheduler = scheduler(history -> history.size() == 6 ? '!' : 'a');
        var costly = new Heard();
        var other = new Heard();
        scheduler.submit(lettersThenEnd(), costly);
        scheduler.submit(Bench.request(new int[]{2}, 5), other);
        assertThat(tasks).hasSize(1);
        for (int i = 0; i < 10; i++) {
            scheduler.runOnce();
        }
        assertThat(model.batches).as("the other alone").hasSize(5).allMatch(batch -> batch.size() == 1);

        while (costly.ends == 0) {
            runTasks();
            scheduler.runOnce();
            runTasks();
        }
        assertThat(other.requireResult().completionTokens()).isEqualTo(5);
        assertThat(costly.text()).isEqualTo("aaaaa!");
        assertThat(costly.requireResult().reason()).isEqualTo(FinishReason.STOP);
        assertThat(scheduler.load().cacheBytes()).isZero();

        scheduler.submit(lettersThenEnd(), new Heard());
        assertThat(tasks).as("known by now").isEmpty();
    }

    @Test
    void itCanBeCancelledWhileItIsWorkedOut() {
        var scheduler = scheduler(_ -> 'a');
        var costly = new Heard();
        var generation = scheduler.submit(lettersThenEnd(), costly);
        scheduler.runOnce();
        generation.cancel();
        scheduler.runOnce();
        runTasks();
        assertThat(model.batches).isEmpty();
        assertThat(costly.requireResult().reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(scheduler.load().running()).isZero();
        assertThat(scheduler.load().cacheBytes()).isZero();
    }

    @Test
    void aGrammarThatCannotBeFollowedFailsItsRequestAlone() {
        // Each "a" may be closed by either of two rules that say the same: twice the stacks with every one.
        var doubling = Grammar.gbnf("""
                                    root ::= "a" p "b" | "a" q "c" | "x"
                                    p ::= root ""
                                    q ::= "" root
                                    """);
        var bench = new Bench(new FakeModel(_ -> 'a'));
        var hostile = bench.submit(Bench.request(new int[]{1}, 100).withGrammar(doubling));
        var other = bench.submit(Bench.request(new int[]{2}, 60));
        bench.untilIdle();
        assertThat(hostile.requireFailure()).isInstanceOf(EngineException.InvalidRequest.class)
                .hasMessageContaining("too ambiguous");
        assertThat(other.text()).hasSize(60);
        assertThat(bench.scheduler.load().cacheBytes()).isZero();
        assertThat(bench.scheduler.load().free()).isEqualTo(8);
    }
}
