package dev.pareto.proxy.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pareto.policies.simulate.RegretChart;
import dev.pareto.policies.simulate.World;
import dev.pareto.policies.simulate.WorldPlan;
import dev.pareto.policies.simulate.WorldRun;
import dev.pareto.policies.simulate.Worlds;
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

@Command(name = "worlds", mixinStandardHelpOptions = true, description = {
        "Lives through simulated worlds whose models get slow, die, change their price and get worse, and says how the",
        "router follows: share of traffic on the best model from 200 requests after a change on, by an oracle."})
final class PolicyWorldsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--seeds", defaultValue = "5", description = "how many of each kind (default: ${DEFAULT-VALUE})")
    private int seeds;

    @Option(names = "--chart", paramLabel = "F.svg", description = "also draw the regret of the first seed's worlds")
    private @Nullable Path chart;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<WorldRun> first = new ArrayList<>();
        for (long seed = 1; seed <= seeds; seed++) {
            for (WorldPlan plan : Worlds.all(seed)) {
                WorldRun run = World.run(plan);
                if (seed == 1) {
                    first.add(run);
                }
                print(run, out);
            }
        }
        if (chart != null) {
            Files.writeString(chart, RegretChart.svg(first), UTF_8);
        }
        return 0;
    }

    private static void print(WorldRun run, PrintWriter out) {
        double[] regret = run.regret();
        out.printf(Locale.ROOT, "%s, seed %d: %d requests, %d switches, spent %.4f%s, regret %.1f%n", run.plan().name(),
                run.plan().seed(), run.steps().size(), run.switches(), run.spent(),
                run.plan().bandit().budget() == null ? "" : " of " + run.plan().bandit().budget().cap(),
                regret[regret.length - 1]);
        for (WorldRun.Aftermath after : run.aftermaths()) {
            String delay = after.bound() == null
                    ? ""
                    : String.format(Locale.ROOT, ", told after %s labels (ln(ARL)/KL %.0f)",
                            after.labels() == null ? "no" : after.labels(), after.bound());
            out.printf(Locale.ROOT, "  %-8s at %5d: %5.1f %% on the best, settled after %s%s%n", after.change().kind(),
                    after.change().request(), 100 * after.share(),
                    after.settled() == null ? "-" : after.settled().toString(), delay);
        }
        out.flush();
    }
}
