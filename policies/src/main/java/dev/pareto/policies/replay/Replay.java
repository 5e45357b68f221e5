package dev.pareto.policies.replay;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.offpolicy.Estimate;
import dev.pareto.policies.offpolicy.Method;
import dev.pareto.policies.offpolicy.OffPolicy;
import dev.pareto.policies.offpolicy.Sample;
import dev.pareto.policies.policy.ParetoConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides a log again under another configuration. Where the recording policy could have made the new choice, too, the data tell what it
 * brings (inverse propensities, doubly robust); where it could not, only forecasts and prices do, and the report says for how many requests.
 */
public final class Replay {

    private final List<Recorded> log;
    private final OutcomeModel model;
    private final List<@Nullable ModelId> choices;

    private Replay(List<Recorded> log, ParetoConfig config) {
        this.log = log;
        this.model = new OutcomeModel(config, log);
        var world = new PastWorld(config);
        this.choices = new ArrayList<>(log.size());
        log.forEach(one -> choices.add(world.choose(one)));
    }

    /**
     * @param policy its name in the report
     * @param records whose decisions are made again
     */
    public static ReplayReport run(String policy, List<Recorded> records, ParetoConfig config) {
        return new Replay(List.copyOf(records), config).report(policy);
    }

    /** Which requests two configurations send to different models, and what that changes by forecasts and prices. */
    public static List<ReplayReport.Move> moves(List<Recorded> records, ParetoConfig before, ParetoConfig after) {
        var old = new Replay(List.copyOf(records), before);
        var now = new Replay(List.copyOf(records), after);
        Map<String, List<Integer>> moved = new TreeMap<>();
        for (int i = 0; i < old.log.size(); i++) {
            ModelId from = old.choices.get(i);
            ModelId to = now.choices.get(i);
            if (!Objects.equals(from, to)) {
                moved.computeIfAbsent(old.log.get(i).route() + "\n" + from + "\n" + to, k -> new ArrayList<>()).add(i);
            }
        }
        List<ReplayReport.Move> moves = new ArrayList<>();
        moved.values().forEach(places -> moves.add(move(old, now, places)));
        return moves;
    }

    private static ReplayReport.Move move(Replay old, Replay now, List<Integer> places) {
        int first = places.getFirst();
        return new ReplayReport.Move(old.log.get(first).route(), old.choices.get(first), now.choices.get(first),
                places.size(), old.mean(places, old.model::cost), now.mean(places, now.model::cost),
                old.p95(places), now.p95(places), old.mean(places, old.model::score),
                now.mean(places, now.model::score),
                places.stream().limit(5).map(i -> old.log.get(i).features().requestId()).toList());
    }

    private interface Forecast {
        @Nullable
        Double of(Recorded one, ModelId model);
    }

    private @Nullable Double mean(List<Integer> places, Forecast forecast) {
        double sum = 0;
        for (int place : places) {
            ModelId chosen = choices.get(place);
            Double value = chosen == null ? null : forecast.of(log.get(place), chosen);
            if (value == null) {
                return null;
            }
            sum += value;
        }
        return places.isEmpty() ? null : sum / places.size();
    }

    private @Nullable Double p95(List<Integer> places) {
        var seconds = new WeightedQuantile();
        for (int place : places) {
            ModelId chosen = choices.get(place);
            List<Double> measured = chosen == null ? List.of() : model.seconds(log.get(place), chosen);
            measured.forEach(one -> seconds.add(one, 1.0 / measured.size()));
        }
        return seconds.at(0.95);
    }

    private ReplayReport report(String policy) {
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        groups.put("\n", new ArrayList<>());
        group(groups, one -> "\n" + one.route());
        group(groups, one -> one.features().tenant() + "\n" + one.route());
        for (int i = 0; i < log.size(); i++) {
            Objects.requireNonNull(groups.get("\n")).add(i);
        }
        List<ReplayReport.Row> rows = new ArrayList<>();
        groups.forEach((key, places) -> {
            int cut = key.indexOf('\n');
            rows.add(row(cut == 0 ? null : key.substring(0, cut),
                    cut == key.length() - 1 ? null : key.substring(cut + 1), places));
        });
        Instant from = log.stream().map(Recorded::at).min(Instant::compareTo).orElse(null);
        Instant to = log.stream().map(Recorded::at).max(Instant::compareTo).orElse(null);
        return new ReplayReport(policy, from, to, rows, notes());
    }

    private void group(Map<String, List<Integer>> groups, Function<Recorded, String> key) {
        Map<String, List<Integer>> found = new TreeMap<>();
        for (int i = 0; i < log.size(); i++) {
            found.computeIfAbsent(key.apply(log.get(i)), k -> new ArrayList<>()).add(i);
        }
        groups.putAll(found);
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        var unseen = new TreeSet<String>();
        long refused = 0;
        for (int i = 0; i < log.size(); i++) {
            ModelId chosen = choices.get(i);
            if (chosen == null) {
                refused++;
            } else if (log.get(i).candidate(chosen) == null) {
                unseen.add(chosen.toString());
            }
        }
        if (refused > 0) {
            notes.add(refused + " requests would be refused; they cost nothing here and answer nothing");
        }
        if (!unseen.isEmpty()) {
            notes.add("the log never weighed " + String.join(", ", unseen)
                    + ": its cost is by price alone, its latency and accuracy are unknown");
        }
        return notes;
    }

