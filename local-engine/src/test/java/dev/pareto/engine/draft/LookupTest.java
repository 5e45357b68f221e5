package dev.pareto.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

final class LookupTest {

    private static int[] draft(int most, int... tokens) {
        try (var lookup = new Lookup(tokens.length)) {
            return lookup.draft(new History(tokens), most);
        }
    }

    @Test
    void whatFollowedTheLastTwoTokensBeforeIsGuessed() {
        assertThat(draft(3, 1, 2, 3, 4, 5, 6, 1, 2)).containsExactly(3, 4, 5);
    }

    @Test
    void withoutAPairThatStoodBeforeNothingIsGuessed() {
        assertThat(draft(3, 1, 2, 3, 4, 9, 2)).isEmpty();
        assertThat(draft(3, 7)).isEmpty();
        assertThat(draft(3, 7, 7)).isEmpty();
    }

    @Test
    void thePlaceWithTheLongestTextAlikeIsTakenAndTheNewestOfEquals() {
        assertThat(draft(1, 5, 6, 7, 10, 0, 6, 7, 11, 0, 6, 7, 12, 3, 5, 6, 7)).containsExactly(10);
        assertThat(draft(1, 4, 6, 7, 10, 3, 6, 7, 11, 2, 6, 7)).containsExactly(11);
    }

    @Test
    void aTextThatGoesRoundIsGuessedFurtherThanItIsLong() {
        assertThat(draft(6, 1, 2, 1, 2)).containsExactly(1, 2, 1, 2, 1, 2);
    }

    @Test
    void tokensThatComeLaterAreLookedThroughAsWell() {
        int[] prompt = new SplittableRandom(1).ints(10, 0, 1000).toArray();
        int[] answer = new SplittableRandom(2).ints(5000, 0, 100_000).toArray();
        var history = new History(prompt);
        try (var lookup = new Lookup(prompt.length)) {
            assertThat(lookup.draft(history, 4)).isEmpty();
            Arrays.stream(answer).forEach(history::add);
            history.add(answer[2000]);
            history.add(answer[2001]);
            assertThat(lookup.draft(history, 4)).containsExactly(Arrays.copyOfRange(answer, 2002, 2006));
        }
    }
}
