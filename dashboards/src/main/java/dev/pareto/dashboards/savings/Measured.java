package dev.pareto.dashboards.savings;

import dev.pareto.dashboards.savings.Measured.Difference;
import java.util.Collection;
import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * What was saved, from a random hold-out: the difference between what requests cost there and what comparable ones cost beside it,
 * route by route, times the requests that were not held out. Both means are ratios of sums over units; their variances come from the
 * delta method over units (Deng, Knoblich and Lu, "Applying the Delta Method in Metric Analytics", KDD 2018), smaller by what costs
 * before the hold-out explain (CUPED, Deng et al., WSDM 2013), and meet in Welch's interval, bent as Hall does it for means of skewed
 * samples (Journal of the Royal Statistical Society B 54, 1992), for a few dear conversations cost as much as all others.
 *
 * @param saved money, positive when the gateway was cheaper
 * @param lower of the 95 % interval of {@code saved}
 * @param withoutGateway what the same requests would have cost at the baseline
 * @param routes one row for each route with enough units on both sides
 */
public record Measured(double saved, double lower, double upper, double withoutGateway, List<Difference> routes) {

    /** Fewer units than this on a side tell nothing that an interval could be trusted with. */
    public static final int MIN_UNITS = 20;

    private static final double TAIL = 0.025;
    private static final double MOST_FREEDOM = 1e6;

    public Measured {
        routes = List.copyOf(routes);
    }

    /**
     * One route.
     *
     * @param heldUnits units held out
     * @param heldCost mean cost of a request that was held out
     * @param comparedCost mean cost of a request beside it
     * @param explained the part of the variance that costs before took away; 0 where nothing is known of before
     * @param requests that the difference is applied to
     * @param saved over all of them, with its 95 % interval
     */
    public record Difference(String route, long heldUnits, long heldRequests, long comparedUnits,
            long comparedRequests, double heldCost, double comparedCost, double explained, long requests, double saved,
            double lower, double upper) {}

    /** A route's units, and all its requests that were not held out. */
    public record Stratum(String route, Collection<UnitCost> units, long requests) {
        public Stratum {
            units = List.copyOf(units);
        }
    }

    /** @return null when no route has enough units on both sides */
    public static @Nullable Measured of(Collection<Stratum> strata) {
        List<Estimate> estimates = strata.stream()
                .filter(Measured::enough)
                .map(Estimate::of)
                .toList();
        if (estimates.isEmpty()) {
            return null;
        }
        double saved = 0;
        double variance = 0;
        double withoutGateway = 0;
        double pooled = 0;
        double skew = 0;
        for (Estimate one : estimates) {
            double requests = one.stratum.requests();
            saved += requests * one.difference();
            variance += requests * requests * one.variance();
            withoutGateway += requests * one.held.mean;
            pooled += Math.pow(requests, 4) * one.spread();
            skew += Math.pow(requests, 3) * one.skew();
        }
        Reach reach = Reach.of(variance, pooled, skew);
        return new Measured(saved, saved - reach.below(), saved + reach.above(), withoutGateway,
                estimates.stream().map(Estimate::row).toList());
    }

    private static boolean enough(Stratum stratum) {
        long held = stratum.units().stream().filter(unit -> unit.side() == Side.HELD_OUT).count();
        return held >= MIN_UNITS && stratum.units().size() - held >= MIN_UNITS;
    }

    /** How far an interval goes to either side. */
    private record Reach(double below, double above) {

        /**
         * @param spread the denominator of Welch's degrees of freedom
         * @param skew the third cumulant
         */
        static Reach of(double variance, double spread, double skew) {
            if (variance == 0) {
                return new Reach(0, 0);
            }
            double freedom = spread == 0 ? MOST_FREEDOM : Math.clamp(variance * variance / spread, 1, MOST_FREEDOM);
            double quantile = TDistribution.of(freedom).inverseSurvivalProbability(TAIL);
            double deviation = Math.sqrt(variance);
            double skewness = skew / (variance * deviation);
            return new Reach(deviation * bent(quantile, skewness), -deviation * bent(-quantile, skewness));
        }

        /** The inverse of Hall's transformation t + γ/3 t² + γ²/27 t³ + γ/6. */
        private static double bent(double quantile, double skewness) {
            return Math.abs(skewness) < 1e-6
                    ? quantile
                    : 3 / skewness * (Math.cbrt(1 + skewness * (quantile - skewness / 6)) - 1);
        }
    }

    private record Estimate(Stratum stratum, Arm held, Arm compared, double explained) {

