package dev.pareto.policies.sheet;

import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.DailyHours;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Place;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads price rows. Prices are per 1,000,000 units unless {@code per} says otherwise. A token price above 1,000 a million is
 * refused: it was almost surely entered per token or per thousand.
 */
final class PriceRowReader {

    private static final BigDecimal DEAREST_TOKEN = BigDecimal.valueOf(1_000);
    private static final int FINEST_TOKEN_PRICE = 6;

    private static final Fields.Shape ROW = Fields.Shape
            .of("price row", "from", "to", "tier", "region", "basis", "source", "bands", "minimums")
            .and(Buckets.all());
    private static final Fields.Shape BAND = Fields.Shape.of("price band", "from", "above", "hours", "unpriced")
            .and(Buckets.all());
    private static final Fields.Shape PRICE = Fields.Shape.of("price", "price", "per");

    /**
     * @param sku the thing sold
     * @param source where the figures were read, unless a row says otherwise
     */
    List<PriceVersion> read(Tree prices, String sku, String currency, String source) {
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

    private PriceVersion row(Fields row, String model, String currency, String source) {
        Instant from = row.read("from", Units::moment);
        if (from == null) {
            throw new YamlException(row.place(), "a price row needs 'from'", "write from: 2026-11-21");
        }
        String tier = row.text("tier", PriceVersion.STANDARD);
        String region = row.text("region");
        String sku = region == null ? model : model + PriceBook.REGION + region;
        SortedMap<String, UnitPrice> base = prices(row);
        List<PriceBand> bands = new ArrayList<>();
        bands.add(new PriceBand(0, List.of(), base));
        if (row.tree("bands") instanceof Tree.Sequence sequence) {
            for (Tree item : sequence.items()) {
                bands.add(band(Fields.of(item, BAND), base));
            }
        }
        SortedMap<String, BigDecimal> minimums = new TreeMap<>();
        Tree least = row.tree("minimums");
        if (least != null) {
            Fields.named(least, "minimums")
                    .forEach((bucket, entry) -> minimums.put(known(bucket, entry.keyPlace()),
                            Fields.scalar(entry.value(), bucket, Units::decimal)));
        }
        CostSource named = row.read("basis", PriceRowReader::basis);
        CostSource basis = named == null ? CostSource.LIST : named;
        Instant to = row.read("to", Units::moment);
        String id = sku + ":" + tier + ":" + from.toString().replace("T00:00:00Z", "")
                + (basis == CostSource.CONTRACT ? ":contract" : "");
        return Fields.at(row.place(), "price row", () -> new PriceVersion(id, sku, tier, from, to, currency, bands,
                minimums, basis, row.text("source", source)));
    }

    /**
     * What is no token costs the same in every band, unless the band says otherwise. A band whose price nobody reports is stated as
     * {@code unpriced}, so that a long prompt is not billed as a short one.
     */
    private PriceBand band(Fields band, SortedMap<String, UnitPrice> base) {
        Integer from = band.count("from");
        Integer above = band.count("above");
        if (from != null && above != null) {
            throw new YamlException(band.place(), "a price band has 'from' or 'above', not both", "");
        }
        long first = above != null ? above + 1L : from != null ? from : 0L;
        List<DailyHours> hours = band.list("hours", PriceRowReader::hours);
        if (band.flag("unpriced", false)) {
            return Fields.at(band.place(), "price band", () -> new PriceBand(first, hours, new TreeMap<>()));
        }
        SortedMap<String, UnitPrice> prices = prices(band);
        base.forEach((bucket, price) -> {
            if (!Buckets.isToken(bucket)) {
                prices.putIfAbsent(bucket, price);
            }
        });
        return Fields.at(band.place(), "price band", () -> new PriceBand(first, hours, prices));
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
        if (!Buckets.isToken(bucket)) {
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
            throw new YamlException(place, "unknown bucket '" + bucket + "'", Nearest.remedy(bucket, Buckets.all()));
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
}
