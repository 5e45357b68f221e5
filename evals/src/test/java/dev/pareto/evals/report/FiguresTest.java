package dev.pareto.evals.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FiguresTest {

    @Test
    void boundsAreRoundedOutwardsAsTheSentenceDoes() {
        assertThat(Figures.lower(-0.04034)).isEqualTo("-4.1");
        assertThat(Figures.lower(-0.04)).isEqualTo("-4.0");
        assertThat(Figures.upper(0.03)).isEqualTo("+3.0");
        assertThat(Figures.upper(0.03001)).isEqualTo("+3.1");
        assertThat(Figures.upper(-0.0001)).isEqualTo("+0.0");
    }
}
