package dev.pareto.policies.sheet;

import dev.pareto.policies.price.Bill;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.ChargeLine;
import dev.pareto.policies.price.Cost;
import dev.pareto.policies.price.CostCalculator;
import dev.pareto.policies.price.CostSource;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBand;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.price.ServiceTiers;
import dev.pareto.policies.price.UnitPrice;
import dev.pareto.policies.price.Usage;
import dev.pareto.policies.price.usage.ReportedCost;
import dev.pareto.policies.price.usage.Served;
import dev.pareto.policies.price.usage.UsageNormaliser;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.YamlException;
import dev.pareto.policies.yaml.YamlParser;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Costs entries of the form {@code {dialect, service_tier, usage_raw, prices}}: a vendor's usage object at stated prices, or at those
 * of the book for the {@code model} that it names. What is not understood is refused, never guessed.
 */
public final class EntryCosts {

    private static final int MOST_ENTRIES = 1_000_000;
    private static final BigDecimal DEAREST_A_MILLION = BigDecimal.valueOf(1_000);
    private static final int MOST_DIGITS = 60;
    private static final int MOST_LETTERS = 100;
    private static final int MOST_SHOWN = 40;
    /** What a price object may say beside its figures without changing them. */
    private static final Set<String> REMARKS = Set.of("unit", "source", "note", "description", "currency");

    private final List<PriceSheet> sheets;
    private final PriceBook book;
    private final Instant now;
    private final CostCalculator calculator = new CostCalculator();
    private final UsageNormaliser normaliser = new UsageNormaliser();

    /**
     * @param sheets the prices of entries that name a model and no prices
     * @param now when an entry happened that does not say
     */
    public EntryCosts(List<PriceSheet> sheets, Instant now) {
        this.sheets = List.copyOf(sheets);
        this.book = PriceSheetReader.book(sheets);
        this.now = now;
    }

    /** What became of an entry. */
    public sealed interface Result {

        /** As the entry says it, a text or a number; its place such as {@code #3} where it says none. */
        JsonNode id();
    }

    /**
     * An entry that was costed.
     *
     * @param usage in the buckets that were billed
     * @param bill at the list's and the contract's prices, and in the vendor's words
     * @param serviceTier at which it was costed
     */
    public record Costed(JsonNode id, Usage usage, Bill bill, String serviceTier) implements Result {}

    /**
     * An entry that cannot be costed.
     *
     * @param reason what is wrong with it and where
     */
    public record Refused(JsonNode id, String reason) implements Result {}

    /** An entry that describes behaviour and holds no usage to cost. */
    public record Skipped(JsonNode id) implements Result {}

