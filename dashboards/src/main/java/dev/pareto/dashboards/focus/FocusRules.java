package dev.pareto.dashboards.focus;

import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges rows by the specification: columns, types, formats, what may be unknown when, allowed values, and costs that are price times
 * quantity. Written from the requirements of FOCUS 1.2 (Cost and Usage), whose numbers the findings carry. Costs are compared exactly,
 * at 12 decimal places, where the official validator uses floating point. Sees all rows of a file, in turn; not thread-safe.
 */
public final class FocusRules {

    private static final Pattern DATE_TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(E-?\\d+)?");
    private static final Pattern FOCUS_NAME = Pattern.compile("[A-Z][A-Za-z0-9]{1,49}");
    private static final Pattern OUR_NAME = Pattern.compile("x_[A-Z][A-Za-z0-9]{1,47}");
    private static final List<String> COSTS = List.of("BilledCost", "EffectiveCost", "ListCost", "ContractedCost");

    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies()
            .stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    private static final JsonMapper STRICT = JsonMapper
            .builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .build();

    /**
     * A rule that does not hold.
     *
     * @param rule its number in the requirements
     * @param row from 1; 0 for the file as a whole
     */
    public record Finding(String rule, long row, String message) {

        @Override
        public String toString() {
            return (row == 0 ? "" : "row " + row + ": ") + message + " (" + rule + ")";
        }
    }

    private final FocusVersion version;
    private final List<FocusColumn> columns;
    private final Map<String, String> skuOfPrice = new HashMap<>();
    private final Map<String, String> meterOfSku = new HashMap<>();
    private long rows;

    public FocusRules(FocusVersion version) {
        this.version = version;
        this.columns = version.columns();
    }

    /** What the header lacks or has too much of. */
    public List<Finding> header(List<String> names) {
        List<Finding> found = new ArrayList<>();
        boolean ours = false;
        for (String name : names) {
            boolean custom = name.startsWith("x_");
            if (!(custom ? OUR_NAME : FOCUS_NAME).matcher(name).matches()) {
                found.add(new Finding("ColumnHandling-A-001-M", 0, name + " is no name of a column"));
            }
            if (!custom && ours) {
                found.add(new Finding("ColumnHandling-A-013-O", 0, name + " stands after columns of our own"));
            }
            if (!custom && columns.stream().noneMatch(column -> column.name().equals(name))) {
                found.add(new Finding("ColumnHandling-A-010-M", 0, name + " is no column of FOCUS " + version.id()));
            }
            ours |= custom;
        }
        for (FocusColumn column : columns) {
            if (!column.custom() && !names.contains(column.name())) {
                found.add(new Finding("CostAndUsage-D-001-M", 0, "the column " + column.name() + " is missing"));
            }
        }
        return found;
    }

    /** What is wrong with the next row; what is unknown has no entry. */
    public List<Finding> row(Map<String, String> row) {
        rows++;
        var check = new Row(row, rows);
        columns.forEach(check::column);
        if (check.found.isEmpty()) {
            check.categories();
            check.sku(skuOfPrice, meterOfSku);
            check.costs();
        }
        return check.found;
    }

    /** One row and what is wrong with it. */
    private static final class Row {

        private final Map<String, String> row;
        private final long number;
        private final List<Finding> found = new ArrayList<>();

        Row(Map<String, String> row, long number) {
            this.row = row;
            this.number = number;
        }

