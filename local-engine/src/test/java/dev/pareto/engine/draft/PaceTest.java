package dev.pareto.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PaceTest {

    @Test
    void rightGuessesMakeLongerOnesUpToTheMost() {
        var pace = new Pace(10);
        assertThat(pace.next(0)).isEqualTo(3);
        pace.learn(4, 3, 3);
        assertThat(pace.next(4)).isEqualTo(6);
        pace.learn(11, 6, 6);
        assertThat(pace.next(11)).isEqualTo(10);
        pace.learn(17, 10, 5);
        assertThat(pace.next(17)).as("half of them right").isEqualTo(10);
        pace.learn(22, 10, 4);
        assertThat(pace.next(22)).isEqualTo(5);
    }

    @Test
    void wrongGuessesCostEverLessUntilOneIsRight() {
        var pace = new Pace(10);
        int guessed = 0;
        for (int size = 0; size < 2000; size++) {
            int next = pace.next(size);
            if (next > 0) {
                guessed += next;
                pace.learn(size + 1, next, 0);
            }
        }
        assertThat(guessed).isBetween(8, 15);
        pace.learn(5000, 1, 1);
        assertThat(pace.next(5000)).isEqualTo(2);
        pace.learn(5001, 2, 0);
        pace.learn(5002, 1, 0);
        assertThat(pace.next(5002 + 7)).as("short rests again").isZero();
        assertThat(pace.next(5002 + 8)).isOne();
    }

    @Test
    void theMostHoldsFromTheStart() {
        assertThat(new Pace(1).next(0)).isOne();
    }
}
