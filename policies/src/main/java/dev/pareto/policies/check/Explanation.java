package dev.pareto.policies.check;

import dev.pareto.policies.policy.AccuracyFloor;
import dev.pareto.policies.policy.Constraints;
import dev.pareto.policies.policy.Exploration;
import dev.pareto.policies.policy.Floor;
import dev.pareto.policies.policy.Objective;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.policy.WhenInfeasible;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Says in a sentence what a policy, a route or a floor will do. */
public final class Explanation {

    private Explanation() {}

    public static String of(Policy policy) {
        StringBuilder sentence = new StringBuilder("takes ").append(objective(policy.objective()));
        List<String> limits = limits(policy.constraints());
        if (!limits.isEmpty()) {
            sentence.append(" among the candidates with ").append(String.join(", ", limits));
        }
        for (Policy.Rule rule : policy.rules()) {
            sentence.append("; where ")
                    .append(rule.when())
                    .append(", also with ")
                    .append(String.join(", ", limits(rule.constraints())));
        }
        sentence.append(policy.hysteresis() == 0
                ? "; changes the model for any gain"
                : "; who served last stays unless another is better by more than " + share(policy.hysteresis()));
        Exploration explore = policy.explore();
        if (explore != null) {
            sentence.append("; learns from its own answers, drawing ")
                    .append(share(explore.share()))
                    .append(
                            " of requests among the others");
            if (explore.cap() != null) {
                sentence.append(", and spends no more than ")
                        .append(explore.cap())
                        .append(
                                explore.period() == Exploration.Period.DAY ? " a day" : " a month");
            }
        }
        if (!limits.isEmpty() || !policy.rules().isEmpty()) {
            sentence.append(policy.whenInfeasible() == WhenInfeasible.REJECT
                    ? "; refuses the request (422) when nobody meets that"
                    : "; takes the one that misses by the least when nobody meets that");
        }
        return sentence.append('.').toString();
    }

    public static String of(Route route) {
        StringBuilder sentence = new StringBuilder();
        int number = 0;
        for (Route.Rule rule : route.rules()) {
            sentence.append(number++ == 0 ? "where " : "else where ")
                    .append(rule.when())
                    .append(": ")
                    .append(rule.policy() == null ? "" : "policy " + rule.policy())
                    .append(rule.policy() == null || rule.only().isEmpty() ? "" : ", ")
                    .append(rule.only().isEmpty() ? "" : "only " + rule.only())
                    .append("; ");
        }
        sentence.append(number == 0 ? "" : "else ")
                .append(route.policy() == null
                        ? "the first of " + route.candidates() + " that may serve"
                        : "policy " + route.policy() + " chooses among " + route.candidates());
        if (route.baseline() != null && route.candidates().size() > 1) {
            sentence.append("; open ones only as far as a verdict against ")
                    .append(route.baseline())
                    .append(" and their swap allow");
        }
        if (!route.fallbacks().isEmpty()) {
            sentence.append("; after all of them failed, ").append(route.fallbacks());
        }
        return sentence.append('.').toString();
    }

    public static String of(Floor floor) {
        List<String> about = new ArrayList<>();
        if (!floor.dataClasses().isEmpty()) {
            about.add("data of class " + String.join(" or ", floor.dataClasses().stream().sorted().toList()));
        }
        if (!floor.tenants().isEmpty()) {
            about.add("tenant " + String.join(" or ", floor.tenants().stream().sorted().toList()));
        }
        if (!floor.routes().isEmpty()) {
            about.add("route " + String.join(" or ", floor.routes().stream().sorted().toList()));
        }
        List<String> demands = limits(floor.constraints());
        switch (floor.models()) {
            case ANY -> {
            }
            case OPEN -> demands.add("open weights");
            case CLOSED -> demands.add("closed weights");
        }
        if (!floor.only().isEmpty()) {
            demands.add("one of " + floor.only().stream().sorted().toList());
        }
        return String.join(", ", about) + ": nothing but " + String.join(", ", demands)
                + ", whatever route, policy and headers say.";
    }

    private static String objective(Objective objective) {
        return switch (objective) {
            case Objective.Single single -> switch (single) {
                case MINIMISE_COST -> "the cheapest";
                case MINIMISE_LATENCY -> "the fastest (total, 95th percentile)";
                case MAXIMISE_ACCURACY -> "the most accurate";
            };
            case Objective.Weighted weighted -> {
                List<String> parts = new ArrayList<>();
                if (weighted.cost().signum() > 0) {
                    parts.add(weighted.cost().compareTo(BigDecimal.ONE) == 0
                            ? "its bill"
                            : Money.plain(weighted.cost()) + " x its bill");
                }
                if (weighted.usdPerSecond().signum() > 0) {
                    parts.add(Money.plain(weighted.usdPerSecond()) + " USD a second of waiting");
                }
                if (weighted.usdPerError().signum() > 0) {
                    parts.add(Money.plain(weighted.usdPerError()) + " USD x the probability of a wrong answer");
                }
                yield "the least of " + String.join(" + ", parts);
            }
        };
    }

    private static List<String> limits(Constraints constraints) {
        List<String> limits = new ArrayList<>();
        for (AccuracyFloor floor : constraints.accuracy()) {
            limits.add(switch (floor) {
                case AccuracyFloor.Within within -> "an accuracy within " + points(within.margin()) + " of "
                        + within.reference() + " (" + share(within.confidence()) + " sure, "
                        + (within.basis() == AccuracyFloor.Basis.PROMPT ? "for each prompt" : "by a verdict") + ")";
                case AccuracyFloor.AtLeast least -> "an accuracy of at least " + share(least.accuracy())
                        + switch (least.basis()) {
                            case ROUTE -> " (measured)";
                            case PROMPT -> " (predicted for the prompt)";
                            case EITHER -> "";
                        };
            });
        }
        if (constraints.firstTokenP95() != null) {
            limits.add("a first token within " + time(constraints.firstTokenP95()) + " (p95)");
        }
        if (constraints.totalP95() != null) {
            limits.add("a whole answer within " + time(constraints.totalP95()) + " (p95)");
        }
        if (constraints.costAtMost() != null) {
            limits.add("a cost of at most " + constraints.costAtMost());
        }
        return limits;
    }

    private static String time(Duration duration) {
        return duration.toMillis() < 1_000 ? duration.toMillis() + " ms" : plain(duration.toMillis() / 1e3) + " s";
    }

    private static String share(double fraction) {
        return plain(fraction * 100) + " %";
    }

    private static String points(double fraction) {
        return plain(fraction * 100) + " pp";
    }

    private static String plain(double value) {
        return Money.plain(BigDecimal.valueOf(Math.round(value * 1_000), 3));
    }
}
