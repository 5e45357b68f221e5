package dev.pareto.proxy.cli.ledger;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(name = "reprice", mixinStandardHelpOptions = true, description = {
        "Finds prices that became known after calls were booked without one, and shows what they cost.",
        "--book books that as adjustments, which can be taken back. What has a cost keeps it, whatever prices say now."})
final class LedgerRepriceCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private BooksDesk desk;

    @Option(names = "--book", description = "book it")
    private boolean book;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException, ConfigException {
        LocalDate from = desk.books().from();
        if (from == null) {
            throw new UsageException("say from which day on with --from");
        }
        LocalDate to = desk.books().to() == null ? LocalDate.now(ZoneOffset.UTC) : desk.books().to();
        JsonNode answer = desk.act(desk.action("reprice")
                .put("from", from.toString())
                .put("to", String.valueOf(to))
                .put("book", book));
        if (json) {
            spec.commandLine().getOut().println(answer);
        } else {
            AdjustmentTable.print(answer, spec.commandLine().getOut());
        }
        return 0;
    }
}
