package dev.pareto.proxy.swap;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time by which swaps live: the world's, or for a demonstration faster, so that days on a ramp pass in minutes. Nothing else goes by
 * it: requests, prices and the ledger keep the world's time. Immutable.
 *
 * @param start from which it runs faster
 * @param speed how many of its seconds pass in one of the world's
 */
public record SwapClock(InstantSource world, Instant start, int speed) implements InstantSource {

    public SwapClock {
        requireNonNull(world, "world is null");
        requireNonNull(start, "start is null");
        if (speed < 1) {
            throw new IllegalArgumentException("speed must be at least 1, got " + speed);
        }
    }

    /** The world's own time. */
    public static SwapClock of(InstantSource world) {
        return new SwapClock(world, Instant.EPOCH, 1);
    }

    /** Faster from now on. */
    public static SwapClock faster(InstantSource world, int speed) {
        return new SwapClock(world, world.instant(), speed);
    }

    @Override
    public Instant instant() {
        return at(world.instant());
    }

    /** What it shows at a moment of the world. */
    public Instant at(Instant moment) {
        return speed == 1 || moment.isBefore(start)
                ? moment
                : start.plus(Duration.between(start, moment).multipliedBy(speed));
    }
}
