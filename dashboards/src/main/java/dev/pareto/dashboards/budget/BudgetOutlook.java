package dev.pareto.dashboards.budget;

import dev.pareto.dashboards.outlook.Estimate;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Where a budget's period lands.
 *
 * @param end what will have been spent when the period ends; null where it never ends or too little is known
 * @param beyond the probability that this is more than the limit, at two decimals
 * @param runsOut the day by which half of the futures have spent it; null when later than the period
 * @param earliest the day by which a tenth have; null when later than the period
 * @param latest the day by which nine tenths have; null when later than the period
 * @param why what is missing for a forecast; null when nothing is
 */
public record BudgetOutlook(@Nullable Estimate end, @Nullable BigDecimal beyond, @Nullable LocalDate runsOut,
        @Nullable LocalDate earliest, @Nullable LocalDate latest, @Nullable String why) {

    static BudgetOutlook unknown(String why) {
        return new BudgetOutlook(null, null, null, null, null, why);
    }
}
