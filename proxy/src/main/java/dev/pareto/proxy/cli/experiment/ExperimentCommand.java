package dev.pareto.proxy.cli.experiment;

import picocli.CommandLine.Command;

@Command(name = "experiment", description = "Which of two or more ways of answering is better, on live traffic.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {ExperimentListCommand.class, ExperimentShowCommand.class, ExperimentStartCommand.class,
                ExperimentStopCommand.class, ExperimentConcludeCommand.class})
public final class ExperimentCommand {}
