package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.sheet.market.AcceptanceRule;
import dev.pareto.policies.sheet.market.Catalogue;
import dev.pareto.policies.sheet.market.Proposals;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.prices.PriceDesk;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "import", mixinStandardHelpOptions = true, description = {
        "Reads a public catalogue's file and proposes what differs from the price book.",
        "Nothing changes until a proposal is accepted, by a person or by the configuration's price-proposals.accept."})
final class PricesImportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceFiles files;

    @Parameters(index = "0", paramLabel = "CATALOGUE", description = "litellm, models.dev, openrouter or genai-prices")
    private String catalogue;

    @Parameters(index = "1", paramLabel = "FILE.json", description = "its file, as published")
    private Path file;

    @Option(names = "--as-of", required = true, description = "the date of the file's data, e.g. 2026-11-20")
    private LocalDate asOf;

    @Option(names = "--new", split = ",", paramLabel = "VENDOR",
            description = "propose models of these vendors that the book does not sell, too")
    private Set<String> newOnes = Set.of();

    @Option(names = "--refused", description = "tell which entries could not be read")
    private boolean tellRefused;

    @Override
    public Integer call() throws IOException, ConfigException {
        Catalogue source = Catalogue.all()
                .stream()
                .filter(known -> known.name().equals(catalogue.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new UsageException("unknown catalogue '" + catalogue + "'; known are "
                        + Catalogue.all().stream().map(Catalogue::name).toList()));
        List<PriceSheet> sheets = files.sheets();
        PriceBook book = PriceSheetReader.book(sheets);
        Instant now = Instant.now();
        Catalogue.Reading reading;
        Proposals.Outcome outcome;
        try {
            Catalogue.Reading read = source.read(PriceFiles.json(file), now);
            reading = read;
            outcome = files.desk().change((proposals, store) -> {
                Proposals.Outcome compared = proposals.with(read.quotes(), book, names(sheets), newOnes,
                        source.name(), asOf, now);
                store.write(compared.proposals());
                return compared;
            });
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(file + ": " + wrong.getMessage(), wrong);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%d prices read, %d could not be.%n", reading.quotes().size(), reading.refused().size());
        if (tellRefused) {
            reading.refused().forEach(out::println);
        }
        out.printf(
                "%d of them are of things in the price book: %d agree, %d new proposals, %d proposals have one source more.%n",
                outcome.compared(), outcome.same(), outcome.made(), outcome.backed());
        acceptByRule(out);
        out.printf("%d proposals are open: ./pareto prices proposals%n", files.desk().proposals().open().size());
        return 0;
    }

    private void acceptByRule(PrintWriter out) throws IOException, ConfigException {
        AcceptanceRule rule = files.accepts();
        if (rule == null) {
            return;
        }
        try {
            PriceDesk.Accepted accepted = files.desk().acceptBy(rule);
            out.printf("%d of them accepted by the configuration (%s).%n", accepted.proposals().size(), rule.words());
            accepted.files().forEach(written -> out.println("wrote " + written));
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("the proposals were kept and none was accepted by the rule: " + wrong.getMessage(),
                    wrong);
        }
    }

    /** A catalogue may use a dated name, or dots where we have dashes. */
    private static Map<String, String> names(List<PriceSheet> sheets) {
        Map<String, String> names = new HashMap<>();
        for (PriceSheet sheet : sheets) {
            for (PriceSheet.Entry entry : sheet.models()) {
                String sku = sheet.vendor() + "/" + entry.name();
                entry.aliases().forEach(alias -> names.putIfAbsent(sheet.vendor() + "/" + alias, sku));
                names.putIfAbsent(sheet.vendor() + "/" + entry.name().replaceAll("(?<=\\d)-(?=\\d)", "."), sku);
            }
        }
        sheets.forEach(sheet -> sheet.models().forEach(entry -> names.remove(sheet.vendor() + "/" + entry.name())));
        return names;
    }
}
