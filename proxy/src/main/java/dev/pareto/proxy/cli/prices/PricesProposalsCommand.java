package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.price.Money;
import dev.pareto.policies.sheet.Finding;
import dev.pareto.policies.sheet.market.Proposal;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "proposals", mixinStandardHelpOptions = true,
        description = "Prices that catalogues report and the book does not have.")
final class PricesProposalsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceFiles files;

    @Option(names = "--all", description = "those that were decided, too")
    private boolean all;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Proposal> proposals;
        try {
            proposals = all ? files.desk().proposals().all() : files.desk().proposals().open();
        } catch (IllegalArgumentException notOurs) {
            throw new UsageException(String.valueOf(notOurs.getMessage()), notOurs);
        }
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(proposals));
            return 0;
        }
        proposals.forEach(proposal -> print(proposal, out));
        out.printf("%d proposals.%n", proposals.size());
        return 0;
    }

    private static void print(Proposal proposal, PrintWriter out) {
        out.printf("%s  %s %s%s  by %s%s%n", proposal.id(), proposal.sku(), proposal.serviceTier(),
                proposal.from() == null ? "" : " from " + proposal.from(),
                proposal.sources().stream().map(Proposal.Source::toString).collect(Collectors.joining(", ")),
                proposal.state() == Proposal.State.OPEN
                        ? ""
                        : "  " + proposal.state().name().toLowerCase(Locale.ROOT) + " by " + proposal.decidedBy()
                                + (proposal.reason() == null ? "" : ": " + proposal.reason()));
        for (Proposal.Change change : proposal.changes()) {
            out.printf("    %-18s %s -> %s%s%n",
                    change.bucket() + (change.fromPromptTokens() == 0 ? "" : " from " + change.fromPromptTokens()),
                    change.before() == null ? "none" : Money.plain(change.before()), Money.plain(change.after()),
                    change.percent() == null
                            ? ""
                            : "  (" + (change.percent().signum() > 0 ? "+" : "")
                                    + Money.plain(change.percent()) + " %)");
        }
        for (Finding finding : proposal.findings()) {
            out.println("    ! " + finding.severity().id() + " " + finding.rule() + ": " + finding.message());
        }
    }
}
