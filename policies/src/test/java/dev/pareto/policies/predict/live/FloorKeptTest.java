package dev.pareto.policies.predict.live;

import static dev.pareto.policies.predict.live.Tenant.ROUTE;
import static dev.pareto.policies.predict.live.Tenant.START;
import static dev.pareto.policies.predict.live.Tenant.STRONG;
import static dev.pareto.policies.predict.live.Tenant.WEAK;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.FloorAnswer;
import dev.pareto.policies.predict.PromptText;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The whole way, from a tenant's labels to what its requests lose: the promise is kept as often as it says. */
final class FloorKeptTest {

    private static final int TENANTS = 200;
    private static final int LABELS = 240;
    private static final int REQUESTS = 200;
    private static final double MARGIN = 0.12;
    private static final double CONFIDENCE = 0.9;

    @Test
    void aFloorIsKeptForTenantsAsOftenAsItIsPromised() {
        List<Served> served = IntStream.range(0, TENANTS).parallel().mapToObj(FloorKeptTest::ofTenant).toList();

        assertThat(served.stream().mapToInt(Served::told).sum()).isEqualTo(TENANTS * REQUESTS);
        assertThat(served.stream().filter(Served::broken).count())
                .isLessThanOrEqualTo((int) (TENANTS * (1 - CONFIDENCE)));
        // the easy six in ten stay, or most of them: a promise that is kept by never choosing the weak model is cheap
        assertThat(served.stream().mapToDouble(Served::kept).sum() / (TENANTS * REQUESTS)).isGreaterThan(0.35);
    }

    /**
     * What became of one tenant's requests.
     *
     * @param told how many had a promise to be kept or not
     * @param kept how many the weak model served
     */
    private record Served(boolean broken, int told, int kept) {}

    private static Served ofTenant(int seed) {
        int told = 0;
        int kept = 0;
        Tenant tenant = new Tenant(new SplittableRandom(seed));
        RouteTeacher.Outcome outcome = new RouteTeacher(seed).teach(ROUTE,
                tenant.labels(LABELS, LabelSource.SHADOW, START), List.of(), null, START.plusSeconds(LABELS));
        AccuracyBoard board = new AccuracyBoard(Runnable::run);
        if (outcome instanceof RouteTeacher.Taken taken) {
            board.put(taken.predictor());
        }
        double lost = 0;
        for (int i = 0; i < REQUESTS; i++) {
            Tenant.Asked asked = tenant.ask();
            AccuracyForecasts forecasts = requireNonNull(
                    board.forecast(ROUTE, new PromptText(asked.text(), null)));
            FloorAnswer answer = forecasts.floor(WEAK, STRONG, MARGIN, CONFIDENCE);
            if (answer instanceof FloorAnswer.Kept) {
                // the expected loss, so that the test adds no noise of its own
                lost += asked.expectedLoss();
                kept++;
            }
            told += answer instanceof FloorAnswer.NotLearnt ? 0 : 1;
        }
        return new Served(lost / REQUESTS > MARGIN, told, kept);
    }
}
