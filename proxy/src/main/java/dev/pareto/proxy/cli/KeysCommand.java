package dev.pareto.proxy.cli;

import picocli.CommandLine.Command;

@Command(name = "keys", description = "The keys that callers present to the gateway: make, list, revoke.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeysCreateCommand.class, KeysListCommand.class, KeysRevokeCommand.class})
final class KeysCommand {}
