package dev.pareto.policies.detect;

/**
 * Watches one stream of observations for a lasting change to the worse. Immutable: {@link #add} returns the detector that
 * has seen one more, so a caller on several threads uses {@code AtomicReference.updateAndGet}. An alarm stays until the
 * detector is {@link #restarted}; what comes after it is not counted, so {@link #n} is then the length of the run.
 *
 * <p>"Average run length" (ARL) is the mean number of observations until an alarm while nothing is wrong.
 */
public sealed interface Detector permits RateDetector, DriftDetector, Cusum {

    /** Takes the next observation; after an alarm it changes nothing. */
    Detector add(double observation);

    /** Whether the change is held for real. */
    boolean alarm();

    /** Observations since the start, at most those up to the alarm. */
    long n();

    /** The statistic that is compared with {@link #threshold}; never NaN or infinite. */
    double evidence();

    /** The value at which the alarm goes off. */
    double threshold();

    /** The same detector before its first observation, e.g. after a roll-back or for another build of the model. */
    Detector restarted();
}
