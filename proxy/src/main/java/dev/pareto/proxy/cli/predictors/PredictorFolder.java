package dev.pareto.proxy.cli.predictors;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.predict.live.RoutePredictor;
import dev.pareto.proxy.cli.serve.RunningGateway;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.learn.PredictorFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the gateway keeps its predictors. A gateway that runs on the same folder looks there every minute. */
final class PredictorFolder {

    @Option(names = "--config", defaultValue = "${env:PARETO_HOME:-.}/pareto.yaml",
            description = "the gateway's configuration, which names its data folder (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(names = "--data", description = "the gateway's data folder (default: the configuration's)")
    private @Nullable Path data;

    PredictorFiles files() {
        if (data != null) {
            return new PredictorFiles(data);
        }
        try {
            return new PredictorFiles(
                    RunningGateway.dataFolder(config, new ConfigReader().read(config, System.getenv()).gateway()));
        } catch (ConfigException refused) {
            throw new UsageException(refused.getMessage() + "; or name the gateway's data folder with --data", refused);
        }
    }

    /** The predictor in force. */
    RoutePredictor inForce(String route) throws IOException {
        RoutePredictor predictor = files().read(route);
        if (predictor == null) {
            throw new UsageException("route " + route + " has no predictor yet; ./pareto policy predictors list shows"
                    + " those that have one");
        }
        return predictor;
    }
}
