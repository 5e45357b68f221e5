package dev.pareto.policies.policy;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.DailyHours;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceSheet;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Place;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads price files, ours and an organisation's own. Prices are per 1,000,000 units unless {@code per} says otherwise. A token
 * price above 1,000 a million is refused: it was almost surely entered per token or per thousand.
 */
public final class PriceSheetReader {

    private static final List<String> SHIPPED = List.of("openai", "anthropic", "google");
    private static final BigDecimal DEAREST_TOKEN = BigDecimal.valueOf(1_000);
    private static final int FINEST_TOKEN_PRICE = 6;

    private static final Fields.Shape SHEET = Fields.Shape.of("price file", "vendor", "currency", "checked", "source",
            "models");
    private static final Fields.Shape MODEL = Fields.Shape.of("model", "context", "max-output", "open", "can", "also",
            "agreed-by", "prices");
    private static final Fields.Shape ROW = Fields.Shape
            .of("price row", "from", "to", "tier", "basis", "source", "bands", "minimums")
            .and(Buckets.all());
    private static final Fields.Shape BAND = Fields.Shape.of("price band", "from", "above", "hours").and(Buckets.all());
    private static final Fields.Shape PRICE = Fields.Shape.of("price", "price", "per");

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
            return read(dev.pareto.policies.yaml.YamlParser.parse("prices/" + vendor + ".yaml", text, name -> null));
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
        String source = sheet.required("source") + " (checked " + sheet.required("checked") + ")";
        Tree models = sheet.tree("models");
        if (models == null) {
            throw new YamlException(sheet.place(), "a price file needs 'models'", "");
        }
        List<PriceSheet.Entry> entries = new ArrayList<>();
        Fields.named(models, "models").forEach((name, entry) -> {
            Fields model = Fields.of(entry.value(), MODEL);
            Tree prices = model.tree("prices");
            List<PriceVersion> versions = prices == null
                    ? List.of()
                    : rows(prices, vendor + "/" + name, currency, source);
            entries.add(new PriceSheet.Entry(name, model.flag("open", false), model.count("context"),
                    model.count("max-output"), model.list("can", text -> text), model.list("also", text -> text),
                    model.list("agreed-by", text -> text), versions));
        });
        return new PriceSheet(vendor, entries);
    }

    /** Reads the price rows of one thing sold. */
    public List<PriceVersion> rows(Tree prices, String sku, String currency, String source) {
        if (!(prices instanceof Tree.Sequence sequence)) {
            throw new YamlException(prices.place(), "'prices' must be a list of price rows, not " + prices.kind(),
                    "write - {from: 2026-11-21, input: 2.5, output: 10}");
        }
        List<PriceVersion> versions = new ArrayList<>();
        for (Tree item : sequence.items()) {
            versions.add(row(Fields.of(item, ROW), sku, currency, source));
        }
        return versions;
    }

    private PriceVersion row(Fields row, String sku, String currency, String source) {
        Instant from = row.read("from", Units::moment);
        if (from == null) {
            throw new YamlException(row.place(), "a price row needs 'from'", "write from: 2026-11-21");
        }
        String tier = row.text("tier", PriceVersion.STANDARD);
        List<PriceBand> bands = new ArrayList<>();
        bands.add(new PriceBand(0, List.of(), prices(row)));
        if (row.tree("bands") instanceof Tree.Sequence sequence) {
            for (Tree item : sequence.items()) {
                bands.add(band(Fields.of(item, BAND)));
            }
        }
        SortedMap<String, BigDecimal> minimums = new TreeMap<>();
        Tree least = row.tree("minimums");
        if (least != null) {
            Fields.named(least, "minimums")
                    .forEach((bucket, entry) -> minimums.put(known(bucket, entry.keyPlace()),
                            Fields.scalar(entry.value(), bucket, Units::decimal)));
        }
        CostSource basis = row.read("basis", PriceSheetReader::basis);
        Instant to = row.read("to", Units::moment);
        String id = sku + ":" + tier + ":" + from.toString().replace("T00:00:00Z", "");
        return Fields.at(row.place(), "price row", () -> new PriceVersion(id, sku, tier, from, to, currency, bands,
                minimums, basis == null ? CostSource.LIST : basis, row.text("source", source)));
    }

    private PriceBand band(Fields band) {
        Integer from = band.count("from");
        Integer above = band.count("above");
        if (from != null && above != null) {
            throw new YamlException(band.place(), "a price band has 'from' or 'above', not both", "");
        }
        long first = above != null ? above + 1L : from != null ? from : 0L;
        List<DailyHours> hours = band.list("hours", PriceSheetReader::hours);
        return Fields.at(band.place(), "price band", () -> new PriceBand(first, hours, prices(band)));
    }

    private static SortedMap<String, UnitPrice> prices(Fields fields) {
        SortedMap<String, UnitPrice> prices = new TreeMap<>();
        for (String bucket : Buckets.all()) {
            Tree tree = fields.tree(bucket);
            if (tree != null) {
                prices.put(bucket, plausible(bucket, unitPrice(tree, bucket), tree.place()));
            }
        }
        if (prices.isEmpty()) {
            throw new YamlException(fields.place(), "no price is given", "name a bucket, such as input: 2.5");
        }
        return prices;
    }

    private static UnitPrice unitPrice(Tree tree, String bucket) {
        if (tree instanceof Tree.Mapping) {
            Fields price = Fields.of(tree, PRICE);
            return Fields.at(tree.place(), bucket, () -> new UnitPrice(Units.decimal(price.required("price")),
                    Units.decimal(price.required("per"))));
        }
        return Fields.scalar(tree, bucket, text -> new UnitPrice(Units.decimal(text), UnitPrice.MILLION));
    }

    private static UnitPrice plausible(String bucket, UnitPrice unit, Place place) {
        if (!Buckets.isPrompt(bucket) && !Buckets.isOutput(bucket)) {
            return unit;
        }
        if (unit.price().multiply(UnitPrice.MILLION).compareTo(DEAREST_TOKEN.multiply(unit.per())) > 0) {
            throw new YamlException(place, bucket + " costs more than 1,000 per 1,000,000 tokens",
                    "prices are per 1,000,000 tokens; this one looks as if it were per token or per thousand");
        }
        if (unit.per().compareTo(UnitPrice.MILLION) == 0
                && unit.price().stripTrailingZeros().scale() > FINEST_TOKEN_PRICE) {
            throw new YamlException(place, bucket + " has more than six decimals",
                    "this looks like the noise of a floating-point number; enter the listed price");
        }
        return unit;
    }

    private static String known(String bucket, Place place) {
        if (!Buckets.isKnown(bucket)) {
            throw new YamlException(place, "unknown bucket '" + bucket + "'",
                    dev.pareto.policies.yaml.Nearest.remedy(bucket, Buckets.all()));
        }
        return bucket;
    }

    private static CostSource basis(String text) {
        return Stream.of(CostSource.values())
                .filter(basis -> basis.id().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("write list, contract, amortised or zero_rated, not '"
                        + text.toLowerCase(Locale.ROOT) + "'"));
    }

    private static DailyHours hours(String text) {
        String[] ends = text.split("-", 2);
        try {
            if (ends.length == 2) {
                return new DailyHours(LocalTime.parse(ends[0].strip()), LocalTime.parse(ends[1].strip()));
            }
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("write UTC hours such as 01:00-04:00, not '" + text + "'", e);
        }
        throw new IllegalArgumentException("write UTC hours such as 01:00-04:00, not '" + text + "'");
    }

    /** The sheet of a vendor among several. */
    public static @Nullable PriceSheet find(List<PriceSheet> sheets, String vendor) {
        return sheets.stream().filter(sheet -> sheet.vendor().equals(vendor)).findFirst().orElse(null);
    }
}
