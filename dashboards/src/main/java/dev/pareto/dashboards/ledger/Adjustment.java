package dev.pareto.dashboards.ledger;

import static java.util.Objects.requireNonNull;

import dev.pareto.dashboards.store.Picos;
import dev.pareto.policies.price.Money;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something booked later than an attempt or beside it, signed: a positive amount is more cost. It is booked in the month in
 * which it is written, whatever day it concerns, so that a closed month stays as it is.
 *
 * @param id made by the caller; the same id booked twice is one row
 * @param concerns the UTC day that it is about
 * @param attemptId the attempt that it corrects; null for none in particular
 * @param reverses the adjustment that it takes back, which nothing took back before; null for none
 * @param invoice the vendor's document that it follows; null for none
 * @param tenant empty for the platform itself
 * @param route empty for none in particular, as are {@code model} and {@code vendor}
 * @param bucket what was used; null for plain money
 * @param quantity of the bucket; null for plain money
 * @param priceVersion the price that it rests on; null for none
 */
public record Adjustment(UUID id, Kind kind, LocalDate concerns, @Nullable UUID attemptId, @Nullable UUID reverses,
        @Nullable String invoice, String tenant, String route, String model, String vendor, @Nullable String bucket,
        @Nullable BigDecimal quantity, @Nullable String priceVersion, Money amount, String reason, String enteredBy) {

    /** Why it is booked. */
    public enum Kind {
        /** The vendor gives something back. */
        CREDIT,
        /** The vendor's invoice and the ledger differ. */
        TRUE_UP,
        /** A price became known after the attempt was closed without one. */
        REPRICED,
        /** Time of an own machine that no request used. */
        IDLE,
        /** Takes back another adjustment. */
        REVERSAL
    }

    public Adjustment {
        requireNonNull(id, "id is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(concerns, "concerns is null");
        if ((kind == Kind.REVERSAL) != (reverses != null)) {
            throw new IllegalArgumentException("a reversal, and nothing else, names the adjustment that it takes back");
        }
        if (kind == Kind.REPRICED && attemptId == null) {
            throw new IllegalArgumentException("a price found late belongs to an attempt");
        }
        Picos.of(amount.amount());
        invoice = Text.boundedOrNull(invoice, 128);
        tenant = Text.bounded(tenant, 128);
        route = Text.bounded(route, 256);
        model = Text.bounded(model, 256);
        vendor = Text.bounded(vendor, 128);
        reason = Text.bounded(reason, 1024);
        enteredBy = Text.bounded(enteredBy, 128);
    }

    /** The adjustment that takes this one back. */
    public Adjustment reversed(UUID newId, String why, String by) {
        return new Adjustment(newId, Kind.REVERSAL, concerns, attemptId, id, invoice, tenant, route, model, vendor,
                bucket, quantity == null ? null : quantity.negate(), priceVersion,
                new Money(amount.amount().negate(), amount.currency()), why, by);
    }
}
