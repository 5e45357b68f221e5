package dev.pareto.dashboards.testing.books;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an attempt cost, in picos; null is unknown. */
record Charge(@Nullable Long cost, @Nullable Long list, @Nullable Long contract, @Nullable Long reported, String source,
        @Nullable String priceVersion, @Nullable String listVersion, List<Line> lines) {

    static final Charge NOTHING = new Charge(0L, 0L, 0L, null, "nothing", null, null, List.of());

    static Charge reservation(long reserved) {
        return new Charge(reserved, reserved, reserved, null, "reservation", null, null,
                List.of(Line.sum("reservation", reserved, reserved, reserved)));
    }
}
