package dev.pareto.proxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.proxy.hub.HubException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Where the jar starts. */
@Command(name = "pareto", description = "A gateway that routes each LLM call by latency, cost and accuracy.",
        mixinStandardHelpOptions = true, version = "pareto 0.1.0", synopsisSubcommandLabel = "COMMAND",
        subcommands = {ServeCommand.class, DemoCommand.class, ModelsCommand.class, EvalCommand.class,
                VerdictCommand.class, HelpCommand.class})
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        int status = commandLine(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8))
                .execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** The whole command line, writing where a test can read. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main()).setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::explain);
    }

    /** What a user can mend is one line; a stack trace is for a bug. */
    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        String message = switch (failure) {
            case UsageException _,HubException _,ConfigException _ -> failure.getMessage();
            case NoSuchFileException missing -> "there is no file " + missing.getFile();
            default -> throw failure;
        };
        command.getErr().println(command.getColorScheme().errorText("pareto: " + message));
        return 1;
    }
}
