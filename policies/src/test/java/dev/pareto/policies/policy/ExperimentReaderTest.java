package dev.pareto.policies.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.experiment.Arm;
import dev.pareto.policies.experiment.Audience;
import dev.pareto.policies.experiment.ExperimentPlan;
import dev.pareto.policies.experiment.Metric;
import dev.pareto.policies.experiment.MissingUnit;
import dev.pareto.policies.experiment.StopRule;
import dev.pareto.policies.experiment.Tolerance;
import dev.pareto.policies.experiment.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExperimentReaderTest {

    private static final String WORLD = """
                                        vendors:
                                          openai: {dialect: openai, url: https://api.openai.com}
                                          local: {engine: embedded}
                                        routes:
                                          support: {candidates: [openai/gpt-4o, local/support-desk]}
                                        policies:
                                          frugal: {minimise: cost}
                                        experiments:
                                          x:
                                            hypothesis: the open model does as well
                                            route: support
                                        """;

    @TempDir
    private Path folder;

    private ExperimentPlan read(String more) throws IOException, ConfigException {
        Path file = Files.writeString(folder.resolve("pareto.yaml"), WORLD + more.indent(4));
        return Objects.requireNonNull(new ConfigReader().read(file, Map.of()).experiments().get("x"));
    }

    @Test
    void theShortestExperimentHasSensibleRest() throws Exception {
        ExperimentPlan plan = read("""
                                   arms: {closed: {model: openai/gpt-4o}, open: {model: local/support-desk}}
                                   primary: {metric: success}
                                   """);
        assertThat(plan.arms()).containsExactly(
                new Arm("closed", ModelId.parse("openai/gpt-4o"), null, null, 0.5),
                new Arm("open", ModelId.parse("local/support-desk"), null, null, 0.5));
        assertThat(plan.control().name()).isEqualTo("closed");
        assertThat(plan.unit()).isEqualTo(Unit.CONVERSATION);
        assertThat(plan.missing()).isEqualTo(MissingUnit.LEAVE_OUT);
        assertThat(plan.traffic()).isEqualTo(1);
        assertThat(plan.audience()).isEqualTo(Audience.ALL);
        assertThat(plan.primary()).isEqualTo(Metric.named("success"));
        assertThat(plan.stop()).isEqualTo(StopRule.DEFAULT);
        assertThat(plan.before()).isZero();
        assertThat(plan.metrics()).extracting(Metric::name)
                .startsWith("success")
                .contains("cost", "latency", "errors", "feedback")
                .doesNotHaveDuplicates();
    }

    @Test
    void everythingCanBeStated() throws Exception {
        ExperimentPlan plan = read(
                """
                segment: {by: intent, except: [refund]}
                traffic: 40 %
                arms:
                  usual: {weight: 60 %}
                  frugal: {policy: frugal, weight: 30 %}
                  terse: {system: Answer in one sentence., weight: 10 %}
                unit: user
                unit-missing: request
                salt: pepper
                primary: {metric: handling-time, better: lower, minimal-effect: 5 %}
                guards: {errors: 2 pp, latency-p95: 300 ms, cost: 10 %, quality: 0.05}
                also: [format]
                retry-window: 90 s
                stop: {horizon: 3 d, most: 5000, least: 50, alpha: 1 %, guard-alpha: 0.5 %, early: false}
                before: 7 d
                """);
        assertThat(plan.audience()).isEqualTo(new Audience("intent", List.of(), List.of("refund")));
        assertThat(plan.arms()).extracting(Arm::weight).containsExactly(0.6, 0.3, 0.1);
        assertThat(plan.arms().get(1).policy()).isEqualTo("frugal");
        assertThat(plan.arms().get(2).system()).isEqualTo("Answer in one sentence.");
        assertThat(plan.salt()).isEqualTo("pepper");
        assertThat(plan.primary().higherIsBetter()).isFalse();
        assertThat(plan.effect()).isEqualTo(new Tolerance(0.05, true));
        assertThat(plan.guards()).extracting(guard -> guard.metric().name())
                .containsExactly("errors", "latency-p95", "cost", "quality");
        assertThat(plan.guards().get(1).tolerance()).isEqualTo(new Tolerance(300, false));
        assertThat(plan.retryWindow()).isEqualTo(Duration.ofSeconds(90));
        assertThat(plan.stop()).isEqualTo(new StopRule(Duration.ofDays(3), 5000, 50, 0.01, 0.005, false));
        assertThat(plan.before()).isEqualTo(Duration.ofDays(7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"'arms: {a: {}, b: {}}' | no primary metric",
                    "'primary: {metric: success}' | needs 'arms'",
                    "'arms: {a: {model: openai/gpt-4}, b: {}}, primary: {metric: success}' | is not a candidate of route support",
                    "'arms: {a: {}, b: {policy: frugul}}, primary: {metric: success}' | unknown policy 'frugul'",
                    "'arms: {a: {weight: 50 %}, b: {}}, primary: {metric: success}' | some arms have a weight",
                    "'arms: {a: {weight: 50 %}, b: {weight: 40 %}}, primary: {metric: success}' | must sum to 100 %",
                    "'arms: {a: {}, b: {}}, primary: {metric: Cost}' | is no metric",
                    "'arms: {a: {}, b: {}}, primary: {metric: latency, minimal-effect: 5}' | a time",
                    "'arms: {a: {}, b: {}}, primary: {metric: cost}, guards: {errors: 5 %}' | percentage points",
                    "'arms: {a: {}, b: {}}, primary: {metric: cost}, unit: session' | write user, conversation, key or request",
                    "'arms: {a: {}, b: {}}, primary: {metric: cost}, segment: {by: intent}' | either 'only' or 'except'",
                    "'arms: {a: {}, b: {}}, primary: {metric: cost}, stop: {alpha: 50 %}' | at most 20 %",
                    "'arms: {a: {}, b: {}}, primary: {metric: cost}, weights: 3' | unknown key 'weights'"})
    void whatIsWrongIsRefusedWhereItIs(String flow, String reason) {
        String body = flow.replaceAll(", (primary|guards|unit|segment|stop|weights):", "\n$1:");
        assertThatThrownBy(() -> read(body)).isInstanceOf(ConfigException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("pareto.yaml:");
    }
}
