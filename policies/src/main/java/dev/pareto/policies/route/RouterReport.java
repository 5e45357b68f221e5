package dev.pareto.policies.route;

import dev.pareto.policies.predict.floor.FloorControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What routers reach on labelled prompts.
 *
 * @param n prompts that both models were judged on
 * @param strongModel the model with the higher mean score
 * @param weakModel the one with the lower
 * @param strong mean score of the strong model, on the file's scale
 * @param weak mean score of the weak one
 * @param trainedOn labelled prompts each predictor learned from
 * @param protocol how training and test were kept apart
 * @param notes what a reader should know of the data
 * @param routers in the order of the table
 * @param floors what an accuracy floor costs and how often it breaks, with the router that reads most; empty when not asked for
 */
public record RouterReport(int n, String strongModel, String weakModel, double strong, double weak, int trainedOn,
        String protocol, List<String> notes, List<Router> routers, List<FloorTrial.Result> floors) {

    public RouterReport {
        notes = List.copyOf(notes);
        routers = List.copyOf(routers);
        floors = List.copyOf(floors);
    }

    /** What a floor's threshold costs beside the cheapest that kept it on the labels: the share of strong calls above that one's. */
    public double aboveNaive(FloorTrial.Result floor) {
        return floors.stream()
                .filter(other -> other.method() == FloorControl.Method.NAIVE)
                .mapToDouble(naive -> floor.strongShare() - naive.strongShare())
                .findFirst()
                .orElse(0);
    }

    /** The same with more notes. */
    public RouterReport withNotes(List<String> more) {
        List<String> both = new ArrayList<>(more);
        both.addAll(notes);
        return new RouterReport(n, strongModel, weakModel, strong, weak, trainedOn, protocol, both, routers, floors);
    }

    /**
     * One router.
     *
     * @param figures on all prompts
     * @param intervals by figure: the ends of the 95 % bootstrap interval
     * @param ece expected calibration error of the probability that the weak model's answer is good, in ten equal bins; null for a
     *            router without probabilities
     * @param brier its mean squared error
     * @param microseconds what a prediction takes, warm; null where nothing is predicted
     * @param curve mean score with 0, 5, … 100 % strong calls
     */
    public record Router(String name, RouterCurve.Figures figures, Map<String, double[]> intervals,
            @Nullable Double ece,
            @Nullable Double brier, @Nullable Speed microseconds, double[] curve) {

        public Router {
            intervals = Map.copyOf(intervals);
            curve = curve.clone();
        }
    }

    /** Microseconds a prompt, warm, on one thread. */
    public record Speed(double p50, double p99) {}
}
