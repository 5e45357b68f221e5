package dev.pareto.proxy.cli.predictors;

import dev.pareto.policies.predict.live.RoutePredictor;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.learn.PredictorFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "import", mixinStandardHelpOptions = true, description = {
        "Puts an exported predictor in force for its route; a running gateway takes it within a minute.",
        "Its floors hold for prompts like those that it was made from: predictors do not transfer between tenants."})
final class PredictorsImportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PredictorFolder folder;

    @Parameters(index = "0", paramLabel = "FILE", description = "what ./pareto policy predictors export wrote")
    private Path file;

    @Override
    public Integer call() throws IOException {
        RoutePredictor predictor;
        try {
            predictor = PredictorFiles.parse(file);
        } catch (IOException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
        folder.files().put(predictor);
        spec.commandLine()
                .getOut()
                .println("version " + predictor.version() + " is in force for route "
                        + predictor.route());
        return 0;
    }
}
