package dev.pareto.policies.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pareto.policies.predict.floor.FloorControl.Method;
import dev.pareto.policies.predict.floor.FloorControl;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FloorChartTest {

    @Test
    void everyDrawOfEveryMethodIsADotAndTheBrokenOnesAreRed() {
        Random random = new Random(5);
        double[] scores = random.doubles(2_000, -1, 1).toArray();
        double[] strong = new double[scores.length];
        Arrays.fill(strong, 1);
        double[] weak = Arrays.stream(scores).map(score -> random.nextDouble() < (score + 1) / 2 ? 0 : 1).toArray();
        FloorTrial trial = new FloorTrial("any router", scores, strong, weak);
        List<FloorTrial.Result> floors = Arrays.stream(Method.values())
                .map(method -> trial.run(method, 0.05, 0.1, 400, 50, 3))
                .toList();
        String svg = FloorChart.svg("a & b", floors);

        assertThat(svg).startsWith("<svg")
                .contains("a &amp; b", "any router; a loss of", "learn then test", "conformal", "naive");
        assertThat(svg.split("<circle", -1)).hasSize(1 + 150);
        long broken = floors.stream().flatMap(floor -> floor.losses().stream()).filter(loss -> loss > 0.05).count();
        assertThat(svg.split("fill=\"#b91c1c\" fill-opacity", -1)).hasSize((int) broken + 1);
        assertThat(broken).isPositive();
        assertThatIllegalArgumentException().isThrownBy(() -> FloorChart.svg("none", List.of()));
    }
}
