package dev.pareto.proxy.cli.access;

import picocli.CommandLine.Command;

@Command(name = "access",
        description = "Who may do what on the admin port: make keys with roles, list and revoke them, read the journal.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {AccessCreateCommand.class, AccessListCommand.class, AccessRevokeCommand.class,
                AccessJournalCommand.class})
public final class AccessCommand {}
