package dev.pareto.proxy.cli.ledger;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The commands about the books. */
@Command(name = "ledger", mixinStandardHelpOptions = true, description = {
        "Proves the ledger, exports it, compares it with vendors' own accounts, and closes its months."},
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LedgerVerifyCommand.class, LedgerExportCommand.class, LedgerFocusCommand.class,
                LedgerReconcileCommand.class, LedgerRepriceCommand.class, LedgerAdjustCommand.class,
                LedgerCloseCommand.class, HelpCommand.class})
public final class LedgerCommand {}
