package dev.pareto.proxy.cli.models;

import picocli.CommandLine.Command;

@Command(name = "models", description = "Open models on this machine: fetch, list, look inside, try, measure.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {PullCommand.class, ModelListCommand.class, InspectCommand.class, TokenizeCommand.class,
                LogitsCommand.class, BenchCommand.class, ChatCommand.class})
public final class ModelsCommand {}
