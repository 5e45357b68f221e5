package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.yaml.Units;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "diff", mixinStandardHelpOptions = true,
        description = "What changed in the price book between two days: each price that holds on one and not on the other.")
final class PricesDiffCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private PriceFiles files;

    @Parameters(paramLabel = "FROM", index = "0", description = "a day or moment (UTC), e.g. 2026-07-01")
    private String from;

    @Parameters(paramLabel = "TO", index = "1", arity = "0..1", description = "a later one (default: now)")
    private @Nullable String to;

    @Option(names = "--model", description = "only what has this in its name, e.g. openai/gpt-5")
    private @Nullable String model;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    /**
     * One price that differs; amounts are exact text for {@code per} units, null where there is no price.
     *
     * @param band the smallest prompt that pays it, and at which UTC hours
     */
    record Difference(String sku, String tier, String bucket, String band, @Nullable String before,
            @Nullable String after, String per, @Nullable String percent) {}

    @Override
    public Integer call() throws ConfigException {
        Instant first = moment(from);
        Instant last = to == null ? Instant.now() : moment(to);
        if (!first.isBefore(last)) {
            throw new UsageException(first + " is not before " + last);
        }
        List<Difference> differences = differences(PriceSheetReader.book(files.sheets()), first, last);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(differences));
            return 0;
        }
        differences.forEach(one -> out.printf("%s %s %s%s: %s -> %s%s%s%n", one.sku(), one.tier(), one.bucket(),
                one.band(), one.before() == null ? "none" : one.before(), one.after() == null ? "none" : one.after(),
                one.per().equals("1000000") ? "" : " per " + one.per(),
                one.percent() == null ? "" : "  (" + one.percent() + " %)"));
        out.printf("%d prices differ between %s and %s.%n", differences.size(), first, last);
        return 0;
    }

    private List<Difference> differences(PriceBook book, Instant first, Instant last) {
        Map<String, PriceVersion> things = new TreeMap<>();
        book.versions()
                .stream()
                .filter(version -> model == null || version.sku().contains(model))
                .forEach(version -> things.putIfAbsent(version.sku() + "\n" + version.serviceTier(), version));
        List<Difference> differences = new ArrayList<>();
        for (PriceVersion thing : things.values()) {
            Map<String, UnitPrice> before = prices(book.at(thing.sku(), thing.serviceTier(), first));
            Map<String, UnitPrice> after = prices(book.at(thing.sku(), thing.serviceTier(), last));
            Map<String, UnitPrice> all = new TreeMap<>(before);
            all.putAll(after);
            all.keySet().forEach(key -> {
                UnitPrice old = before.get(key);
                UnitPrice now = after.get(key);
                if (old == null || now == null || perUnit(old).compareTo(perUnit(now)) != 0) {
                    differences.add(difference(thing, key, old, now));
                }
            });
        }
        return differences;
    }

    /** By bucket and band. */
    private static Map<String, UnitPrice> prices(Optional<PriceVersion> version) {
        Map<String, UnitPrice> prices = new TreeMap<>();
        version.ifPresent(known -> known.bands()
                .forEach(band -> band.prices()
                        .forEach((bucket, price) -> prices.put(
                                bucket + "\n" + (band.fromPromptTokens() == 0 ? "" : " from " + band.fromPromptTokens())
                                        + (band.hours().isEmpty() ? "" : " at " + band.hours()),
                                price))));
        return prices;
    }

    private static Difference difference(PriceVersion thing, String key, @Nullable UnitPrice old,
            @Nullable UnitPrice now) {
        int end = key.indexOf('\n');
        UnitPrice known = now == null ? old : now;
        String per = known == null ? "1000000" : Money.plain(known.per());
        return new Difference(thing.sku(), thing.serviceTier(), key.substring(0, end), key.substring(end + 1),
                old == null ? null : Money.plain(old.price()), now == null ? null : Money.plain(now.price()), per,
                old == null || now == null ? null : percent(perUnit(old), perUnit(now)));
    }

    private static @Nullable String percent(BigDecimal old, BigDecimal now) {
        return old.signum() == 0
                ? null
                : (now.compareTo(old) > 0 ? "+" : "") + Money.plain(now.subtract(old)
                        .multiply(BigDecimal.valueOf(100))
                        .divide(old, 1, RoundingMode.HALF_EVEN));
    }

    private static BigDecimal perUnit(UnitPrice price) {
        return price.price().divide(price.per(), 24, RoundingMode.HALF_EVEN);
    }

    private static Instant moment(String text) {
        try {
            return Units.moment(text);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException(String.valueOf(wrong.getMessage()), wrong);
        }
    }
}
