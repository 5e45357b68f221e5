package dev.pareto.proxy.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.proxy.cli.terminal.Evidence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

final class MetricWordsTest {

    @ParameterizedTest
    @CsvSource({"latency, 812.4, 812 ms, +812 ms", "first-token-p95, -1540, -1.54 s, -1.54 s",
            "cost, 0.00123456, 0.001235 USD, +0.001235 USD", "errors, 0.0213, 2.13 %, +2.13 pp",
            "success, 0.5512, 0.5512, +0.5512"})
    void figuresHaveTheUnitOfTheirMetric(String metric, double value, String figure, String change) {
        var node = JsonNodeFactory.instance.numberNode(value);
        assertThat(MetricWords.figure(metric, node)).isEqualTo(figure);
        assertThat(MetricWords.change(metric, node)).isEqualTo(change);
    }

    @Test
    void whatIsUnknownIsNoFigure() {
        assertThat(MetricWords.figure("cost", JsonNodeFactory.instance.nullNode())).isEqualTo("–");
        assertThat(MetricWords.change("cost", JsonNodeFactory.instance.missingNode())).isEqualTo("–");
    }

    @ParameterizedTest
    @CsvSource({"-3, 'quiet, 0 % of the way to an alarm'", "7.8, 'quiet, 50 % of the way to an alarm'",
            "15.5, 'quiet, 99 % of the way to an alarm'", "15.6, ALARM"})
    void evidenceIsToldAsTheWayToAnAlarm(double log, String words) {
        var numbers = JsonNodeFactory.instance;
        assertThat(Evidence.toAlarm(numbers.numberNode(log), numbers.numberNode(15.6))).isEqualTo(words);
        assertThat(Evidence.toAlarm(numbers.nullNode(), numbers.numberNode(15.6))).isEqualTo("nothing seen yet");
    }
}
