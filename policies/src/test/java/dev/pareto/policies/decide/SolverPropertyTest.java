package dev.pareto.policies.decide;

import static dev.pareto.policies.decide.World.NOW;
import static dev.pareto.policies.decide.World.latency;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.FloorAnswer;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.accuracy.Influence;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random problems, each solved a second time from scratch by trying everybody: the choice is feasible whenever one is, the best, the same
 * each time; when nobody is, the constraint that is named binds and the change that is named admits.
 */
final class SolverPropertyTest {

    private static final int CASES = 1_000;
    private static final Pattern CHANGE = Pattern.compile(
            "(latency total-p95|cost at-most|accuracy at-least) (.+?) -> (.+?)(?= and | admits )");
    private static final Pattern ADMITS = Pattern.compile(" admits (\\S+)$");

    private final PolicyEngine engine = new PolicyEngine();
    private final Random random = new Random(20261122);

    /** All models are closed, so the gate lets each of them through and the solver alone decides. */
    private record Problem(int models, double[] dollars, long[] millis, double[] accuracies, String objective,
            double[] weights, @Nullable Double mostDollars, @Nullable Long mostMillis, @Nullable Double leastAccuracy) {

        boolean meets(int i) {
            return (mostDollars == null || dollars[i] <= mostDollars + 1e-12)
                    && (mostMillis == null || millis[i] <= mostMillis)
                    && (leastAccuracy == null || accuracies[i] >= leastAccuracy - 1e-9);
        }

        double value(int i) {
            return switch (objective) {
                case "minimise: cost" -> dollars[i];
                case "minimise: latency" -> millis[i];
                case "maximise: accuracy" -> -accuracies[i];
                default -> weights[0] * dollars[i] + weights[1] * millis[i] / 1000 + weights[2] * (1 - accuracies[i]);
            };
        }

        Problem relaxed(String constraint, String value) {
            double number = Double.parseDouble(value.substring(0, value.indexOf(" ")));
            return new Problem(models, dollars, millis, accuracies, objective, weights,
                    constraint.startsWith("cost") ? (Double) number : mostDollars,
                    constraint.startsWith("latency")
                            ? (Long) Math.round(value.endsWith(" ms") ? number : number * 1000)
                            : mostMillis,
                    constraint.startsWith("accuracy") ? (Double) (number / 100) : leastAccuracy);
        }

        List<String> limits() {
            List<String> limits = new ArrayList<>();
            if (mostDollars != null) {
                limits.add("cost: {at-most: %s USD}".formatted(plain(mostDollars)));
            }
            if (mostMillis != null) {
                limits.add("latency: {total-p95: %d ms}".formatted(mostMillis));
            }
            if (leastAccuracy != null) {
                limits.add("accuracy: {at-least: %s %%}".formatted(plain(leastAccuracy * 100)));
            }
            return limits;
        }
    }

    @Test
    void theChoiceIsTheBestOfThoseThatMeetEverything() {
        int feasible = 0;
        int infeasible = 0;
        for (int i = 0; i < CASES; i++) {
            Problem problem = problem();
            Snapshot world = world(problem);
            RequestFeatures request = request(i);
            Decision decision = engine.decide(request, world);
            assertThat(engine.decide(request, world)).as("the same again").isEqualTo(decision);
            List<Integer> able = IntStream.range(0, problem.models()).filter(problem::meets).boxed().toList();
            if (able.isEmpty()) {
                infeasible++;
                none(problem, decision);
            } else {
                feasible++;
                best(problem, able, decision);
            }
        }
        assertThat(feasible).isGreaterThan(CASES / 4);
        assertThat(infeasible).isGreaterThan(CASES / 10);
    }

    private static void best(Problem problem, List<Integer> able, Decision decision) {
        assertThat(decision.outcome()).as(problem.toString()).isInstanceOf(Outcome.Chosen.class);
        Outcome.Chosen chosen = (Outcome.Chosen) decision.outcome();
        assertThat(chosen.relaxed()).isNull();
        int served = index(chosen.model());
        assertThat(able).contains(served);
        double optimum = able.stream().mapToDouble(problem::value).min().orElseThrow();
        assertThat(problem.value(served)).as(problem.toString()).isLessThanOrEqualTo(optimum + 1e-9);
        List<Double> ranking = chosen.fallbacks().stream().map(model -> problem.value(index(model))).toList();
        assertThat(ranking).as("fall-backs in order").isSortedAccordingTo(Comparator.comparingDouble(v -> v - 1e-9));
        assertThat(chosen.fallbacks()).hasSize(able.size() - 1).allMatch(model -> able.contains(index(model)));
    }

