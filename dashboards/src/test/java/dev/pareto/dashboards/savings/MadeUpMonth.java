package dev.pareto.dashboards.savings;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A month of three routes of which everything is known, also what did not happen: what each request cost, and what it would have cost
 * on the other side. A few conversations are long and dear.
 */
final class MadeUpMonth {

    private static final double HELD = 0.03;
    private static final double COMPARED = 0.15;
    /** The baseline would have written so much more than the model that did answer; a model of the savings cannot know. */
    private static final double LONGER = 1.15;

    private final List<Measured.Stratum> strata = new ArrayList<>();
    private double saved;
    private double modelled;

    MadeUpMonth(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        double[] cheaper = {0.25, 0.6, 1.0};
        int[] conversations = {30_000, 12_000, 6_000};
        for (int route = 0; route < cheaper.length; route++) {
            strata.add(route("route-" + route, conversations[route], cheaper[route], random));
        }
    }

    private Measured.Stratum route(String name, int conversations, double cheaper, RandomGenerator random) {
        List<UnitCost> units = new ArrayList<>();
        long served = 0;
        for (int i = 0; i < conversations; i++) {
            double chance = random.nextDouble();
            long requests = 1 + ((long) random.nextExponential()) * 3;
            double usual = 0.01 * Math.exp(0.8 * random.nextGaussian());
            double baseline = 0;
            double routed = 0;
            for (int request = 0; request < requests; request++) {
                double one = usual * Math.exp(0.6 * random.nextGaussian());
                baseline += one;
                routed += one / LONGER * cheaper * Math.exp(0.2 * random.nextGaussian());
            }
            boolean known = random.nextDouble() < 0.5;
            long requestsBefore = known ? requests : 0;
            double costBefore = known ? requests * usual * Math.exp(0.2 * random.nextGaussian()) : 0;
            if (chance < HELD) {
                units.add(new UnitCost(Side.HELD_OUT, requests, baseline, requestsBefore, costBefore));
                continue;
            }
            if (chance < COMPARED) {
                units.add(new UnitCost(Side.COMPARED, requests, routed, requestsBefore, costBefore));
            }
            served += requests;
            saved += baseline - routed;
            modelled += baseline / LONGER - routed;
        }
        return new Measured.Stratum(name, units, served);
    }

    List<Measured.Stratum> strata() {
        return strata;
    }

    /** What was truly saved. */
    double saved() {
        return saved;
    }

    /** The same tokens at the baseline's price, as the ledger models it. */
    double modelled() {
        return modelled;
    }
}
