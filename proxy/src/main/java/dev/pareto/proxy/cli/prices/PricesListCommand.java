package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "list", mixinStandardHelpOptions = true,
        description = "Every price version: since when, at which tier, and where it was read.")
final class PricesListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceFiles files;

    @Parameters(paramLabel = "PART", arity = "0..1", description = "only what has this in its name, e.g. openai/gpt-5")
    private @Nullable String part;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws ConfigException {
        PrintWriter out = spec.commandLine().getOut();
        String wanted = part == null ? "" : part;
        List<PriceVersion> versions = PriceFiles.book(files.sheets())
                .versions()
                .stream()
                .filter(version -> version.sku().contains(wanted))
                .toList();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(versions));
            return 0;
        }
        for (PriceVersion version : versions) {
            out.printf("%s%s (%s; %s)%n", version.id(), version.validTo() == null ? "" : " until " + version.validTo(),
                    version.basis().id(), version.source());
            version.bands().forEach(band -> out.printf("    %s%n", line(band)));
        }
        return 0;
    }

    private static String line(PriceBand band) {
        String size = band.fromPromptTokens() == 0 ? "" : "from " + band.fromPromptTokens() + " prompt tokens: ";
        String hours = band.hours().isEmpty()
                ? ""
                : band.hours()
                        .stream()
                        .map(part -> part.from() + "-" + part.to())
                        .collect(Collectors.joining(", ", "",
                                " UTC: "));
        String prices = band.prices()
                .entrySet()
                .stream()
                .map(entry -> entry.getKey() + " " + Money.plain(entry.getValue().price()) + per(entry.getValue()))
                .collect(Collectors.joining(", "));
        return size + hours + (prices.isEmpty() ? "unpriced" : prices);
    }

    private static String per(UnitPrice price) {
        return price.per().compareTo(UnitPrice.MILLION) == 0 ? "" : " per " + Money.plain(price.per());
    }
}
