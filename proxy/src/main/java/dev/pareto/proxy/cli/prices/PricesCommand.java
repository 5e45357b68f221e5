package dev.pareto.proxy.cli.prices;

import picocli.CommandLine.Command;

@Command(name = "prices", description = "What vendors ask, what answers cost, and what catalogues propose.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {PricesCostCommand.class, PricesListCommand.class, PricesLintCommand.class,
                PricesImportCommand.class, PricesProposalsCommand.class, PricesAcceptCommand.class,
                PricesRejectCommand.class, PricesDiffCommand.class})
public final class PricesCommand {}
