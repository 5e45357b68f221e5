package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.sheet.market.Proposal;
import dev.pareto.policies.sheet.market.Proposals;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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

    @Override
    public Integer call() throws IOException {
        try {
            Proposals proposals = files.proposals().read();
            for (String id : ids.stream().distinct().toList()) {
                Proposal proposal = proposals.find(id)
                        .orElseThrow(() -> new UsageException("there is no proposal " + id));
                proposals = proposals.replacing(proposal.decided(Proposal.State.REJECTED, Instant.now(), by));
            }
            files.proposals().write(proposals);
        } catch (IllegalArgumentException decided) {
            throw new UsageException(String.valueOf(decided.getMessage()), decided);
        }
        spec.commandLine().getOut().printf("rejected %d%n", ids.size());
        return 0;
    }
}
