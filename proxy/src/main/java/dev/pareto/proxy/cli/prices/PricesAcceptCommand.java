package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.yaml.Units;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.prices.PriceDesk;
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

@Command(name = "accept", mixinStandardHelpOptions = true, description = {
        "Accepts proposals: writes them as a new price file into prices/, which a running gateway reads by itself.",
        "No file that exists is edited."})
final class PricesAcceptCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceFiles files;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "proposals, as prices proposals lists them")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--by-rule",
            description = "every proposal that two catalogues agree on, that changes no price by half or"
                    + " more, and that no lint objects to")
    private boolean byRule;

    @Option(names = "--from", required = true, description = "the day or moment (UTC) from which the prices hold")
    private String from;

    @Option(names = "--by", defaultValue = "${sys:user.name}", description = "who accepts (default: ${DEFAULT-VALUE})")
    private String by;

    @Override
    public Integer call() throws IOException {
        if (ids.isEmpty() != byRule) {
            throw new UsageException("name proposals, or write --by-rule");
        }
        try {
            Instant validFrom = Units.moment(from);
            tell(byRule ? files.desk().acceptSound(validFrom, by) : files.desk().accept(ids, validFrom, by), validFrom);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(String.valueOf(wrong.getMessage()), wrong);
        }
        return 0;
    }

    private void tell(PriceDesk.Accepted accepted, Instant validFrom) {
        var out = spec.commandLine().getOut();
        accepted.proposals()
                .forEach(proposal -> out.printf("accepted %s: %s %s from %s%n", proposal.id(), proposal.sku(),
                        proposal.serviceTier(), validFrom));
        accepted.files().forEach(file -> out.println("wrote " + file));
    }
}
