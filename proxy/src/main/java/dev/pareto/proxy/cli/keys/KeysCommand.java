package dev.pareto.proxy.cli.keys;

import picocli.CommandLine.Command;

@Command(name = "keys", description = "The keys that callers present to the gateway: make, list, revoke.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {KeysCreateCommand.class, KeysListCommand.class, KeysRevokeCommand.class})
public final class KeysCommand {}