    private ReplayReport.Row row(@Nullable String tenant, @Nullable String route, List<Integer> places) {
        List<Integer> supported = places.stream().filter(this::supported).toList();
        List<Integer> others = places.stream().filter(i -> !supported(i) && choices.get(i) != null).toList();
        double squares = 0;
        double sum = 0;
        long matched = 0;
        for (int place : supported) {
            double weight = weight(place);
            sum += weight;
            squares += weight * weight;
            matched += weight > 0 ? 1 : 0;
        }
        var support = new ReplayReport.Support(places.size(), supported.size(), matched,
                squares == 0 ? 0 : sum * sum / squares, others.size(),
                places.stream().filter(i -> choices.get(i) == null).count());
        Map<String, Long> traffic = new TreeMap<>();
        places.forEach(i -> traffic.merge(String.valueOf(choices.get(i)), 1L, Long::sum));
        return new ReplayReport.Row(tenant, route, support, traffic,
                figure(places, supported, others, Recorded.Outcome::cost, model::cost, Double.POSITIVE_INFINITY),
                latency(places, supported, others),
                figure(places, supported, others, Recorded.Outcome::score, model::score, 1));
    }

    private boolean supported(int place) {
        return log.get(place).propensity(choices.get(place)) > 0;
    }

    private double weight(int place) {
        Recorded one = log.get(place);
        return Objects.equals(one.chosen(), choices.get(place)) ? 1 / one.propensity() : 0;
    }

    private ReplayReport.Figure figure(List<Integer> places, List<Integer> supported, List<Integer> others,
            Function<Recorded.Outcome, @Nullable Number> outcome, Forecast forecast, double most) {
        double seen = 0;
        int known = 0;
        for (int place : places) {
            Number value = outcome(place, outcome);
            seen += value == null ? 0 : value.doubleValue();
            known += value == null ? 0 : 1;
        }
        List<Sample> samples = new ArrayList<>();
        for (int place : supported) {
            Recorded one = log.get(place);
            Number value = outcome(place, outcome);
            ModelId chosen = choices.get(place);
            ModelId done = one.chosen();
            if (value == null || chosen == null || done == null) {
                continue;
            }
            Double ofDone = forecast.of(one, done);
            Double ofPolicy = forecast.of(one, chosen);
            samples.add(ofDone == null || ofPolicy == null
                    ? new Sample(weight(place), value.doubleValue(), 0, 0, one.features().unit())
                    : new Sample(weight(place), value.doubleValue(), ofDone, ofPolicy, one.features().unit()));
        }
        Map<Method, Estimate> estimates = new EnumMap<>(Method.class);
        if (!samples.isEmpty()) {
            for (Method method : Method.values()) {
                estimates.put(method, OffPolicy.estimate(method, samples, 0, most));
            }
        }
        Double byModel = others.isEmpty() ? null : mean(others, forecast);
        return new ReplayReport.Figure(known == 0 ? null : seen / known, estimates, byModel,
                together(estimates.get(Method.DR), supported.size(), byModel, others.size()));
    }

    private @Nullable Number outcome(int place, Function<Recorded.Outcome, @Nullable Number> outcome) {
        Recorded.Outcome one = log.get(place).outcome();
        return one == null ? null : outcome.apply(one);
    }

    /** The data's part and the forecasts' part by their numbers of requests; the interval is the data's alone. */
    private static ReplayReport.@Nullable Point together(@Nullable Estimate data, int supported,
            @Nullable Double byModel, int others) {
        if ((supported > 0 && data == null) || (others > 0 && byModel == null) || supported + others == 0) {
            return null;
        }
        double share = (double) supported / (supported + others);
        double rest = byModel == null ? 0 : (1 - share) * byModel;
        return data == null
                ? new ReplayReport.Point(rest, null, null)
                : new ReplayReport.Point(share * data.value() + rest, share * data.low() + rest,
                        share * data.high() + rest);
    }

    /** The 95th percentile of latency in seconds: reweighted measurements where the data tell, others of the same model elsewhere. */
    private ReplayReport.Figure latency(List<Integer> places, List<Integer> supported, List<Integer> others) {
        var recorded = new WeightedQuantile();
        places.forEach(i -> add(recorded, i, 1));
        var data = new WeightedQuantile();
        supported.forEach(i -> add(data, i, weight(i)));
        var all = new WeightedQuantile();
        supported.forEach(i -> add(all, i, weight(i)));
        boolean known = true;
        for (int place : others) {
            ModelId chosen = Objects.requireNonNull(choices.get(place));
            List<Double> measured = model.seconds(log.get(place), chosen);
            known &= !measured.isEmpty();
            measured.forEach(one -> all.add(one, 1.0 / measured.size()));
        }
        Double value = known ? all.at(0.95) : null;
        double[] band = data.band(0.95);
        boolean alone = others.isEmpty() && band != null;
        return new ReplayReport.Figure(recorded.at(0.95), Map.of(), others.isEmpty() ? null : p95(others),
                value == null
                        ? null
                        : new ReplayReport.Point(value, alone && band != null ? band[0] : null,
                                alone && band != null ? band[1] : null));
    }

    private void add(WeightedQuantile quantile, int place, double weight) {
        Recorded.Outcome outcome = log.get(place).outcome();
        if (weight > 0 && outcome != null && outcome.millis() != null && outcome.served() != null) {
            quantile.add(outcome.millis() / 1e3, weight);
        }
    }
}