        void column(FocusColumn column) {
            String value = row.get(column.name());
            String name = column.name();
            if (value == null) {
                holds(!column.required(), name + "-C-003-M", name + " must not be unknown");
                return;
            }
            holds(!value.isBlank(), "NullHandling-A-002-M", name + " is blank instead of unknown");
            holds(column.allowed().isEmpty() || column.allowed().contains(value), name + "-C-003-M",
                    name + " is '" + value + "', which is not allowed");
            holds(sound(column.type(), value), name + "-C-001-M", name + " is '" + value + "', which is no "
                    + column.type().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }

        private static boolean sound(FocusType type, String value) {
            return switch (type) {
                case STRING -> true;
                case COST, DECIMAL -> NUMBER.matcher(value).matches();
                case COUNT -> value.matches("\\d{1,18}");
                case DATE_TIME -> DATE_TIME.matcher(value).matches();
                case KEY_VALUE -> flat(value);
            };
        }

        /** An object whose keys are unique and whose values hold no others. */
        private static boolean flat(String value) {
            try {
                JsonNode node = STRICT.readTree(value);
                return node.isObject() && node.valueStream().allMatch(JsonNode::isValueNode);
            } catch (JacksonException e) {
                return false;
            }
        }

        void categories() {
            holds(currency(text("BillingCurrency")), "BillingCurrency-C-006-M",
                    "BillingCurrency is no national currency");
            holds(moment("BillingPeriodStart").isBefore(moment("BillingPeriodEnd")), "BillingPeriodEnd-C-004-M",
                    "the billing period ends before it begins");
            holds(moment("ChargePeriodStart").isBefore(moment("ChargePeriodEnd")), "ChargePeriodEnd-C-004-M",
                    "the charge period ends before it begins");
            boolean correction = text("ChargeClass") != null;
            holds(correction || !moment("ChargePeriodStart").isBefore(moment("BillingPeriodStart")),
                    "ChargeClass-C-004-C", "a charge of an earlier billing period is a correction");
            holds(!is("ChargeCategory", "Purchase") || !is("ChargeFrequency", "Usage-Based"), "ChargeFrequency-C-004-C",
                    "a purchase is not usage-based");
            boolean priced = (is("ChargeCategory", "Usage") || is("ChargeCategory", "Purchase")) && !correction;
            for (String needed : List.of("ListUnitPrice", "ContractedUnitPrice", "PricingQuantity", "PricingCategory",
                    "SkuId", "SkuPriceId")) {
                holds(!priced || row.containsKey(needed), needed + "-C-005-C", "a charge for usage needs " + needed);
                holds(!is("ChargeCategory", "Tax") || !row.containsKey(needed), needed + "-C-004-C",
                        "a tax has no " + needed);
            }
            if (is("ChargeCategory", "Usage")) {
                holds(correction || row.containsKey("ConsumedQuantity"), "ConsumedQuantity-C-006-C",
                        "a charge for usage needs ConsumedQuantity");
            } else {
                holds(!row.containsKey("ConsumedQuantity"), "ConsumedQuantity-C-004-C",
                        "only usage has a ConsumedQuantity");
            }
            together("ConsumedQuantity", "ConsumedUnit", "ConsumedUnit-C-005-C");
            together("PricingQuantity", "PricingUnit", "PricingUnit-C-005-C");
            together("ResourceId", "ResourceType", "ResourceType-C-004-C");
            holds(!row.containsKey("ResourceName") || row.containsKey("ResourceId"), "ResourceName-C-004-C",
                    "ResourceName without ResourceId");
            holds(!row.containsKey("SubAccountName") || row.containsKey("SubAccountId"), "SubAccountName-C-004-C",
                    "SubAccountName without SubAccountId");
            boolean reserved = row.containsKey("CapacityReservationId");
            holds(reserved || !row.containsKey("CapacityReservationStatus"), "CapacityReservationStatus-C-004-C",
                    "CapacityReservationStatus without CapacityReservationId");
            holds(!reserved || !is("ChargeCategory", "Usage") || row.containsKey("CapacityReservationStatus"),
                    "CapacityReservationStatus-C-005-C", "usage of a reservation needs its status");
        }

        void sku(Map<String, String> skuOfPrice, Map<String, String> meterOfSku) {
            String sku = text("SkuId");
            String price = text("SkuPriceId");
            holds(price != null || text("SkuPriceDetails") == null, "SkuPriceDetails-C-004-C",
                    "SkuPriceDetails without SkuPriceId");
            holds(sku != null || text("SkuMeter") == null, "SkuMeter-C-004-C", "SkuMeter without SkuId");
            if (sku != null && price != null) {
                holds(sku.equals(skuOfPrice.computeIfAbsent(price, key -> sku)), "SkuPriceId-C-008-M",
                        price + " belongs to two things sold");
                String meter = String.valueOf(text("SkuMeter"));
                holds(meter.equals(meterOfSku.computeIfAbsent(sku, key -> meter)), "SkuMeter-C-006-O",
                        sku + " has two meters");
            }
            String details = text("SkuPriceDetails");
            if (details != null) {
                holds(STRICT.readTree(details).propertyStream().allMatch(one -> one.getKey().startsWith("x_")),
                        "SkuPriceDetails-C-017-C", "a key of SkuPriceDetails that the specification does not have"
                                + " begins with x_");
            }
        }

        void costs() {
            holds(COSTS.stream().allMatch(cost -> number(cost).scale() <= Money.SCALE),
                    "NumericFormat-A-013-O", "a cost has more than 12 decimal places");
            boolean correction = text("ChargeClass") != null;
            product("ListUnitPrice", "ListCost", correction);
            product("ContractedUnitPrice", "ContractedCost", correction);
            if (is("ChargeCategory", "Credit")) {
                for (String cost : List.of("ListCost", "ContractedCost", "EffectiveCost")) {
                    holds(number(cost).compareTo(number("BilledCost")) == 0, cost + "-C-008-C",
                            "the " + cost + " of a credit is its BilledCost");
                }
            }
        }

        private void product(String unitPrice, String cost, boolean correction) {
            if (!row.containsKey(unitPrice)) {
                return;
            }
            holds(number(unitPrice).signum() >= 0, unitPrice + "-C-008-M", unitPrice + " is negative");
            if (row.containsKey("PricingQuantity") && !correction) {
                holds(FocusRows.matches(number(unitPrice), number("PricingQuantity"), number(cost)),
                        unitPrice + "-C-010-C", unitPrice + " times PricingQuantity is not " + cost);
            }
        }

        private void together(String one, String other, String rule) {
            holds(row.containsKey(one) == row.containsKey(other), rule, one + " and " + other + " go together");
        }

        private void holds(boolean it, String rule, String otherwise) {
            if (!it) {
                found.add(new Finding(rule, number, otherwise));
            }
        }

        private boolean is(String column, String value) {
            return value.equals(row.get(column));
        }

        private @Nullable String text(String column) {
            return row.get(column);
        }

        private BigDecimal number(String column) {
            return new BigDecimal(row.getOrDefault(column, "0"));
        }

        private Instant moment(String column) {
            return Instant.parse(row.getOrDefault(column, "1970-01-01T00:00:00Z"));
        }

        private static boolean currency(@Nullable String code) {
            return code != null && CURRENCIES.contains(code);
        }
    }
}
