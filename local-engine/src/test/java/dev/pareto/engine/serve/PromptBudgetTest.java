package dev.pareto.engine.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;

import org.junit.jupiter.api.Test;

import dev.pareto.engine.EngineSettings;

final class PromptBudgetTest {

    private static final int CHUNK = 128;
    private static final double SLOWDOWN = 1.7;

    private final PromptBudget budget = new PromptBudget(SLOWDOWN);

    /** Runs steps of so many answers beside an endless prompt; the tokens of the last one that read of it. */
    private int steps(int count, int answers, IntToLongFunction nanosOfTokens) {
        int last = 0;
        for (int i = 0; i < count; i++) {
            int prompt = budget.tokens(answers, 1, CHUNK);
            budget.learn(answers, prompt, nanosOfTokens.applyAsLong(answers + prompt));
            last = prompt == 0 ? last : prompt;
        }
        return last;
    }

    @Test
    void withoutAnswersTheWholeChunkIsRead() {
        assertThat(budget.tokens(0, 1, CHUNK)).isEqualTo(CHUNK);
        budget.learn(0, CHUNK, 1_000_000_000);
        assertThat(budget.tokens(0, 1, CHUNK)).isEqualTo(CHUNK);
    }

    @Test
    void withoutABoundTheWholeChunkIsReadBesideAnswersToo() {
        assertThat(new PromptBudget(EngineSettings.WHOLE_CHUNKS).tokens(4, 1, CHUNK)).isEqualTo(CHUNK);
    }

    @Test
    void thatNothingIsKnownCostsOneStepAndThenItBeginsWithAFew() {
        assertThat(budget.tokens(4, 1, CHUNK)).isZero();
        budget.learn(4, 0, 50_000_000);
        assertThat(budget.tokens(4, 1, CHUNK)).isEqualTo(4);
    }

    @Test
    void whereEveryTokenCostsTheSameTheStepTakesWhatIsAllowed() {
        int prompt = steps(60, 4, tokens -> 30_000_000 + 5_000_000L * tokens);
        assertThat(prompt).isEqualTo(7); // 0.7 of 50 ms, at 5 ms each
    }

    @Test
    void whatIsFreeBesideWeightsThatAreWaitedForIsUsed() {
        IntToLongFunction waiting = tokens -> Math.max(60_000_000, 4_000_000L * tokens);
        int prompt = steps(200, 4, waiting);
        long allowed = (long) (SLOWDOWN * waiting.applyAsLong(4));
        assertThat(waiting.applyAsLong(4 + prompt)).isBetween((long) (allowed * 0.85), (long) (allowed * 1.1));
    }

    @Test
    void aTokenThatCostsMoreThanAllowedIsReadAlone() {
        assertThat(steps(60, 1, tokens -> tokens * 10_000_000L + (tokens > 1 ? 90_000_000 : 0))).isEqualTo(1);
    }

    @Test
    void whatCostsNothingGrowsToTheChunk() {
        assertThat(steps(12, 4, _ -> 50_000_000)).isEqualTo(CHUNK);
    }

    @Test
    void aPauseOfTheMachineIsForgottenSoon() {
        IntToLongFunction usual = tokens -> 30_000_000 + 5_000_000L * tokens;
        int before = steps(60, 4, usual);
        budget.learn(4, before, 5_000_000_000L);
        assertThat(steps(40, 4, usual)).isBetween(before - 1, before);
    }

    @Test
    void aStepWithoutPromptsIsMeasuredAgainAndAgain() {
        steps(10, 4, tokens -> 30_000_000 + 5_000_000L * tokens);
        int without = 0;
        for (int i = 0; i < 200; i++) {
            int prompt = budget.tokens(4, 1, CHUNK);
            without += prompt == 0 ? 1 : 0;
            budget.learn(4, prompt, 50_000_000 + 5_000_000L * prompt);
        }
        assertThat(without).isBetween(5, 7);
    }

    @Test
    void moreAnswersMayBeHeldUpForLonger() {
        IntToLongFunction usual = tokens -> 30_000_000 + 5_000_000L * tokens;
        steps(60, 4, usual);
        steps(60, 12, usual);
        assertThat(budget.tokens(12, 1, CHUNK)).isEqualTo(12); // 0.7 of 90 ms
        assertThat(budget.tokens(4, 1, CHUNK)).isBetween(6, 12);
    }

    @Test
    void answersMakeWayWhereMorePromptsWaitThanAnswersRun() {
        steps(60, 1, tokens -> 30_000_000 + 5_000_000L * tokens);
        assertThat(budget.tokens(1, 0.5, CHUNK)).isBetween(4, 5); // 0.7 of 35 ms
        for (int i = 0; i < 60; i++) {
            int prompt = budget.tokens(1, 10, CHUNK);
            budget.learn(1, prompt, 35_000_000 + 5_000_000L * prompt);
        }
        assertThat(budget.tokens(1, 10, CHUNK)).isBetween(47, 49);
    }
}
