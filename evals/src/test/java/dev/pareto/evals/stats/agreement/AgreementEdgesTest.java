package dev.pareto.evals.stats.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;

import dev.pareto.evals.stats.agreement.Agreement.Weighting;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AgreementEdgesTest {

    @ParameterizedTest
    @EnumSource(Weighting.class)
    void ratersThatNeverVaryHaveNoKappa(Weighting weighting) {
        Agreement same = Agreement.of(new int[]{1, 1, 1}, new int[]{1, 1, 1}, 2);
        assertThat(same.kappa(weighting)).isNull();
        assertThat(same.raw()).isEqualTo(1);
        assertThat(same.gwetAc1()).isEqualTo(1);
        assertThat(same.recall(0)).isNull();
        assertThat(FleissKappa.of(new int[][]{{3, 0}, {3, 0}})).isNull();
    }

    @ParameterizedTest
    @EnumSource(Weighting.class)
    void fullAgreementIsOneAndFullDisagreementBelowZero(Weighting weighting) {
        int[] one = {0, 1, 2, 0, 1, 2};
        assertThat(Objects.requireNonNull(Agreement.of(one, one, 3).kappa(weighting)).value()).isCloseTo(1,
                within(1e-12));
        assertThat(Objects.requireNonNull(Agreement.of(new int[]{0, 1}, new int[]{1, 0}, 2).kappa(weighting)).value())
                .isCloseTo(-1, within(1e-12));
    }

    @Test
    void aRatingOutsideTheCategoriesIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Agreement.of(new int[]{2}, new int[]{0}, 2))
                .withMessageContaining("item 0");
        assertThatIllegalArgumentException().isThrownBy(() -> Agreement.of(new int[0], new int[0], 2));
        assertThatIllegalArgumentException().isThrownBy(() -> FleissKappa.of(new int[][]{{1, 1}, {1, 2}}))
                .withMessageContaining("item 1");
    }

    @Test
    void whatNeverVariesCorrelatesWithNothing() {
        double[] flat = {1, 1, 1};
        double[] rising = {1, 2, 3};
        assertThat(Correlation.pearson(flat, rising)).isNull();
        assertThat(Correlation.spearman(rising, flat)).isNull();
        assertThat(Correlation.kendall(flat, rising)).isNull();
        Correlation.Spearman perfect = Objects.requireNonNull(Correlation.spearman(rising, new double[]{1, 10, 100}));
        assertThat(perfect.coefficient()).isEqualTo(1);
        assertThat(perfect.p()).isZero();
        assertThat(Objects.requireNonNull(Correlation.spearman(new double[]{1, 2}, new double[]{2, 1})).p()).isNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.kendall(rising, new double[]{1, Double.NaN, 2}));
        assertThatIllegalArgumentException().isThrownBy(() -> Correlation.spearman(rising, new double[]{1}));
    }

    @Test
    void aJudgeThatNeverVariesIsNotTrusted() {
        double[] human = {1, 0, 1, 1};
        double[] flat = {1, 1, 1, 1};
        PredictionPowered powered = PredictionPowered.of(human, flat, new double[]{1});
        assertThat(powered.lambda()).isZero();
        assertThat(powered.estimate()).isEqualTo(0.75);
        assertThat(PredictionPowered.of(human, new double[]{0, 1, 0, 0}, human).lambda()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> PredictionPowered.of(human, flat, new double[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> PredictionPowered.of(human, flat, human, 1.5));
    }

    @Test
    void aJudgeLikeACoinCannotBeCorrected() {
        assertThatIllegalArgumentException().isThrownBy(() -> RoganGladen.rate(0.5, 0.5, 0.5))
                .withMessageContaining("coin");
        assertThatIllegalArgumentException().isThrownBy(() -> RoganGladen.rate(Double.NaN, 0.9, 0.9));
        assertThat(RoganGladen.rate(0, 0.9, 0.9)).isZero();
        assertThat(RoganGladen.rate(1, 0.9, 0.9)).isEqualTo(1);
    }

    @Test
    void aPlayerWhoNeverLostHasNoStrength() {
        assertThatIllegalArgumentException().isThrownBy(() -> BradleyTerry.logStrengths(new double[][]{{0, 3}, {0, 0}}))
                .withMessageContaining("no bound");
        assertThat(BradleyTerry.logStrengths(new double[][]{{0, 3}, {1, 0}})[0]).isCloseTo(Math.log(3) / 2,
                within(1e-9));
        assertThatIllegalArgumentException().isThrownBy(() -> BradleyTerry.logStrengths(new double[][]{{0}}));
    }
}
