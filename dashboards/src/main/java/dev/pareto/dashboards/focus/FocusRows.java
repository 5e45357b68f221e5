package dev.pareto.dashboards.focus;

import dev.pareto.dashboards.ledger.Adjustment;
import dev.pareto.policies.price.Buckets;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Turns what is booked into rows. */
final class FocusRows {

    /** Decimal places of unit prices and quantities. */
    static final int SCALE = 18;

    private static final String VENDOR_REPORTED = "vendor_reported";
    private static final String RESERVATION = "reservation";
    private static final String LIST = "list";

    private FocusRows() {}

    static Map<String, String> of(Charge it) {
        Instant end = it.attemptId() == null
                ? it.start().plus(1, ChronoUnit.HOURS)
                : it.start().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        FocusRow row = new FocusRow().billedIn(it.start())
                .parties(it.vendor(), it.tenant())
                .set("ChargePeriodStart", it.start())
                .set("ChargePeriodEnd", end)
                .set("BillingCurrency", it.currency())
                .set("ChargeFrequency", "Usage-Based")
                .set("BilledCost", it.billed().value())
                .set("EffectiveCost", it.billed().value())
                .set("ListCost", it.listOrContracted().value())
                .set("ContractedCost", it.contracted().value())
                .set("ResourceId", it.model())
                .set("ResourceType", it.model().isEmpty() ? null : "Model")
                .set("Tags", it.tags())
                .set("x_AttemptId", it.attemptId())
                .set("x_Bucket", it.bucket())
                .set("x_ChargeCount", Long.toString(it.lines()))
                .set("x_Kind", "charge")
                .set("x_ListCostKnown", Boolean.toString(it.list() != null))
                .set("x_ModelId", it.model())
                .set("x_Role", it.role())
                .set("x_Route", it.route())
                .set("x_Simulated", Boolean.toString(it.simulated()));
        if (it.unitPrice() == null || it.per() == null || it.quantity().signum() <= 0) {
            return row.set("ChargeCategory", "Adjustment").set("ChargeDescription", beside(it)).values();
        }
        return usage(it, row, it.unitPrice(), it.per());
    }

    /** Lines that stand for money alone. */
    private static String beside(Charge it) {
        return switch (it.bucket()) {
            case VENDOR_REPORTED -> it.model() + ": the vendor's own word less the contracted cost";
            case RESERVATION -> it.model() + ": the worst case of calls that nobody closed, an estimate";
            case LIST -> it.model() + ": the list cost of what is billed by other buckets";
            default -> it.model() + ": " + it.bucket();
        };
    }

    private static Map<String, String> usage(Charge it, FocusRow row, BigDecimal unitPrice, BigDecimal per) {
        BigDecimal quantity = it.quantity().divide(per, SCALE, RoundingMode.HALF_EVEN);
        row.set("ChargeCategory", "Usage")
                .set("ChargeDescription", it.model() + ": " + FocusUnit.meter(it.bucket()))
                .set("ConsumedQuantity", it.quantity())
                .set("ConsumedUnit", FocusUnit.of(it.bucket()))
                .set("PricingCategory", "Standard")
                .set("PricingQuantity", quantity)
                .set("PricingUnit", FocusUnit.pricing(it.bucket(), per))
                .set("ContractedUnitPrice", unitPrice(unitPrice, it.contracted().value(), quantity))
                .set("ListUnitPrice", unitPrice(unitPrice, it.listOrContracted().value(), quantity));
        String version = it.priceVersion() == null ? it.model() : it.priceVersion();
        row.set("SkuId", sku(version, it.model()) + ":" + it.bucket())
                .set("SkuMeter", FocusUnit.meter(it.bucket()))
                .set("SkuPriceId", version + ":" + it.bucket() + ":" + Money.plain(unitPrice))
                .set("SkuPriceDetails", details(it));
        if (it.bucket().equals(Buckets.GPU_SECOND)) {
            row.set("CapacityReservationId", it.vendor()).set("CapacityReservationStatus", "Used");
        }
        return row.values();
    }

    /** The stated price where it gives the cost; else (sums of rounded lines, a list price unlike the contract's) the one that does. */
    private static BigDecimal unitPrice(BigDecimal stated, BigDecimal cost, BigDecimal quantity) {
        return matches(stated, quantity, cost) ? stated : cost.divide(quantity, SCALE, RoundingMode.HALF_EVEN);
    }

