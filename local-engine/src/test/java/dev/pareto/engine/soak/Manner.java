package dev.pareto.engine.soak;

import java.util.random.RandomGenerator;

/**
 * How a caller treats the answers to a request.
 *
 * @param pieces after which he gives up; negative for never
 * @param millis after which he gives up whatever he has heard; negative for never
 * @param pauseMillis that he takes for each piece
 * @param fails whether hearing fails at the first piece
 */
record Manner(int pieces, int millis, int pauseMillis, boolean fails) {

    static Manner draw(RandomGenerator random) {
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> new Manner(random.nextInt(30), -1, 0, false);
            case 3, 4 -> new Manner(-1, random.nextInt(80), 0, false);
            case 5 -> new Manner(-1, 0, 0, false);
            case 6, 7 -> new Manner(-1, -1, 1 + random.nextInt(20), false);
            case 8 -> new Manner(random.nextInt(10), -1, 1 + random.nextInt(40), false);
            case 9 -> new Manner(-1, -1, 0, true);
            default -> new Manner(-1, -1, 0, false);
        };
    }
}
