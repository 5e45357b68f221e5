package dev.pareto.proxy.cli.eval;

import picocli.CommandLine.Command;

@Command(name = "eval", description = "Put suites to models, alone or against each other.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {EvalRunCommand.class, EvalCompareCommand.class, EvalRecordCommand.class,
                EvalCheckCommand.class, EvalImportCommand.class,
                EvalSamplesCommand.class, EvalCutCommand.class, EvalLabelCommand.class,
                EvalCalibrateCommand.class})
public final class EvalCommand {}
