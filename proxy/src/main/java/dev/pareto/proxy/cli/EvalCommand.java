package dev.pareto.proxy.cli;

import picocli.CommandLine.Command;

@Command(name = "eval", description = "Put suites to models, alone or against each other.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {EvalRunCommand.class, EvalCompareCommand.class, EvalRecordCommand.class})
final class EvalCommand {}
