package dev.pareto.proxy.cli.ledger;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "adjust", mixinStandardHelpOptions = true, description = {
        "Books a correction as a new row: a credit, or the difference to an invoice. Nothing that is booked ever changes.",
        "It counts in the month in which it is booked, whatever day it concerns. --reverse takes an adjustment back."})
final class LedgerAdjustCommand implements Callable<Integer> {

    /** What people may book by hand. */
    enum Kind {
        CREDIT, TRUE_UP
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private BooksDesk desk;

    @Option(names = "--kind", description = "credit or true_up")
    private @Nullable Kind kind;

    @Option(names = "--amount", description = "signed, exact: -12.50 is less cost")
    private @Nullable String amount;

    @Option(names = "--currency", defaultValue = "USD", description = "default: ${DEFAULT-VALUE}")
    private String currency;

    @Option(names = "--concerns", paramLabel = "DAY", description = "the UTC day that it is about")
    private @Nullable LocalDate concerns;

    @Option(names = "--vendor", defaultValue = "", description = "whose invoice it corrects")
    private String vendor;

    @Option(names = "--tenant", defaultValue = "", description = "who bears it (default: the platform)")
    private String tenant;

    @Option(names = "--model", defaultValue = "", description = "vendor/name (default: none in particular)")
    private String model;

    @Option(names = "--invoice", defaultValue = "", description = "the vendor's document")
    private String invoice;

    @Option(names = "--reverse", paramLabel = "ID", description = "the adjustment to take back")
    private @Nullable UUID reverse;

    @Option(names = "--reason", required = true, description = "why")
    private String reason;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException, ConfigException {
        JsonNode answer = desk.act(action());
        if (json) {
            spec.commandLine().getOut().println(answer);
        } else {
            AdjustmentTable.print(answer, spec.commandLine().getOut());
        }
        return 0;
    }

    private ObjectNode action() {
        if (reverse != null) {
            return desk.action("reverse").put("id", reverse.toString()).put("reason", reason);
        }
        if (kind == null || amount == null || concerns == null) {
            throw new UsageException("give --kind, --amount and --concerns, or the adjustment to --reverse");
        }
        return desk.action("adjust")
                .put("kind", kind.name())
                .put("amount", amount)
                .put("currency", currency)
                .put("concerns", concerns.toString())
                .put("vendor", vendor)
                .put("tenant", tenant)
                .put("model", model)
                .put("invoice", invoice)
                .put("reason", reason);
    }
}
