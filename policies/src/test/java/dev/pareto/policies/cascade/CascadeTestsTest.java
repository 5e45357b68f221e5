package dev.pareto.policies.cascade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.pareto.policies.catalog.ModelId;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bounds of log-probabilities and rates of acceptance. */
final class CascadeTestsTest {

    private static final ModelId SMALL = ModelId.parse("local/small");

    @Test
    void aBoundNamesWhatMissesIt() {
        double[] sure = {-0.01, -0.02, -0.3, -0.05};
        double[] unsure = {-0.01, -4, -0.3, -0.05};

        assertThat(new LogprobBounds(-0.2, -1.0, Map.of(0.5, -0.1)).missed(sure)).isNull();
        assertThat(new LogprobBounds(-0.2, null, Map.of()).missed(unsure)).isEqualTo("mean -1.09 < -0.20");
        assertThat(new LogprobBounds(null, -1.0, Map.of()).missed(unsure)).isEqualTo("least -4.00 < -1.00");
        assertThat(new LogprobBounds(null, null, Map.of(0.25, -0.2)).missed(unsure))
                .isEqualTo("25 % quantile -4.00 < -0.20");
        assertThatIllegalArgumentException().isThrownBy(() -> new LogprobBounds(0.5, null, Map.of()))
                .withMessageContaining("logarithm of a probability");
        assertThatIllegalArgumentException().isThrownBy(() -> new LogprobBounds(null, null, Map.of()))
                .withMessageContaining("needs a mean");
    }

    @Test
    void ratesFollowWhatWasJudgedLatelyByRouteAndSizeOfThePrompt() {
        var rates = new AcceptanceRates();
        assertThat(rates.of("r", SMALL, 50).accepted()).isEqualTo(0.5);
        for (int i = 0; i < 300; i++) {
            rates.judged("r", SMALL, 50, i % 4 != 0);
        }

        assertThat(rates.of("r", SMALL, 60).accepted()).isCloseTo(0.75, within(0.02));
        assertThat(rates.of("r", SMALL, 60).known()).isTrue();
        assertThat(rates.of("r", SMALL, 5_000).known()).as("another size").isFalse();
        assertThat(rates.of("s", SMALL, 60).known()).as("another route").isFalse();
        for (int i = 0; i < 1_000; i++) {
            rates.judged("r", SMALL, 50, false);
        }
        assertThat(rates.of("r", SMALL, 60).accepted()).isLessThan(0.03);
    }
}
