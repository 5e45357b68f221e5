package dev.pareto.proxy.cli.swap;

import picocli.CommandLine.Command;

@Command(name = "swap", description = "Where open models take closed ones' places, and who holds them.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {SwapListCommand.class, SwapShowCommand.class, SwapApproveCommand.class,
                SwapFreezeCommand.class, SwapOverrideCommand.class, SwapRollBackCommand.class,
                SwapReleaseCommand.class})
public final class SwapCommand {}
