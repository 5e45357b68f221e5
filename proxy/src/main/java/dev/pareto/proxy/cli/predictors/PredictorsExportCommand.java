package dev.pareto.proxy.cli.predictors;

import dev.pareto.policies.predict.live.RoutePredictor;
import dev.pareto.policies.predict.live.RoutePredictorJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "export", mixinStandardHelpOptions = true,
        description = "A route's predictor in force as one JSON document. No prompt and no word of one is in it.")
final class PredictorsExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PredictorFolder folder;

    @Parameters(index = "0", paramLabel = "ROUTE")
    private String route;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "where to (default: standard output)")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        RoutePredictor predictor = folder.inForce(route);
        String exported = RoutePredictorJson.write(predictor);
        if (output == null) {
            spec.commandLine().getOut().println(exported);
        } else {
            Files.writeString(output, exported);
            spec.commandLine()
                    .getOut()
                    .println("version " + predictor.version() + " of route " + route + " is in "
                            + output);
        }
        return 0;
    }
}
