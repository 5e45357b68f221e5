package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.ExchangeRates;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceStatus;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.usage.UsageNormaliser;
import dev.pareto.policies.sheet.EntryCosts;
import dev.pareto.policies.sheet.EntryCosts.Costed;
import dev.pareto.policies.sheet.EntryCosts.Refused;
import dev.pareto.policies.sheet.EntryCosts.Result;
import dev.pareto.policies.sheet.EntryCosts.Skipped;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "cost", mixinStandardHelpOptions = true, description = {
        "Costs entries of the form {dialect, service_tier, usage_raw, prices}.",
        "An entry without prices is costed at the price book's for its 'model'. Ends with 1 when an entry is refused."})
final class PricesCostCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceFiles files;

    @Parameters(paramLabel = "FILE.json", description = "one entry, a list of them, or {\"vectors\": [...]}")
    private Path file;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Option(names = "--currency", description = "show totals in this currency, too, at --rates of today")
    private @Nullable String currency;

    @Option(names = "--rates", description = "a file of dated exchange rates")
    private @Nullable Path rates;

    private final JsonMapper mapper = new JsonMapper();

    @Override
    public Integer call() throws IOException, ConfigException {
        if ((currency == null) != (rates == null)) {
            throw new UsageException("--currency and --rates go together");
        }
        ExchangeRates known = rates == null ? ExchangeRates.none() : ConfigReader.exchangeRates(rates);
        Instant now = Instant.now();
        List<Result> results;
        try {
            results = new EntryCosts(files.sheets(), now).cost(PriceFiles.json(file));
        } catch (IllegalArgumentException noEntries) {
            throw new UsageException(file + ": " + noEntries.getMessage(), noEntries);
        }
        PrintWriter out = spec.commandLine().getOut();
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        if (json) {
            ArrayNode array = mapper.createArrayNode();
            results.forEach(result -> array.add(view(result, known, today)));
            out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(array));
        } else {
            results.forEach(result -> print(result, known, today, out));
        }
        return results.stream().anyMatch(Refused.class::isInstance) ? 1 : 0;
    }

    private ObjectNode view(Result result, ExchangeRates known, LocalDate today) {
        ObjectNode view = mapper.createObjectNode();
        view.set("id", result.id());
        switch (result) {
            case Skipped _ -> view.put("skipped", "a case of behaviour: it holds no usage to cost");
            case Refused refused -> refused(refused, view);
            case Costed costed -> costed(costed, view, known, today);
        }
        return view;
    }

    /** The same members as those of an entry that was costed, so that a script can read them without asking. */
    private static void refused(Refused refused, ObjectNode view) {
        view.put("error", refused.reason());
        view.putObject("buckets");
        view.putArray("lines");
        view.putNull("cost").put("price_status", PriceStatus.MISSING.name());
        for (String unknown : List.of("list_cost", "currency", "cost_source", "service_tier", "price_version")) {
            view.putNull(unknown);
        }
        view.putArray("flags").add("refused");
        view.putObject("information");
        view.put("normaliser_version", UsageNormaliser.VERSION);
    }

    private void costed(Costed costed, ObjectNode view, ExchangeRates known, LocalDate today) {
        Bill bill = costed.bill();
        ObjectNode buckets = view.putObject("buckets");
        costed.usage().quantities().forEach((bucket, quantity) -> buckets.put(bucket, Money.plain(quantity)));
        new TreeSet<>(costed.usage().unknown()).forEach(buckets::putNull);
        ArrayNode lines = view.putArray("lines");
        for (ChargeLine line : bill.contracted().lines()) {
            lines.addObject()
                    .put("bucket", line.bucket())
                    .put("quantity", Money.plain(line.quantity()))
                    .put("unit_price", plain(line.unitPrice()))
                    .put("per", plain(line.per()))
                    .put("cost", plain(line.exact()));
        }
        Money billed = bill.billed();
        view.put("cost", plain(bill.reported() == null ? bill.contracted().exact() : bill.reported().amount()));
        view.put("price_status", (billed == null ? PriceStatus.MISSING : PriceStatus.PRICED).name());
        view.put("list_cost", plain(bill.list().exact()));
        view.put("currency", billed == null ? null : billed.currency());
        view.put("cost_source", bill.source());
        Money drift = bill.drift();
        if (drift != null) {
            view.put("drift", drift.plain());
        }
        view.put("service_tier", costed.serviceTier());
        view.put("price_version", bill.contracted().priceVersion());
        ArrayNode flags = view.putArray("flags");
        flags(costed.usage()).forEach(flags::add);
        if (billed == null) {
            flags.add("unpriced");
        }
        ObjectNode information = view.putObject("information");
        costed.usage().information().forEach((name, quantity) -> information.put(name, Money.plain(quantity)));
        view.put("normaliser_version", UsageNormaliser.VERSION);
        String wanted = currency;
        if (billed != null && wanted != null) {
            view.set("converted", converted(billed, wanted, known, today));
        }
    }

    private static List<String> flags(Usage usage) {
        List<String> flags = new ArrayList<>();
        if (usage.inconsistent()) {
            flags.add("usage_inconsistent");
        }
        if (!usage.derived().isEmpty()) {
            flags.add("usage_derived");
        }
        if (!usage.unknown().isEmpty()) {
            flags.add("usage_unknown");
        }
        return flags;
    }

    private JsonNode converted(Money billed, String wanted, ExchangeRates known, LocalDate today) {
        return known.convert(billed, wanted, today)
                .map(conversion -> (JsonNode) mapper.createObjectNode()
                        .put("cost", conversion.to().plain())
                        .put("currency", wanted)
                        .put("display", conversion.to().display())
                        .put("rate_day", String.valueOf(conversion.day()))
                        .put("rate_source", conversion.source()))
                .orElse(mapper.nullNode());
    }

    private static @Nullable String plain(@Nullable BigDecimal value) {
        return value == null ? null : Money.plain(value);
    }

    private void print(Result result, ExchangeRates known, LocalDate today, PrintWriter out) {
        switch (result) {
            case Skipped skipped -> out.printf("%s  skipped: it holds no usage to cost%n", skipped.id().asString(""));
            case Refused refused -> out.printf("%s  REFUSED: %s%n", refused.id().asString(""), refused.reason());
            case Costed costed -> {
                Bill bill = costed.bill();
                Money billed = bill.billed();
                out.printf("%s  %s (%s, %s)  %s%n", costed.id().asString(""), billed == null ? "UNPRICED" : billed,
                        bill.source(), costed.serviceTier(), String.join(" ", flags(costed.usage())));
                for (ChargeLine line : bill.contracted().lines()) {
                    out.printf("  %-26s %15s x %s = %s%n", line.bucket(), Money.plain(line.quantity()),
                            line.unitPrice() == null
                                    ? "no price"
                                    : plain(line.unitPrice()) + " / " + plain(line.per()),
                            line.exact() == null ? "?" : plain(line.exact()));
                }
                String wanted = currency;
                if (billed != null && wanted != null) {
                    out.println("  = " + known.convert(billed, wanted, today)
                            .map(conversion -> conversion.to() + " at the rate of " + conversion.day())
                            .orElse("no rate to " + wanted));
                }
            }
        }
    }
}
