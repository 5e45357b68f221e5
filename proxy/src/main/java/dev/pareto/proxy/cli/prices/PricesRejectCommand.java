package dev.pareto.proxy.cli.prices;

import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "reject", mixinStandardHelpOptions = true,
        description = "Rejects proposals; the same price is not proposed again.")
final class PricesRejectCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceFiles files;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "proposals, as prices proposals lists them")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--by", defaultValue = "${sys:user.name}", description = "who rejects (default: ${DEFAULT-VALUE})")
    private String by;

    @Option(names = "--reason", description = "why, for those who ask later; at most 300 characters")
    private @Nullable String reason;

    @Override
    public Integer call() throws IOException {
        try {
            int rejected = files.desk().reject(ids, reason, by).size();
            spec.commandLine().getOut().printf("rejected %d%n", rejected);
        } catch (IllegalArgumentException decided) {
            throw new UsageException(String.valueOf(decided.getMessage()), decided);
        }
        return 0;
    }
}
