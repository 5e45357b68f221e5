package dev.pareto.proxy.cli;

import picocli.CommandLine.Command;

@Command(name = "models", description = "Open models on this machine: fetch, list, look inside.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {PullCommand.class, ModelListCommand.class, InspectCommand.class})
final class ModelsCommand {}
