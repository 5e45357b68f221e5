package dev.pareto.proxy.cli.ledger;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The commands about the books. */
@Command(name = "ledger", mixinStandardHelpOptions = true, description = "Proves the ledger and exports it.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LedgerVerifyCommand.class, LedgerExportCommand.class, HelpCommand.class})
public final class LedgerCommand {}
