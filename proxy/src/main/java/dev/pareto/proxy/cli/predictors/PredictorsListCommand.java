package dev.pareto.proxy.cli.predictors;

import dev.pareto.policies.predict.live.Measures;
import dev.pareto.policies.predict.live.RoutePredictor;
import dev.pareto.proxy.learn.PredictorFiles;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "list", mixinStandardHelpOptions = true, description = {
        "The version in force of each route, and how good it is on labels that it did not learn from:",
        "calibration error (ECE) and mean squared error (Brier), beside that of always saying the mean."})
final class PredictorsListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PredictorFolder folder;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PredictorFiles files = folder.files();
        List<RoutePredictor> all = new ArrayList<>();
        for (String route : files.routes()) {
            RoutePredictor predictor = files.read(route);
            if (predictor != null) {
                all.add(predictor);
            }
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(all.stream().map(PredictorsListCommand::json).toList()));
            return 0;
        }
        for (RoutePredictor predictor : all) {
            out.printf("%s: version %s of %s, %d prompts held out for floors, lengths of %d models%n",
                    predictor.route(), predictor.version(), predictor.trainedAt().truncatedTo(ChronoUnit.SECONDS),
                    predictor.heldOut(), predictor.lengthsOf().size());
            for (Measures one : predictor.measures()) {
                out.printf(Locale.ROOT, "  %-32s %6d labels (%s), mean %.3f, ECE %.3f, Brier %.4f (mean's %.4f)%n",
                        one.model(), one.labels(), sources(one), one.mean(), one.ece(), one.brier(), one.plainBrier());
            }
        }
        if (all.isEmpty()) {
            out.println("no route has learned anything yet: labels come from eval runs of suites with a route, from"
                    + " live judges and from /pareto/v1/feedback");
        }
        return 0;
    }

    private static String sources(Measures one) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(one.bySource()).forEach(
                (source, count) -> parts.add(count + " " + source.name().toLowerCase(Locale.ROOT)));
        return String.join(", ", parts);
    }

    private static Map<String, Object> json(RoutePredictor predictor) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("route", predictor.route());
        json.put("version", predictor.version());
        json.put("trained_at", predictor.trainedAt().toString());
        json.put("held_out", predictor.heldOut());
        json.put("lengths_of", predictor.lengthsOf().stream().map(Object::toString).toList());
        json.put("models", predictor.measures().stream().map(PredictorsListCommand::json).toList());
        return json;
    }

    private static Map<String, Object> json(Measures one) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", one.model().toString());
        json.put("labels", one.labels());
        Map<String, Integer> sources = new TreeMap<>();
        one.bySource().forEach((source, count) -> sources.put(source.name().toLowerCase(Locale.ROOT), count));
        json.put("labels_by_source", sources);
        json.put("mean", one.mean());
        json.put("ece", one.ece());
        json.put("brier", one.brier());
        json.put("brier_of_mean", one.plainBrier());
        return json;
    }
}
