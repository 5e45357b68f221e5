package dev.pareto.policies.predict.live;

import dev.pareto.policies.predict.Accuracies;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.PromptText;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The predictor in force of each route. A new one takes its place between two forecasts. Thread-safe; forecasts take no lock. */
public final class AccuracyBoard implements Accuracies {

    private final ConcurrentMap<String, RoutePredictor> inForce = new ConcurrentHashMap<>();
    private final Executor background;

    /** @param background computes floors that were not prepared; may refuse */
    public AccuracyBoard(Executor background) {
        this.background = background;
    }

    @Override
    public boolean knows(String route) {
        return inForce.containsKey(route);
    }

    @Override
    public @Nullable AccuracyForecasts forecast(String route, PromptText prompt) {
        RoutePredictor predictor = inForce.get(route);
        return predictor == null ? null : predictor.forecast(prompt, background);
    }

    public void put(RoutePredictor predictor) {
        inForce.put(predictor.route(), predictor);
    }

    public @Nullable RoutePredictor find(String route) {
        return inForce.get(route);
    }

    public Collection<RoutePredictor> all() {
        return List.copyOf(inForce.values());
    }
}