    /**
     * @param document one entry, a list of them, or an object with a list under {@code vectors} or {@code entries}
     * @throws IllegalArgumentException when it is none of these
     */
    public List<Result> cost(JsonNode document) {
        JsonNode list = document.path("vectors").isArray()
                ? document.path("vectors")
                : document.path("entries").isArray() ? document.path("entries") : document;
        if (list.isObject() && (list.has("dialect") || list.has("usage_raw"))) {
            return List.of(one(list, 1));
        }
        if (!list.isArray() || list.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    "write one entry {dialect, service_tier, usage_raw, prices}, a list of them, or {\"vectors\": [...]}");
        }
        List<Result> results = new ArrayList<>();
        for (JsonNode entry : list) {
            results.add(one(entry, results.size() + 1));
        }
        return results;
    }

    private Result one(JsonNode entry, int number) {
        JsonNode told = entry.path("id");
        JsonNode id = told.isString() || told.isNumber() ? told : StringNode.valueOf("#" + number);
        if (entry.has("inputs") && !entry.has("usage_raw")) {
            return new Skipped(id);
        }
        try {
            return costed(id, entry);
        } catch (YamlException refused) {
            return new Refused(id, "prices: " + refused.reason()
                    + (refused.remedy().isEmpty() ? "" : "; " + refused.remedy()));
        } catch (IllegalArgumentException | ArithmeticException refused) {
            return new Refused(id, String.valueOf(refused.getMessage()));
        }
    }

    private Costed costed(JsonNode id, JsonNode entry) {
        if (!entry.isObject()) {
            throw new IllegalArgumentException("an entry is a JSON object, not " + entry.getNodeType());
        }
        String dialect = text(entry, "dialect");
        if (dialect == null) {
            throw new IllegalArgumentException("the entry names no dialect");
        }
        JsonNode raw = usage(dialect, entry);
        Usage usage = normaliser.normalise(dialect, raw);
        Served served = Served.of(raw.isArray() ? raw.path(raw.size() - 1) : raw);
        String told = served.tier() == null ? text(entry, "served_service_tier") : served.tier();
        String asked = text(entry, "service_tier") == null
                ? text(entry, "requested_service_tier")
                : text(entry, "service_tier");
        if (asked == null && isBatch(dialect)
                && ServiceTiers.effective(told, null).equals(PriceVersion.STANDARD)) {
            // A batch's lines call themselves "default" and are billed as a batch all the same.
            asked = "batch";
            told = null;
        }
        String tier = ServiceTiers.effective(told, asked);
        Instant when = moment(entry);
        Money reported = ReportedCost.of(raw);
        PriceVersion stated = stated(entry, id.asString(""), ServiceTiers.effective(asked == null ? told : asked, null),
                when);
        if (stated != null) {
            Cost cost = inOrderOf(entry.path("prices"), calculator.cost(usage, stated, when));
            return new Costed(id, calculator.billable(usage, stated, when),
                    new Bill(cost, cost, reported, stated.basis()), tier);
        }
        String sku = entry.path("prices").isObject() ? null : sku(text(entry, "model"), dialect);
        if (sku == null) {
            Cost cost = calculator.cost(usage, null, when);
            return new Costed(id, usage, new Bill(cost, cost, reported, null), tier);
        }
        String there = book.inRegion(sku, served.region());
        Usage billable = book.at(there, tier, when).map(price -> calculator.billable(usage, price, when)).orElse(usage);
        return new Costed(id, billable, calculator.bill(usage, book, there, tier, when, reported), tier);
    }

    private static boolean isBatch(String dialect) {
        return dialect.toLowerCase(Locale.ROOT).strip().matches("[^./:]+[./:]batch(es)?\\b.*");
    }

    /** Lines in the order in which the entry states its prices, so that a reader finds them where he wrote them. */
    private static Cost inOrderOf(JsonNode prices, Cost cost) {
        if (!prices.isObject()) {
            return cost;
        }
        List<String> order = List.copyOf(prices.propertyNames());
        List<ChargeLine> lines = cost.lines()
                .stream()
                .sorted(Comparator.comparingInt(
                        line -> order.contains(line.bucket()) ? order.indexOf(line.bucket()) : order.size()))
                .toList();
        return new Cost(lines, cost.total(), cost.status(), cost.priceVersion());
    }

    /** A bill that is worked out without a vendor's usage object states its quantities by bucket. */
    private static JsonNode usage(String dialect, JsonNode entry) {
        if (dialect.equals("focus") || dialect.equals("buckets")) {
            for (String key : new String[]{"buckets", "quantities", "expected_buckets"}) {
                if (entry.path(key).isObject()) {
                    return entry.path(key);
                }
            }
        }
        JsonNode raw = entry.path("usage_raw");
        if (raw.isMissingNode() || raw.isNull()) {
            throw new IllegalArgumentException(
                    "the entry has no usage_raw: what was used is unknown, which is not nothing");
        }
        return raw;
    }

    private static @Nullable String text(JsonNode entry, String key) {
        JsonNode node = entry.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isString()) {
            throw new IllegalArgumentException(key + " must be a text");
        }
        return node.stringValue();
    }

    private Instant moment(JsonNode entry) {
        String at = text(entry, "at");
        try {
            return at == null ? now : Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("at is '" + at + "', not a moment such as 2026-08-21T00:00:00Z", e);
        }
    }

    /** The thing sold under a name; where several vendors sell it, the one whose dialect is spoken. */
    private @Nullable String sku(@Nullable String model, String dialect) {
        if (model == null || book.skus().contains(model)) {
            return model;
        }
        List<String> sold = sheets.stream()
                .flatMap(sheet -> sheet.models()
                        .stream()
                        .filter(entry -> entry.name().equals(model) || entry.aliases().contains(model)
                                || model.equals(sheet.vendor() + "/" + entry.name())
                                || entry.aliases()
                                        .stream()
                                        .anyMatch(alias -> model.equals(sheet.vendor() + "/" + alias)))
                        .map(entry -> sheet.vendor() + "/" + entry.name()))
                .distinct()
                .toList();
        List<String> own = sold.stream()
                .filter(sku -> sku.startsWith(dialect.replaceFirst("\\..*", "") + "/"))
                .toList();
        if (own.size() == 1) {
            return own.getFirst();
        }
        if (sold.size() > 1) {
            throw new IllegalArgumentException("model '" + model + "' is sold as " + sold + "; name one of them");
        }
        return sold.isEmpty() ? model : sold.getFirst();
    }

    /** The prices that the entry states; null when it states none. */
    private @Nullable PriceVersion stated(JsonNode entry, String id, String tier, Instant when) {
        JsonNode prices = entry.path("prices");
        String currency = entry.has("currency") ? text(entry, "currency") : "USD";
        if (prices.isArray()) {
            return new PriceBook(
                    new PriceRowReader().read(YamlParser.parse("prices", plainly(prices).toString(), name -> null),
                            "entry",
                            currency == null ? "USD" : currency, "stated"))
                    .at("entry", tier, when)
                    .orElseThrow(
                            () -> new IllegalArgumentException("no price row holds for tier " + tier + " at " + when));
        }
        if (prices.isMissingNode() || prices.isNull() || (prices.isObject() && prices.isEmpty())) {
            return null;
        }
        if (!prices.isObject()) {
            throw new IllegalArgumentException("prices must be an object of buckets or a list of price rows");
        }
        SortedMap<String, UnitPrice> units = new TreeMap<>();
        SortedMap<String, BigDecimal> minimums = minimums(entry);
        prices.forEachEntry((bucket, price) -> price(bucket, price, units, minimums));
        if (units.isEmpty()) {
            return null;
        }
        return new PriceVersion("stated:" + id, "entry", tier, Instant.MIN, null, currency == null ? "USD" : currency,
                List.of(new PriceBand(0, List.of(), units)), minimums, CostSource.LIST, "stated");
    }

    private static SortedMap<String, BigDecimal> minimums(JsonNode entry) {
        SortedMap<String, BigDecimal> minimums = new TreeMap<>();
        entry.path("minimums")
                .forEachEntry((bucket, least) -> minimums.put(known(bucket), decimal(least, "the minimum")));
        if (entry.has("billable_seconds")) {
            minimums.put(Buckets.AUDIO_SECOND, decimal(entry.path("billable_seconds"), "billable_seconds"));
        }
        return minimums;
    }

    private static void price(String bucket, JsonNode price, SortedMap<String, UnitPrice> units,
            SortedMap<String, BigDecimal> minimums) {
        String name = known(bucket);
        if (price.isNull() || (price.isObject() && price.path("price").isNull())) {
            return;
        }
        UnitPrice unit;
        if (price.isObject()) {
            price.propertyNames().forEach(key -> {
                if (!REMARKS.contains(key) && !key.equals("price") && !key.equals("per") && !key.equals("minimum")) {
                    throw new IllegalArgumentException("the price of " + bucket + " has an unknown key '" + key + "'");
                }
            });
            unit = new UnitPrice(decimal(price.path("price"), "the price of " + bucket),
                    price.has("per") ? decimal(price.path("per"), "per of " + bucket) : UnitPrice.MILLION);
            if (price.has("minimum")) {
                minimums.put(name, decimal(price.path("minimum"), "the minimum of " + bucket));
            }
        } else {
            unit = new UnitPrice(decimal(price, "the price of " + bucket), UnitPrice.MILLION);
        }
        if (Buckets.isToken(name) && unit.perMillion().compareTo(DEAREST_A_MILLION) > 0) {
            throw new IllegalArgumentException(
                    "the price of " + bucket + " is more than 1,000 a million tokens, as if it were"
                            + " entered per token or per thousand");
        }
        units.put(name, unit);
    }

    private static String known(String bucket) {
        if (!Buckets.isKnown(bucket)) {
            throw new IllegalArgumentException(
                    "there is no bucket '" + bucket + "'; " + Nearest.remedy(bucket, Buckets.all()));
        }
        return bucket;
    }

    private static BigDecimal decimal(JsonNode node, String what) {
        BigDecimal value = null;
        if (node.isNumber() && (!(node.isDouble() || node.isFloat()) || Double.isFinite(node.doubleValue()))) {
            value = node.decimalValue();
        } else if (node.isString()) {
            value = written(node.stringValue());
        }
        if (value == null) {
            throw new IllegalArgumentException(what + " is no number: " + shown(node));
        }
        if (Math.abs((long) value.scale()) > MOST_DIGITS || value.precision() > MOST_DIGITS) {
            throw new IllegalArgumentException(
                    what + " is " + shown(node) + ", which has more than " + MOST_DIGITS + " digits");
        }
        return value;
    }

    /** Rows whose decimals have no exponent, as a price file writes them. */
    private static JsonNode plainly(JsonNode node) {
        if (node.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> items.add(plainly(item)));
            return items;
        }
        if (node.isObject()) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            node.forEachEntry((key, value) -> members.set(key, plainly(value)));
            return members;
        }
        return node.isValueNode() && node.asString("").matches("[-+]?[0-9.]+[eE][-+]?\\d{1,2}")
                ? StringNode.valueOf(decimal(node, "a price").toPlainString())
                : node;
    }

    /** Every way in which decimals are written, such as Python's {@code 1E+1}; null when it is none. */
    private static @Nullable BigDecimal written(String text) {
        try {
            return text.length() > MOST_LETTERS ? null : new BigDecimal(text);
        } catch (NumberFormatException none) {
            return null;
        }
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