    /** Naming is checked by solving the changed problem again, with what a person would type. */
    private void none(Problem problem, Decision decision) {
        assertThat(decision.outcome()).as(problem.toString()).isInstanceOf(Outcome.Infeasible.class);
        Outcome.Infeasible none = (Outcome.Infeasible) decision.outcome();
        String change = none.nearestRelaxation();
        Matcher admitted = ADMITS.matcher(change);
        assertThat(admitted.find()).as(change).isTrue();
        int admits = index(ModelId.parse(admitted.group(1)));
        Problem after = problem;
        Map<String, String> changes = new HashMap<>();
        Matcher changed = CHANGE.matcher(change);
        while (changed.find()) {
            changes.put(changed.group(1), changed.group(3));
            after = after.relaxed(changed.group(1), changed.group(3));
        }
        assertThat(changes).as(change).isNotEmpty();
        assertThat(after.meets(admits)).as("%s -> %s", problem, change).isTrue();
        assertThat(engine.decide(request(0), world(after)).outcome()).as(change).isInstanceOf(Outcome.Chosen.class);
        String binding = none.bindingConstraint();
        assertThat(changes.keySet()).as("the binding constraint is among the changes").anyMatch(binding::startsWith);
        Double smallest = smallestSingle(problem);
        if (smallest == null) {
            assertThat(changes.size()).as("no single change helps").isGreaterThan(1);
            return;
        }
        assertThat(changes).as("a single change does: %s", change).hasSize(1);
        assertThat(excess(problem, admits)).as(change).isLessThanOrEqualTo(smallest + 1e-9);
    }

    private static @Nullable Double smallestSingle(Problem problem) {
        return IntStream.range(0, problem.models())
                .filter(i -> misses(problem, i) == 1)
                .mapToObj(i -> excess(problem, i))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static int misses(Problem problem, int i) {
        return (problem.mostDollars() != null && problem.dollars()[i] > problem.mostDollars() + 1e-12 ? 1 : 0)
                + (problem.mostMillis() != null && problem.millis()[i] > problem.mostMillis() ? 1 : 0)
                + (problem.leastAccuracy() != null && problem.accuracies()[i] < problem.leastAccuracy() - 1e-9 ? 1 : 0);
    }

    private static double excess(Problem problem, int i) {
        double most = 0;
        if (problem.mostDollars() != null) {
            most = Math.max(most, problem.dollars()[i] / problem.mostDollars() - 1);
        }
        if (problem.mostMillis() != null) {
            most = Math.max(most, (double) problem.millis()[i] / problem.mostMillis() - 1);
        }
        if (problem.leastAccuracy() != null) {
            most = Math.max(most, (problem.leastAccuracy() - problem.accuracies()[i]) / problem.leastAccuracy());
        }
        return most;
    }

    private Problem problem() {
        int models = random.nextInt(1, 7);
        String objective = List.of("minimise: cost", "minimise: latency", "maximise: accuracy", "weighted")
                .get(random.nextInt(4));
        return new Problem(models, random.ints(models, 1, 40).mapToDouble(micros -> micros * 1e-4).toArray(),
                random.ints(models, 50, 8_000).asLongStream().toArray(),
                random.ints(models, 400, 1_000).mapToDouble(permille -> permille / 1e3).toArray(), objective,
                new double[]{random.nextInt(0, 3), random.nextInt(0, 30) / 1e3, random.nextInt(1, 50) / 1e2},
                random.nextBoolean() ? null : (Double) (random.nextInt(5, 40) * 1e-4),
                random.nextBoolean() ? null : (Long) (long) random.nextInt(300, 6_000),
                random.nextBoolean() ? null : (Double) (random.nextInt(500, 990) / 1e3));
    }

    /** A request of 1,000 tokens and an answer of none, so that a price per million is a thousand times the cost. */
    private Snapshot world(Problem problem) {
        StringBuilder models = new StringBuilder();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < problem.models(); i++) {
            names.add("v/m" + i);
            models.append("%sm%d: {prices: [{from: 2020-01-01, input: %s, output: 0}]}".formatted(i == 0 ? "" : ", ", i,
                    plain(problem.dollars()[i] * 1_000)));
        }
        String objective = problem.objective().equals("weighted")
                ? "minimise: {cost: %s, latency: %s USD/s, error: %s USD}".formatted(plain(problem.weights()[0]),
                        plain(problem.weights()[1]), plain(problem.weights()[2]))
                : problem.objective();
        ParetoConfig config = World.config("""
                                           vendors: {v: {dialect: openai, url: http://v, models: {%s}}}
                                           routes: {r: {candidates: %s, policy: p}}
                                           policies: {p: {%s, subject-to: {%s}, when-infeasible: reject}}
                                           """.formatted(models, names, objective,
                String.join(", ", problem.limits())));
        return Snapshot.of(config)
                .withLatencies((model, tokens) -> latency(50, Duration.ofMillis(problem.millis()[index(model)])))
                .withAccuracies((route, prompt) -> forecasts(problem));
    }

    private static AccuracyForecasts forecasts(Problem problem) {
        return new AccuracyForecasts() {
            @Override
            public AccuracyForecast of(ModelId model) {
                double accuracy = problem.accuracies()[index(model)];
                return new AccuracyForecast(accuracy, accuracy, accuracy, 500, "1");
            }

            @Override
            public FloorAnswer floor(ModelId candidate, ModelId reference, double margin, double confidence) {
                return new FloorAnswer.NotLearnt();
            }

            @Override
            public List<Influence> why(ModelId model) {
                return List.of();
            }
        };
    }

    private static RequestFeatures request(int i) {
        return new RequestFeatures("q-" + i, "r", 1_000, 0, false, false, Overrides.NONE, "t", NOW)
                .reading(Map.of(), new PromptText("How?", null));
    }

    private static int index(ModelId model) {
        return Integer.parseInt(model.name().substring(1));
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(Math.round(value * 1e9), 9).stripTrailingZeros().toPlainString();
    }
}
