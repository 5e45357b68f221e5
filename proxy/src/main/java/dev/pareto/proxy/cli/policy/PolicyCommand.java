package dev.pareto.proxy.cli.policy;

import dev.pareto.proxy.cli.predictors.PredictorsCommand;
import picocli.CommandLine.Command;

@Command(name = "policy", description = "What a policy would do, before it is deployed.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND", subcommands = {PolicyCheckCommand.class, PolicyEvaluateCommand.class,
                PolicySimulateCommand.class, PolicyDiffCommand.class, PolicyExportCommand.class,
                PolicyPromoteCommand.class,
                PolicyWorldsCommand.class, PredictorsCommand.class})
public final class PolicyCommand {}
