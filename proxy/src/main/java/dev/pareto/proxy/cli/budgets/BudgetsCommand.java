package dev.pareto.proxy.cli.budgets;

import picocli.CommandLine.Command;

@Command(name = "budgets", description = "What may be spent, and what is left.", mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BudgetsListCommand.class, BudgetsCheckCommand.class, BudgetsTopUpCommand.class})
public final class BudgetsCommand {}
