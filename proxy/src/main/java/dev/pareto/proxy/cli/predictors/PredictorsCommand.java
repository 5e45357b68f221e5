package dev.pareto.proxy.cli.predictors;

import picocli.CommandLine.Command;

@Command(name = "predictors", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "What was learned of each route's models from labels: eval runs, judges, feedback.",
        subcommands = {PredictorsListCommand.class, PredictorsExportCommand.class, PredictorsImportCommand.class,
                PredictorsTrainCommand.class, PredictorsExplainCommand.class})
public final class PredictorsCommand {}
