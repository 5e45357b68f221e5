package dev.pareto.proxy.cli;

import dev.pareto.proxy.cli.swap.SwapCommand;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.dashboards.store.RowsDropped;
import dev.pareto.dashboards.store.StoreException;
import dev.pareto.engine.EngineException;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.proxy.cli.access.AccessCommand;
import dev.pareto.proxy.cli.budgets.BudgetsCommand;
import dev.pareto.proxy.cli.eval.EvalCommand;
import dev.pareto.proxy.cli.experiment.ExperimentCommand;
import dev.pareto.proxy.cli.keys.KeysCommand;
import dev.pareto.proxy.cli.ledger.LedgerCommand;
import dev.pareto.proxy.cli.models.ModelsCommand;
import dev.pareto.proxy.cli.policy.PolicyCommand;
import dev.pareto.proxy.cli.prices.PricesCommand;
import dev.pareto.proxy.cli.serve.ServeCommand;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.cli.verdict.VerdictCommand;
import dev.pareto.proxy.hub.HubException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Where the jar starts. */
@Command(name = "pareto", description = "A gateway that routes each LLM call by latency, cost and accuracy.",
        mixinStandardHelpOptions = true, version = "pareto 0.1.0", synopsisSubcommandLabel = "COMMAND",
        subcommands = {ServeCommand.class, DemoCommand.class, ModelsCommand.class, EvalCommand.class,
                VerdictCommand.class, SwapCommand.class, ExperimentCommand.class, PolicyCommand.class,
                PricesCommand.class, LedgerCommand.class, BudgetsCommand.class, KeysCommand.class, AccessCommand.class,
                HelpCommand.class})
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // figures read alike on every machine
        int status = commandLine(new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8))
                .execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** The whole command line, writing where a test can read. */
    public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new Main()).setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(ModelId.class, Main::model)
                .registerConverter(BigDecimal.class, Main::number)
                .registerConverter(Secret.class, Main::secret)
                .setParameterExceptionHandler(Main::correct)
                .setExecutionExceptionHandler(Main::explain);
    }

    private static ModelId model(String text) {
        try {
            return ModelId.parse(text);
        } catch (IllegalArgumentException noName) {
            throw new TypeConversionException(String.valueOf(noName.getMessage()));
        }
    }

    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text.strip());
        } catch (NumberFormatException noNumber) {
            throw new TypeConversionException("'" + text + "' is not a number");
        }
    }

    /** A variable that is set to nothing gives no secret. */
    private static @Nullable Secret secret(String text) {
        return text.isBlank() ? null : new Secret(text.strip());
    }

    /** A wrong option is one line too; the whole usage only where a command is missing. */
    private static int correct(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        command.getErr().println(command.getColorScheme().errorText("pareto: " + wrong.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(wrong, command.getErr())) {
            if (command.getSubcommands().isEmpty()) {
                command.getErr().println("See " + command.getCommandSpec().qualifiedName() + " --help");
            } else {
                command.usage(command.getErr());
            }
        }
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** What a user can mend is one line; a stack trace is for a bug. */
    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        String message = switch (failure) {
            case UsageException _,HubException _,ConfigException _,SuiteException _,StoreException _,RowsDropped _ ->
                failure.getMessage();
            case EngineException refused -> refused.getMessage();
            case NoSuchFileException missing -> "there is no file " + missing.getFile();
            case AccessDeniedException denied -> "access to " + denied.getFile() + " is denied";
            case FileSystemException refused -> refused.getMessage();
            case HttpTimeoutException _ -> "the gateway did not answer in time; see whether it is overloaded";
            case ConnectException _ -> "the gateway does not answer any more; see whether it still runs";
            default -> throw failure;
        };
        command.getErr().println(command.getColorScheme().errorText("pareto: " + message));
        return 1;
    }
}