    /** Whether a price times a quantity is a cost, to the last digit of money. */
    static boolean matches(BigDecimal unitPrice, BigDecimal quantity, BigDecimal cost) {
        return unitPrice.multiply(quantity).setScale(Money.SCALE, RoundingMode.HALF_EVEN).compareTo(cost) == 0;
    }

    /** A price version is named {@code sku:tier:date}. */
    private static String sku(String version, String otherwise) {
        int date = version.lastIndexOf(':');
        int tier = date < 0 ? -1 : version.lastIndexOf(':', date - 1);
        return tier <= 0 ? otherwise : version.substring(0, tier);
    }

    /** The keys of the draft of FOCUS 1.5, until it is released with our prefix. */
    private static String details(Charge it) {
        Map<String, String> details = new TreeMap<>();
        int slash = it.model().indexOf('/');
        details.put("x_ModelId", slash < 0 ? it.model() : it.model().substring(slash + 1));
        put(details, "x_TokenDirection", FocusUnit.direction(it.bucket()));
        put(details, "x_TokenCacheAction", FocusUnit.cacheAction(it.bucket()));
        return JsonMapper.shared().writeValueAsString(details);
    }

    private static void put(Map<String, String> details, String key, @Nullable String value) {
        if (value != null) {
            details.put(key, value);
        }
    }

    /** @param bookedAt when, which is when it is billed */
    static Map<String, String> of(Adjustment it, Instant bookedAt) {
        Instant day = it.concerns().atStartOfDay(ZoneOffset.UTC).toInstant();
        boolean earlier = YearMonth.from(it.concerns()).isBefore(YearMonth.from(bookedAt.atOffset(ZoneOffset.UTC)));
        BigDecimal amount = it.amount().amount();
        FocusRow row = new FocusRow().billedIn(bookedAt)
                .parties(it.vendor(), it.tenant())
                .set("ChargePeriodStart", day)
                .set("ChargePeriodEnd", day.plus(1, ChronoUnit.DAYS))
                .set("BillingCurrency", it.amount().currency())
                .set("ChargeClass", earlier ? "Correction" : null)
                .set("ChargeDescription", it.reason())
                .set("BilledCost", amount)
                .set("EffectiveCost", amount)
                .set("ListCost", amount)
                .set("ContractedCost", amount)
                .set("InvoiceId", it.invoice())
                .set("ResourceId", it.model())
                .set("ResourceType", it.model().isEmpty() ? null : "Model")
                .set("x_AdjustmentId", it.id().toString())
                .set("x_AttemptId", it.attemptId() == null ? null : it.attemptId().toString())
                .set("x_Bucket", it.bucket())
                .set("x_Kind", it.kind().name().toLowerCase(Locale.ROOT))
                .set("x_ModelId", it.model())
                .set("x_Route", it.route())
                .set("x_Simulated", "false");
        BigDecimal quantity = it.quantity();
        if (it.kind() == Adjustment.Kind.IDLE && quantity != null && quantity.signum() > 0 && amount.signum() >= 0) {
            return idle(it, row, quantity);
        }
        return row.set("ChargeCategory", it.kind() == Adjustment.Kind.CREDIT ? "Credit" : "Adjustment")
                .set("ChargeFrequency", "One-Time")
                .values();
    }

    /** Time of an own machine that nobody used is capacity that was reserved and not used. */
    private static Map<String, String> idle(Adjustment it, FocusRow row, BigDecimal seconds) {
        BigDecimal price = it.amount().amount().divide(seconds, SCALE, RoundingMode.HALF_EVEN);
        String sku = "machine/" + it.vendor() + ":" + Buckets.GPU_SECOND;
        return row.set("ChargeCategory", "Usage")
                .set("ChargeFrequency", "Usage-Based")
                .set("ConsumedQuantity", seconds)
                .set("ConsumedUnit", "Seconds")
                .set("PricingCategory", "Standard")
                .set("PricingQuantity", seconds)
                .set("PricingUnit", "Seconds")
                .set("ContractedUnitPrice", price)
                .set("ListUnitPrice", price)
                .set("SkuId", sku)
                .set("SkuMeter", "Machine Seconds")
                .set("SkuPriceId", sku + ":idle")
                .set("CapacityReservationId", it.vendor())
                .set("CapacityReservationStatus", "Unused")
                .values();
    }
}
