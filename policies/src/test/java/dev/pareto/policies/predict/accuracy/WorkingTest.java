package dev.pareto.policies.predict.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WorkingTest {

    private final Working working = new Working();

    @ParameterizedTest
    @ValueSource(strings = {"3 x 60 = 180", "16 - 3 - 4 = 9 eggs", "9 eggs * $2/egg = $18", "$1,200 / 4 = $300",
            "(2 + 3) * 4 = 20",
            "50% * 80 = 40", "7 / 3 = 2.33", "60 meters/sprint × 3 sprints = 180 meters", "22 + 4 x 12 = 22 + 48",
            "so he earns 5 and 6 + 7 = 13", "1/4 + 1/4 = 0.5", "12 ÷ 4 = 3", "((((((((((((((((((((((1+1 = 2",
            "2 - 5 = -3"})
    void rightEquationsAreRight(String text) {
        working.read(text);
        assertThat(working.equations).isEqualTo(1);
        assertThat(working.wrong).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3 x 60 = 190", "16 - 3 - 4 = 8 eggs", "<<3*60=181>>", "1,000 * 3 = 300"})
    void wrongEquationsAreFound(String text) {
        working.read(text);
        assertThat(working.equations).isEqualTo(1);
        assertThat(working.wrong).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "=", "x = 5", "6s + 9 = 3", "= = =", "a = b", "3 = 3",
            "5 / = 3",
            "价格 = 三"})
    void whatIsNoArithmeticIsNotCounted(String text) {
        working.read(text);
        assertThat(working.equations).isZero();
    }

    @Test
    void markedEquationsAreReadOnceWithTheirUnitsConverted() {
        working.read("Frankie watched 2 x 1 hour = <<2*60=120>>120 minutes, then 120 + 90 = <<120+90=210>>210.");
        assertThat(working.equations).isEqualTo(2);
        assertThat(working.wrong).isZero();
        assertThat(working.results(210)).isTrue();
    }

    @Test
    void endlessTextsAreBounded() {
        working.read("1+1=2 ".repeat(100_000));
        assertThat(working.equations).isEqualTo(256);
        working.read("9".repeat(100_000) + " + 1 = 2");
        assertThat(working.wrong).isZero();
    }
}
