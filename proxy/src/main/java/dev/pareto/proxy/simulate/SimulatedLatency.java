package dev.pareto.proxy.simulate;

import java.time.Duration;
import java.util.Random;

/**
 * How long a hosted closed model takes: a log-normal time to the first token, then a steady pace. The same prompt always
 * takes the same time, so that a run can be repeated.
 *
 * @param medianFirstToken half of the answers begin within it
 * @param sigma of the logarithm; 0.45 puts the 95th percentile at 2.1 medians
 * @param perToken after the first
 */
record SimulatedLatency(Duration medianFirstToken, double sigma, Duration perToken) {

    /** In the range that users report of the large hosted chat models; a demonstration, not a measurement. */
    static final SimulatedLatency HOSTED_CHAT = new SimulatedLatency(Duration.ofMillis(420), 0.45,
            Duration.ofMillis(11));

    Duration firstToken(String prompt) {
        double factor = Math.exp(sigma * new Random(prompt.hashCode() * 0x9E3779B97F4A7C15L).nextGaussian());
        return Duration.ofNanos(Math.round(medianFirstToken.toNanos() * factor));
    }
}
