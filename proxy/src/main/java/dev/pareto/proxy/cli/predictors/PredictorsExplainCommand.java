package dev.pareto.proxy.cli.predictors;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.AccuracyForecast;
import dev.pareto.policies.predict.AccuracyForecasts;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.accuracy.Influence;
import dev.pareto.policies.predict.live.AccuracyBoard;
import dev.pareto.policies.predict.live.Measures;
import dev.pareto.policies.predict.live.RoutePredictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "explain", mixinStandardHelpOptions = true, description = {
        "How likely each model of a route answers a prompt well, and which of its words and measures say so.",
        "The prompt comes on standard input: the gateway keeps none."})
final class PredictorsExplainCommand implements Callable<Integer> {

    private static final int MOST_BYTES = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Mixin
    private PredictorFolder folder;

    @Parameters(index = "0", paramLabel = "ROUTE")
    private String route;

    @Option(names = "--segment", paramLabel = "NAME", description = "the value of the route's segment tag")
    private @Nullable String segment;

    @Option(names = "--most", defaultValue = "8", description = "influences to show (default: ${DEFAULT-VALUE})")
    private int most;

    @Override
    public Integer call() throws IOException {
        RoutePredictor predictor = folder.inForce(route);
        PromptText prompt = new PromptText(
                new String(System.in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip(), segment);
        AccuracyBoard board = new AccuracyBoard(Runnable::run);
        board.put(predictor);
        AccuracyForecasts forecasts = board.forecast(route, prompt);
        var out = spec.commandLine().getOut();
        for (Measures one : predictor.measures()) {
            ModelId model = one.model();
            AccuracyForecast forecast = forecasts == null ? null : forecasts.of(model);
            if (forecast == null) {
                continue;
            }
            out.printf(Locale.ROOT, "%s: %.1f %% (%.1f to %.1f %%), from %d labels%n", model,
                    forecast.probability() * 100, forecast.low() * 100, forecast.high() * 100, forecast.labels());
            for (Influence influence : predictor.explain(prompt, model, most)) {
                out.printf(Locale.ROOT, "  %+6.1f points  %s%n", influence.effect() * 100, influence.feature());
            }
        }
        return 0;
    }
}