        static Estimate of(Stratum stratum) {
            Before before = Before.of(stratum.units());
            List<UnitCost> heldUnits = units(stratum, Side.HELD_OUT);
            List<UnitCost> comparedUnits = units(stratum, Side.COMPARED);
            Arm plainHeld = Arm.of(heldUnits, before, 0);
            Arm plainCompared = Arm.of(comparedUnits, before, 0);
            // The few that are held out had better not choose by what they are adjusted.
            double slope = plainCompared.slope(before);
            Arm held = Arm.of(heldUnits, before, slope);
            Arm compared = Arm.of(comparedUnits, before, slope);
            double plain = plainHeld.variance + plainCompared.variance;
            double explained = plain == 0 ? 0 : 1 - (held.variance + compared.variance) / plain;
            return explained > 0
                    ? new Estimate(stratum, held, compared, explained)
                    : new Estimate(stratum, plainHeld, plainCompared, 0);
        }

        private static List<UnitCost> units(Stratum stratum, Side side) {
            return stratum.units().stream().filter(unit -> unit.side() == side).toList();
        }

        double difference() {
            return held.mean - compared.mean;
        }

        double variance() {
            return held.variance + compared.variance;
        }

        double spread() {
            return held.variance * held.variance / (held.units.size() - 1)
                    + compared.variance * compared.variance / (compared.units.size() - 1);
        }

        double skew() {
            return held.skew - compared.skew;
        }

        Difference row() {
            Reach reach = Reach.of(variance(), spread(), skew());
            double requests = stratum.requests();
            double saved = requests * difference();
            return new Difference(stratum.route(), held.units.size(), Math.round(held.requests), compared.units.size(),
                    Math.round(compared.requests), held.mean, compared.mean, explained, stratum.requests(), saved,
                    saved - requests * reach.below(), saved + requests * reach.above());
        }
    }

    /**
     * How much dearer a unit was before than others: its cost less what its requests cost on average. It tells nothing of the side that a
     * unit is on, so whatever is made of it leaves the difference unbiased; the few that stand out most are cut, lest they decide alone.
     */
    private record Before(double request, double most, double mean) {

        private static final double CUT = 0.975;

        static Before of(Collection<UnitCost> units) {
            double requests = units.stream().mapToDouble(UnitCost::requestsBefore).sum();
            double request = requests == 0
                    ? 0
                    : units.stream().mapToDouble(UnitCost::costBefore).sum() / requests;
            double[] sizes = units.stream()
                    .filter(unit -> unit.requestsBefore() > 0)
                    .mapToDouble(unit -> Math.abs(unit.costBefore() - request * unit.requestsBefore()))
                    .sorted()
                    .toArray();
            Before uncentred = new Before(request, sizes.length == 0 ? 0 : sizes[(int) (CUT * (sizes.length - 1))], 0);
            return new Before(request, uncentred.most,
                    units.stream().mapToDouble(uncentred::of).average().orElseThrow());
        }

        double of(UnitCost unit) {
            double over = unit.costBefore() - request * unit.requestsBefore();
            return Math.clamp(over, -most, most) - mean;
        }
    }

    /**
     * One side.
     *
     * @param mean cost of a request
     * @param variance of the mean, over units
     * @param skew its third cumulant
     */
    private record Arm(List<UnitCost> units, double requests, double mean, double variance, double skew) {

        /** @param slope what a unit costs more for each unit of money that it cost more before; 0 leaves that alone */
        static Arm of(List<UnitCost> units, Before before, double slope) {
            double requests = units.stream().mapToDouble(UnitCost::requests).sum();
            double mean = units.stream().mapToDouble(UnitCost::cost).sum() / requests;
            double centre = units.stream().mapToDouble(before::of).sum() / units.size();
            double squares = 0;
            double cubes = 0;
            for (UnitCost unit : units) {
                // What a unit is off by from a mean that it had no part in.
                double residual = (unit.cost() - mean * unit.requests() - slope * (before.of(unit) - centre))
                        / (1 - Math.min(unit.requests() / requests, 0.5));
                squares += residual * residual;
                cubes += residual * residual * residual;
            }
            return new Arm(units, requests, mean - slope * centre * units.size() / requests,
                    squares / Math.pow(requests, 2), cubes / Math.pow(requests, 3));
        }

        double slope(Before before) {
            double centre = units.stream().mapToDouble(before::of).sum() / units.size();
            double products = 0;
            double squares = 0;
            for (UnitCost unit : units) {
                double x = before.of(unit) - centre;
                products += x * (unit.cost() - mean * unit.requests());
                squares += x * x;
            }
            return squares == 0 ? 0 : products / squares;
        }
    }
}
