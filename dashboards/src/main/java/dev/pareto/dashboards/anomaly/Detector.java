package dev.pareto.dashboards.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds steps (hours, quarters of a day or days) that cost far more than the same step of other weeks. What is usual is the median of that step of the week, moved by how
 * the last week went; what is far is told by the median absolute deviation of the hours about it. Both are on a logarithmic scale,
 * where busy and quiet hours vary alike, and neither is moved by the odd hours that are looked for.
 *
 * @param perDay steps in a day: 24, 4 or 1
 * @param tolerance in standard deviations of a normal distribution with the same median absolute deviation
 * @param leastExcess money; less than this is not worth anybody's time
 */
public record Detector(int perDay, double tolerance, double leastExcess) {

    /** Weeks before the first step that can be judged. */
    public static final int LEARNING_WEEKS = 3;

    private static final int MOST_WEEKS = 8;
    private static final double NORMAL = 1.4826;
    /** Before half a week has been judged. */
    private static final double UNKNOWN_SPREAD = 0.25;
    /** Hours never vary by less than this: a series made by machines alone would else alarm at every cent. */
    private static final double LEAST_DEVIATION = 0.05;
    /** An hour of no spend counts as this part of a usual hour, for nothing has no logarithm. */
    private static final double NOTHING = 0.05;
    /** Odd hours with no more than so many usual ones between them are one incident. */
    private static final int GAP = 2;
    private static final double MOSTLY = 0.85;

    public Detector {
        if (perDay != 24 && perDay != 4 && perDay != 1) {
            throw new IllegalArgumentException("a day has 24, 4 or 1 steps, not " + perDay);
        }
        if (!(tolerance > 0) || !(leastExcess >= 0)) {
            throw new IllegalArgumentException("tolerance must be above zero and the least excess not below");
        }
    }

    /**
     * For a line of spend that has something in most of its steps; where most hours are empty, a single request is odd.
     *
     * @param hours sums by hour, from the first hour of a day on
     * @param from the first hour that cost anything
     */
    public static Detector fitting(double[] hours, int from, double tolerance, double leastExcess) {
        for (int perDay : new int[]{24, 4}) {
            double[] steps = steps(hours, perDay);
            int first = from * perDay / 24;
            long full = Arrays.stream(steps, first, steps.length).filter(step -> step > 0).count();
            if (full >= MOSTLY * (steps.length - first)) {
                return new Detector(perDay, tolerance, leastExcess);
            }
        }
        return new Detector(1, tolerance, leastExcess);
    }

    /** Sums by hour as sums by step; hours that fill no step are left out. */
    public double[] steps(double[] hours) {
        return steps(hours, perDay);
    }

    public int hoursPerStep() {
        return 24 / perDay;
    }

    private static double[] steps(double[] hours, int perDay) {
        int length = 24 / perDay;
        double[] steps = new double[hours.length / length];
        for (int i = 0; i < steps.length * length; i++) {
            steps[i / length] += hours[i];
        }
        return steps;
    }

    private int week() {
        return 7 * perDay;
    }

    /**
     * A stretch of odd steps.
     *
     * @param from index of its first hour
     * @param to index after its last
     * @param expected what the hours would usually have cost
     * @param upper what they would have cost had each gone as far as is still usual
     * @param score how far the oddest hour lies from usual, in standard deviations
     */
    public record Incident(int from, int to, double actual, double expected, double upper, double score) {
        public double excess() {
            return actual - expected;
        }

        private Incident and(Incident next) {
            return new Incident(from, next.to, actual + next.actual, expected + next.expected, upper + next.upper,
                    Math.max(score, next.score));
        }

        /** The same in shorter steps, so many for each of these. */
        public Incident times(int steps) {
            return new Incident(from * steps, to * steps, actual, expected, upper, score);
        }
    }

    /**
     * What is usual for one step.
     *
     * @param lower the least; not below nothing
     * @param upper the most
     * @param score how far the step itself lies above what is expected, in standard deviations
     */
    public record Band(double lower, double expected, double upper, double score) {}

    /**
     * @param hours sums by hour without a gap, oldest first
     * @param first the first hour to judge; those before it only tell what is usual
     */
    public List<Incident> incidents(double[] hours, int first) {
        Course course = course(hours);
        List<Incident> found = new ArrayList<>();
        for (int i = Math.max(first, course.known()); i < hours.length && course.usual() > 0; i++) {
            if (course.over()[i] > tolerance * LEAST_DEVIATION && band(course, i).score() > tolerance) {
                add(found, i, hour -> {
                    Band band = band(course, hour);
                    return new Incident(hour, hour + 1, hours[hour], band.expected(), band.upper(), band.score());
                });
            }
        }
        found.removeIf(incident -> incident.excess() < leastExcess);
        return found;
    }

