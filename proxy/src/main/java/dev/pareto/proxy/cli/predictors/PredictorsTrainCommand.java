package dev.pareto.proxy.cli.predictors;

import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(name = "train", mixinStandardHelpOptions = true, description = {
        "Has a running gateway learn now from the labels it has, and tells what came of it.",
        "By itself it learns after 50 new labels, or after six hours with any."})
final class PredictorsTrainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(index = "0", paramLabel = "ROUTE")
    private String route;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonNode lesson;
        try (GatewayClient gateway = where.connect()) {
            lesson = gateway.teach(route);
        }
        spec.commandLine()
                .getOut()
                .println(json
                        ? lesson.toPrettyString()
                        : lesson.path("outcome").asString("") + ": " + lesson.path("sentence").asString(""));
        return 0;
    }
}
