package dev.pareto.proxy.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.policies.route.FloorChart;
import dev.pareto.policies.route.LabelledFile;
import dev.pareto.policies.route.LabelledPrompt;
import dev.pareto.policies.route.RouterChart;
import dev.pareto.policies.route.RouterEvaluation;
import dev.pareto.policies.route.RouterReport;
import dev.pareto.policies.route.RouterReportJson;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "evaluate", mixinStandardHelpOptions = true, description = {
        "How well prompts can be routed between two models, learned from labels of your own.",
        "One JSON object a line: {\"id\", \"prompt\", \"subject\"?, \"models\": {NAME: {\"score\", \"output\"?, \"logprobs\"?}}}.",
        "Without --train the prompts are cut into folds, and each is predicted by what the others teach."})
final class PolicyEvaluateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, paramLabel = "F.jsonl[.gz]",
            description = "labelled prompts to measure routers on")
    private Path data;

    @Option(names = "--train", paramLabel = "G.jsonl[.gz]", description = "labelled prompts to learn from")
    private @Nullable Path train;

    @Option(names = "--strong", paramLabel = "MODEL", description = "the dear model (default: the highest mean score)")
    private @Nullable String strong;

    @Option(names = "--weak", paramLabel = "MODEL", description = "the cheap model (default: the lowest mean score)")
    private @Nullable String weak;

    @Option(names = "--second", paramLabel = "MODEL",
            description = "whose answer is the second opinion (default: any third model with outputs); it needs no score")
    private @Nullable String second;

    @Option(names = "--seed", defaultValue = "1000",
            description = "of folds, trees and draws (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--folds", defaultValue = "5", description = "without --train (default: ${DEFAULT-VALUE})")
    private int folds;

    @Option(names = "--bootstrap", defaultValue = "400",
            description = "draws behind the 95 %% intervals, 0 for none (default: ${DEFAULT-VALUE})")
    private int bootstrap;

    @Option(names = "--floor", paramLabel = "MARGIN",
            description = "also try an accuracy floor: the loss against the strong model that is allowed, e.g. 0.05")
    private @Nullable Double floor;

    @Option(names = "--floor-delta", paramLabel = "SHARE", defaultValue = "0.1",
            description = "how often the floor may break (default: ${DEFAULT-VALUE})")
    private double floorDelta;

    @Option(names = "--floor-labels", paramLabel = "N",
            description = "labels that set each threshold (default: a third of the prompts, 2000 at most)")
    private @Nullable Integer floorLabels;

    @Option(names = "--floor-draws", paramLabel = "N", defaultValue = "200",
            description = "how often labels are drawn anew (default: ${DEFAULT-VALUE})")
    private int floorDraws;

    @Option(names = "--svg", paramLabel = "FILE", description = "also draw the curves")
    private @Nullable Path svg;

    @Option(names = "--floor-svg", paramLabel = "FILE", description = "also draw how the floor was kept")
    private @Nullable Path floorSvg;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        RouterReport report;
        try {
            List<String> notes = new ArrayList<>();
            List<LabelledPrompt> tested = read(data, notes);
            List<LabelledPrompt> taught = train == null ? null : read(train, notes);
            report = new RouterEvaluation(System::nanoTime).run(tested, taught,
                    new RouterEvaluation.Settings(strong, weak, second, seed, folds, bootstrap, floor(tested.size())));
            report = report.withNotes(notes);
        } catch (IllegalArgumentException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
        if (svg != null) {
            Files.writeString(svg, RouterChart.svg(report), UTF_8);
        }
        if (floorSvg != null) {
            if (report.floors().isEmpty()) {
                throw new UsageException("--floor-svg draws what --floor tries; state a margin, e.g. --floor 0.05");
            }
            Files.writeString(floorSvg, FloorChart.svg(report.strongModel() + " and " + report.weakModel() + ", "
                    + report.n() + " prompts", report.floors()), UTF_8);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(RouterReportJson.write(report));
        } else {
            print(report, out);
        }
        return 0;
    }

    private static List<LabelledPrompt> read(Path file, List<String> notes) throws IOException {
        LabelledFile read = LabelledFile.read(file);
        if (read.repeated() > 0) {
            notes.add(read.repeated() + " repeated lines of " + file + " were left out");
        }
        return read.prompts();
    }

    private RouterEvaluation.@Nullable Floor floor(int prompts) {
        if (floor == null) {
            return null;
        }
        int labels = floorLabels != null ? floorLabels : Math.min(2000, Math.max(1, prompts / 3));
        return new RouterEvaluation.Floor(floor, floorDelta, labels, floorDraws);
    }

    private static void print(RouterReport report, PrintWriter out) {
        out.printf(Locale.ROOT, "%s %.4f, %s %.4f on %d prompts; %s (%d labels)%n", report.strongModel(),
                report.strong(),
                report.weakModel(), report.weak(), report.n(), report.protocol(), report.trainedOn());
        out.printf("%-26s %6s %15s %6s %6s %8s %8s %7s %7s %7s%n", "router", "APGR", "95 %", "CPT50", "CPT80",
                "at 20 %",
                "at 50 %", "ECE", "us p50", "p99");
        for (RouterReport.Router router : report.routers()) {
            double[] ends = router.intervals().get("apgr");
            RouterReport.Speed speed = router.microseconds();
            out.printf(Locale.ROOT, "%-26s %6.3f %15s %6.1f %6.1f %8.4f %8.4f %7s %7s %7s%n", router.name(),
                    router.figures().apgr(),
                    ends == null || ends.length < 2 ? "" : figure("%.3f", ends[0]) + " to " + figure("%.3f", ends[1]),
                    router.figures().cpt50(), router.figures().cpt80(), router.figures().accuracyAt20(),
                    router.figures().accuracyAt50(), figure("%.3f", router.ece()),
                    figure("%.1f", speed == null ? null : speed.p50()),
                    figure("%.1f", speed == null ? null : speed.p99()));
        }
        for (var floor : report.floors()) {
            out.printf(Locale.ROOT,
                    "floor %.3g of %s by %s on %d labels, %d draws: broken in %.1f %% (%.1f %% beyond noise), loss %.4f, strong calls %.1f %% (%+.1f beside naive)%n",
                    floor.margin(), floor.router(), floor.method().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    floor.labels(),
                    floor.draws(),
                    floor.broken() * 100, floor.brokenBeyondNoise() * 100, floor.loss(), floor.strongShare() * 100,
                    report.aboveNaive(floor) * 100);
        }
        report.notes().forEach(note -> out.println("note: " + note));
    }

    private static String figure(String format, @Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, format, value);
    }
}