    /**
     * What is usual for a stretch of steps, in their order; null for one of which too little is known.
     *
     * @param hours as for {@link #incidents}
     * @param from index of the first step
     * @param to index after the last
     */
    public List<@Nullable Band> bands(double[] hours, int from, int to) {
        Course course = course(hours);
        List<@Nullable Band> bands = new ArrayList<>();
        for (int i = Math.max(0, from); i < Math.min(to, hours.length); i++) {
            bands.add(i < course.known() || course.usual() == 0 ? null : band(course, i));
        }
        return bands;
    }

    /**
     * A line of spend on its logarithmic scale.
     *
     * @param usual the middle of the hours that cost anything
     * @param known the first step that can be judged
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Course(double usual, int known, double[] expected, double[] over) {}

    private Course course(double[] hours) {
        double usual = usualHour(hours);
        double[] logs = Arrays.stream(hours).map(hour -> Math.log(hour + NOTHING * usual)).toArray();
        double[] over = new double[hours.length];
        double[] expected = new double[hours.length];
        int known = LEARNING_WEEKS * week();
        double[] against = new double[hours.length];
        double drift = 0;
        for (int i = known; i < hours.length && usual > 0; i++) {
            double same = sameHour(logs, i);
            against[i] = logs[i] - same;
            drift = i % Math.max(1, perDay / 4) == 0 ? drift(against, i) : drift;
            expected[i] = same + drift;
            over[i] = logs[i] - expected[i];
        }
        return new Course(usual, known, expected, over);
    }

    private Band band(Course course, int step) {
        double deviation = deviation(course.over(), step, course.known());
        double nothing = NOTHING * course.usual();
        double expected = course.expected()[step];
        double base = Math.max(0, Math.exp(expected) - nothing);
        return new Band(Math.clamp(Math.exp(expected - tolerance * deviation) - nothing, 0, base), base,
                Math.max(Math.exp(expected + tolerance * deviation) - nothing, base),
                course.over()[step] / deviation);
    }

    /** Joins an odd hour to the incident before it, with the ordinary hours between: what is told is told of the whole stretch. */
    private void add(List<Incident> found, int odd, IntFunction<Incident> of) {
        Incident last = found.isEmpty() ? null : found.getLast();
        if (last == null || odd - last.to() > (perDay == 24 ? GAP : 0)) {
            found.add(of.apply(odd));
            return;
        }
        for (int hour = last.to(); hour <= odd; hour++) {
            last = last.and(of.apply(hour));
        }
        found.set(found.size() - 1, last);
    }

    /** The middle of the hours that cost anything. */
    private static double usualHour(double[] hours) {
        double[] spent = Arrays.stream(hours).filter(hour -> hour > 0).toArray();
        return spent.length == 0 ? 0 : median(spent);
    }

    /** The same hour of the week and its two neighbours in the weeks before. */
    private double sameHour(double[] logs, int hour) {
        double[] same = new double[3 * MOST_WEEKS];
        int count = 0;
        for (int week = 1; week <= MOST_WEEKS; week++) {
            for (int by = -beside(); by <= beside(); by++) {
                int at = hour - week * week() + by;
                if (at >= 0) {
                    same[count++] = logs[at];
                }
            }
        }
        return median(Arrays.copyOf(same, count));
    }

    /** Hours have neighbours like them; longer steps have not. */
    private int beside() {
        return perDay == 24 ? 1 : 0;
    }

    /** How the week before went against what was usual then: spend that grows is not odd each hour. */
    private double drift(double[] against, int hour) {
        int from = Math.max(LEARNING_WEEKS * week(), hour - week());
        return hour - from < week() / 2 ? 0 : median(Arrays.copyOfRange(against, from, hour));
    }

    /** Of the hours of the last four weeks at about the same time of day. */
    private double deviation(double[] over, int hour, int known) {
        double[] sizes = new double[5 * 28];
        int count = 0;
        for (int day = 1; day <= 28; day++) {
            for (int by = -2 * beside(); by <= 2 * beside(); by++) {
                int at = hour - perDay * day + by;
                if (at >= known) {
                    sizes[count++] = Math.abs(over[at]);
                }
            }
        }
        double all = count < 15 ? spreadOfAll(over, hour, known) : median(Arrays.copyOf(sizes, count));
        return Math.max(LEAST_DEVIATION, NORMAL * all);
    }

    private double spreadOfAll(double[] over, int hour, int known) {
        if (hour - known < week() / 2) {
            return UNKNOWN_SPREAD;
        }
        return median(Arrays.stream(over, known, hour).map(Math::abs).toArray());
    }

    static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
