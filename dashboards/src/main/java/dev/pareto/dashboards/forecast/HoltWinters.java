package dev.pareto.dashboards.forecast;

import dev.pareto.dashboards.forecast.Smoothing.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Smoothings of daily sums, each as likely as its errors make it. A forecast follows many of them: the past seldom tells one pace from
 * the next, and a forecast by the best alone would be too sure of itself. Immutable.
 */
final class HoltWinters {

    /** Less would leave nothing to tell a trend from a season by. */
    static final int MIN_DAYS = 3 * Smoothing.SEASON;

    private static final double[] TRENDS = {0, 0.05, 0.1, 0.2};
    private static final double[] DAMPINGS = {0.9, 0.97, 0.99};
    private static final List<Weights> GRID = grid();
    /** No day ahead costs more than so many times the dearest one yet. */
    private static final double DEAREST = 3;
    /** Four paces, and a level, a trend and seven days of a week to begin with. */
    private static final int FITTED = 13;
    /** What the first weeks err by says little: the start was taken from them. */
    private static final int SETTLING = Smoothing.SEASON;
    /** A smoothing less likely than the best by this factor, as its logarithm, is left out. */
    private static final double UNLIKELY = 5;

    private final Scale scale;
    private final double most;
    private final List<Course> courses;

    /**
     * A smoothing at the end of the series.
     *
     * @param upTo the likelihood of it and all before it in the list, as a part of one
     * @param errors what it was off by, as wide as if nothing had been fitted
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Course(double upTo, Smoothing end, double[] errors) {}

    private HoltWinters(Scale scale, double most, List<Course> courses) {
        this.scale = scale;
        this.most = most;
        this.courses = courses;
    }

    /** @param days at least {@link #MIN_DAYS} sums, oldest first */
    static HoltWinters fit(double[] days) {
        if (days.length < MIN_DAYS) {
            throw new IllegalArgumentException(days.length + " days are too few; at least " + MIN_DAYS);
        }
        Scale scale = Scale.of(days);
        double[] scaled = Arrays.stream(days).map(scale::to).toArray();
        double exponent = Math.max(1, scaled.length - SETTLING) / 2.0;
        double worse = Math.exp(UNLIKELY / exponent);
        double[] squares = new double[GRID.size()];
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < squares.length; i++) {
            squares[i] = squares(scaled, GRID.get(i), least * worse);
            least = Math.min(least, squares[i]);
        }
        List<Course> courses = new ArrayList<>();
        double whole = 0;
        for (int i = 0; i < squares.length; i++) {
            whole += prior(GRID.get(i)) * likelihood(squares[i], least, exponent, worse);
        }
        double upTo = 0;
        for (int i = 0; i < squares.length; i++) {
            double likelihood = prior(GRID.get(i)) * likelihood(squares[i], least, exponent, worse);
            if (likelihood > 0) {
                upTo += likelihood / whole;
                courses.add(course(scaled, GRID.get(i), upTo));
            }
        }
        return new HoltWinters(scale, DEAREST * Arrays.stream(days).max().orElseThrow(), courses);
    }

    /**
     * Futures that errors like those of the past would make.
     *
     * @return one row for each path, one amount for each day ahead
     */
    double[][] paths(int count, int horizon, RandomGenerator random) {
        double[][] paths = new double[count][horizon];
        for (double[] path : paths) {
            Course course = drawn(random.nextDouble());
            Smoothing run = course.end().copy();
            for (int day = 0; day < horizon; day++) {
                double error = course.errors()[random.nextInt(course.errors().length)];
                path[day] = Math.min(scale.from(run.next() + error), most);
                run.learn(error);
            }
        }
        return paths;
    }

    private Course drawn(double place) {
        for (Course course : courses) {
            if (place < course.upTo()) {
                return course;
            }
        }
        return courses.getLast();
    }

    /** As much for no trend as for all trends together: a short past would else be drawn out to where it never went. */
    private static double prior(Weights weights) {
        return weights.damping() == 0 ? TRENDS.length * DAMPINGS.length : 1;
    }

    private static double likelihood(double squares, double least, double exponent, double worse) {
        if (squares > least * worse) {
            return 0;
        }
        return squares == least ? 1 : Math.pow(squares / least, -exponent);
    }

    private static Course course(double[] days, Weights weights, double upTo) {
        Smoothing run = Smoothing.before(days, weights);
        double[] errors = new double[days.length];
        for (int i = 0; i < days.length; i++) {
            errors[i] = days[i] - run.next();
            run.learn(errors[i]);
        }
        return new Course(upTo, run, spread(Arrays.copyOfRange(errors, SETTLING, errors.length)));
    }

    /** Gives up as soon as there are more than enough. */
    private static double squares(double[] days, Weights weights, double enough) {
        Smoothing run = Smoothing.before(days, weights);
        double sum = 0;
        for (int i = 0; i < days.length && sum <= enough; i++) {
            double error = days[i] - run.next();
            sum += i < SETTLING ? 0 : error * error;
            run.learn(error);
        }
        return sum;
    }

    /** About zero, and as wide as they would be had nothing been fitted to them. */
    private static double[] spread(double[] errors) {
        double mean = Arrays.stream(errors).average().orElse(0);
        double wider = Math.sqrt(errors.length / Math.max(errors.length / 4.0, errors.length - FITTED));
        return Arrays.stream(errors).map(error -> (error - mean) * wider).toArray();
    }

    private static List<Weights> grid() {
        List<Weights> grid = new ArrayList<>();
        for (double level : new double[]{0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7}) {
            for (double season : new double[]{0, 0.05, 0.1, 0.2, 0.3}) {
                double seasons = Math.min(season, 1 - level);
                grid.add(new Weights(level, 0, seasons, 0));
                for (double trend : TRENDS) {
                    for (double damping : DAMPINGS) {
                        grid.add(new Weights(level, trend * level, seasons, damping));
                    }
                }
            }
        }
        return List.copyOf(grid);
    }
}
