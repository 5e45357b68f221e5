package dev.pareto.dashboards.focus;

import static dev.pareto.dashboards.focus.FocusColumn.nullable;
import static dev.pareto.dashboards.focus.FocusColumn.required;

import java.util.List;

/** The columns that every version has, and those of our own. */
final class FocusColumns {

    static final List<FocusColumn> COMMON = List.of(required("BilledCost", FocusType.COST),
            required("BillingAccountId", FocusType.STRING), nullable("BillingAccountName", FocusType.STRING),
            required("BillingCurrency", FocusType.STRING), required("BillingPeriodEnd", FocusType.DATE_TIME),
            required("BillingPeriodStart", FocusType.DATE_TIME), nullable("CapacityReservationId", FocusType.STRING),
            nullable("CapacityReservationStatus", FocusType.STRING, "Used", "Unused"),
            required("ChargeCategory", FocusType.STRING, "Usage", "Purchase", "Tax", "Credit", "Adjustment"),
            nullable("ChargeClass", FocusType.STRING, "Correction"), nullable("ChargeDescription", FocusType.STRING),
            required("ChargeFrequency", FocusType.STRING, "One-Time", "Recurring", "Usage-Based"),
            required("ChargePeriodEnd", FocusType.DATE_TIME), required("ChargePeriodStart", FocusType.DATE_TIME),
            nullable("ConsumedQuantity", FocusType.DECIMAL), nullable("ConsumedUnit", FocusType.STRING),
            required("ContractedCost", FocusType.COST), nullable("ContractedUnitPrice", FocusType.DECIMAL),
            required("EffectiveCost", FocusType.COST), nullable("InvoiceId", FocusType.STRING),
            required("InvoiceIssuerName", FocusType.STRING), required("ListCost", FocusType.COST),
            nullable("ListUnitPrice", FocusType.DECIMAL),
            nullable("PricingCategory", FocusType.STRING, "Standard", "Committed", "Dynamic", "Other"),
            nullable("PricingQuantity", FocusType.DECIMAL), nullable("PricingUnit", FocusType.STRING),
            required("ProviderName", FocusType.STRING), required("PublisherName", FocusType.STRING),
            nullable("ResourceId", FocusType.STRING), nullable("ResourceName", FocusType.STRING),
            nullable("ResourceType", FocusType.STRING),
            required("ServiceCategory", FocusType.STRING, "AI and Machine Learning"),
            required("ServiceName", FocusType.STRING),
            required("ServiceSubcategory", FocusType.STRING, "Generative AI", "Other (AI and Machine Learning)"),
            nullable("SkuId", FocusType.STRING), nullable("SkuMeter", FocusType.STRING),
            nullable("SkuPriceDetails", FocusType.KEY_VALUE), nullable("SkuPriceId", FocusType.STRING),
            nullable("SubAccountId", FocusType.STRING), nullable("SubAccountName", FocusType.STRING),
            nullable("Tags", FocusType.KEY_VALUE));

    static final List<FocusColumn> OURS = List.of(nullable("x_AdjustmentId", FocusType.STRING),
            nullable("x_AttemptId", FocusType.STRING), nullable("x_Bucket", FocusType.STRING),
            nullable("x_ChargeCount", FocusType.COUNT), required("x_Kind", FocusType.STRING),
            nullable("x_ListCostKnown", FocusType.STRING, "true", "false"),
            nullable("x_ModelId", FocusType.STRING),
            nullable("x_Role", FocusType.STRING), nullable("x_Route", FocusType.STRING),
            required("x_Simulated", FocusType.STRING, "true", "false"));

    private FocusColumns() {}
}
