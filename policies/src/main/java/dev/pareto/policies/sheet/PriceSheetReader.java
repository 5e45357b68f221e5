package dev.pareto.policies.sheet;

import dev.pareto.policies.price.Discount;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import dev.pareto.policies.yaml.YamlParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads price files, ours and an organisation's own; what a row may hold, {@link PriceRowReader} says. */
public final class PriceSheetReader {

    private static final List<String> SHIPPED = List.of("openai", "anthropic", "google", "mistral", "deepseek", "x-ai",
            "moonshotai",
            "zai", "minimax", "dashscope", "groq", "fireworks", "together", "cerebras", "perplexity", "cohere", "aws");

    private static final Fields.Shape SHEET = Fields.Shape.of("price file", "vendor", "currency", "checked", "source",
            "models", "contracts");
    private static final Fields.Shape MODEL = Fields.Shape.of("model", "context", "max-output", "open", "can", "also",
            "agreed-by", "deprecated", "regions", "prices");
    private static final Fields.Shape CONTRACT = Fields.Shape.of("contract", "discount", "from", "to", "models",
            "tiers");

    private final PriceRowReader rows = new PriceRowReader();

    /** The price files inside this jar. */
    public List<PriceSheet> shipped() {
        return SHIPPED.stream().map(this::shipped).toList();
    }

    private PriceSheet shipped(String vendor) {
        String resource = "/dev/pareto/policies/prices/" + vendor + ".yaml";
        try (InputStream in = PriceSheetReader.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return read(YamlParser.parse("prices/" + vendor + ".yaml", text, name -> null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws YamlException when a row is malformed, repeats a date, or holds a price that cannot be meant
     */
    public PriceSheet read(Tree tree) {
        Fields sheet = Fields.of(tree, SHEET);
        String vendor = sheet.required("vendor");
        String currency = sheet.required("currency");
        sheet.required("checked");
        LocalDate checked = day(sheet, "checked");
        String source = sheet.required("source") + " (checked " + checked + ")";
        Tree models = sheet.tree("models");
        Tree contracts = sheet.tree("contracts");
        if (models == null && contracts == null) {
            throw new YamlException(sheet.place(), "a price file needs 'models' or 'contracts'", "");
        }
        List<PriceSheet.Entry> entries = new ArrayList<>();
        if (models != null) {
            Fields.named(models, "models")
                    .forEach((name, entry) -> entries.add(model(name, entry.value(), vendor, currency, source)));
        }
        List<Discount> discounts = new ArrayList<>();
        if (contracts != null) {
            Fields.named(contracts, "contracts")
                    .forEach((name, entry) -> discounts.add(discount(name, entry.value(), vendor)));
        }
        return new PriceSheet(tree.place().file(), vendor, checked == null ? LocalDate.EPOCH : checked, entries,
                discounts);
    }

    private PriceSheet.Entry model(String name, Tree tree, String vendor, String currency, String source) {
        Fields model = Fields.of(tree, MODEL);
        Tree prices = model.tree("prices");
        List<PriceVersion> versions = new ArrayList<>();
        if (prices != null) {
            versions.addAll(rows.read(prices, vendor + "/" + name, currency, source));
        }
        Tree regions = model.tree("regions");
        if (regions != null) {
            List<PriceVersion> everywhere = List.copyOf(versions);
            Fields.named(regions, "regions")
                    .forEach((region, entry) -> versions
                            .addAll(inRegion(region, Fields.scalar(entry.value(), region, Units::decimal),
                                    everywhere)));
        }
        return new PriceSheet.Entry(name, model.flag("open", false), model.count("context"), model.count("max-output"),
                model.list("can", text -> text), model.list("also", text -> text),
                model.list("agreed-by", text -> text),
                day(model, "deprecated"), versions);
    }

    /** A vendor's factor on tokens for a region, spelt out: a bill names a price, never a calculation. */
    private static List<PriceVersion> inRegion(String region, BigDecimal factor, List<PriceVersion> everywhere) {
        return everywhere.stream().map(version -> {
            List<PriceBand> bands = version.bands().stream().map(band -> {
                SortedMap<String, UnitPrice> prices = new TreeMap<>();
                band.prices()
                        .forEach((bucket, price) -> prices.put(bucket,
                                Buckets.isToken(bucket) ? price.times(factor) : price));
                return new PriceBand(band.fromPromptTokens(), band.hours(), prices);
            }).toList();
            String sku = version.sku() + PriceBook.REGION + region;
            return new PriceVersion(version.id().replace(version.sku(), sku), sku, version.serviceTier(),
                    version.validFrom(),
                    version.validTo(), version.currency(), bands, version.minimums(), version.basis(),
                    version.source());
        }).toList();
    }

    private static Discount discount(String name, Tree tree, String vendor) {
        Fields contract = Fields.of(tree, CONTRACT);
        contract.required("discount");
        Instant from = contract.read("from", Units::moment);
        if (from == null) {
            throw new YamlException(contract.place(), "a contract needs 'from'", "write from: 2026-01-01");
        }
        Instant to = contract.read("to", Units::moment);
        BigDecimal share = contract.read("discount", PriceSheetReader::percent);
        return Fields.at(contract.place(), "contract", () -> new Discount(name, vendor,
                Set.copyOf(contract.list("models", text -> text)), Set.copyOf(contract.list("tiers", text -> text)),
                share == null ? BigDecimal.ZERO : share, from, to));
    }

    /** Exact, as money hangs on it. */
    private static BigDecimal percent(String text) {
        if (!text.matches("\\d{1,3}(\\.\\d{1,6})?\\s*%")) {
            throw new IllegalArgumentException("write a share such as 12 % or 7.5 %, not '" + text + "'");
        }
        return new BigDecimal(text.replace("%", "").strip()).movePointLeft(2);
    }

    private static @Nullable LocalDate day(Fields fields, String key) {
        return fields.read(key, text -> {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("write a day such as 2026-11-21, not '" + text + "'", e);
            }
        });
    }

    /** Reads the price rows of one thing sold. */
    public List<PriceVersion> rows(Tree prices, String sku, String currency, String source) {
        return rows.read(prices, sku, currency, source);
    }

    /** The sheet of a vendor among several. */
    public static @Nullable PriceSheet find(List<PriceSheet> sheets, String vendor) {
        return sheets.stream().filter(sheet -> sheet.vendor().equals(vendor)).findFirst().orElse(null);
    }

    /** Everything that sheets say, in one book, contracts spelt out. */
    public static PriceBook book(List<PriceSheet> sheets) {
        return new PriceBook(sheets.stream().flatMap(sheet -> sheet.versions().stream()).toList())
                .withDiscounts(sheets.stream().flatMap(sheet -> sheet.discounts().stream()).toList());
    }

    /** The model of a vendor that is sold under a name or one of its dated names. */
    public static Stream<PriceSheet.Entry> sold(List<PriceSheet> sheets, String vendor, String name) {
        return sheets.stream()
                .filter(sheet -> sheet.vendor().equals(vendor))
                .flatMap(sheet -> sheet.models().stream())
                .filter(entry -> entry.name().equals(name) || entry.aliases().contains(name));
    }

}
