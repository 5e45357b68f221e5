package dev.pareto.proxy.cli.verdict;

import picocli.CommandLine.Command;

@Command(name = "verdict", description = "What evals decided, and verdicts of your own records.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {VerdictListCommand.class, VerdictShowCommand.class, VerdictComputeCommand.class,
                VerdictCheckCommand.class, VerdictExportCommand.class})
public final class VerdictCommand {}
