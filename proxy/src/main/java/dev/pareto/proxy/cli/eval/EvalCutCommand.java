package dev.pareto.proxy.cli.eval;

import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.sample.CutPlan;
import dev.pareto.evals.suite.sample.Sample;
import dev.pareto.evals.suite.sample.SampleStore;
import dev.pareto.evals.suite.sample.SuiteCut;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "cut", mixinStandardHelpOptions = true, description = {
        "Cuts a frozen suite from the sampled traffic of a route: masked, without repetitions, stratified.",
        "It has no keys yet; ask two models with eval run, then eval label."})
final class EvalCutCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private SampleFolder samples;

    @Option(names = "--route", required = true, description = "whose traffic; the route must state 'sample'")
    private String route;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "the suite's folder, new or empty")
    private Path out;

    @Option(names = "--name", description = "of the suite (default: the folder's)")
    private @Nullable String name;

    @Option(names = "--items", defaultValue = "500", description = "how many at most (default: ${DEFAULT-VALUE})")
    private int items;

    @Option(names = "--by", defaultValue = "length",
            description = "strata: none, length or tag:NAME (default: ${DEFAULT-VALUE})")
    private String by;

    @Option(names = "--floor", defaultValue = "20", description = "least of each stratum (default: ${DEFAULT-VALUE})")
    private int floor;

    @Option(names = "--seed", defaultValue = "cut-1",
            description = "decides which are taken (default: ${DEFAULT-VALUE})")
    private String seed;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, SuiteException {
        CutPlan plan;
        try {
            plan = new CutPlan(route, items, by, floor, seed);
        } catch (IllegalArgumentException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
        List<Sample> kept;
        try (SampleStore store = samples.open()) {
            kept = store.read(route);
        } catch (IOException unreadable) {
            throw new UsageException(String.valueOf(unreadable.getMessage()), unreadable);
        }
        Path last = out.toAbsolutePath().normalize().getFileName();
        SuiteCut.Cut cut = new SuiteCut(plan, Instant.now()).write(kept, name != null ? name : String.valueOf(last),
                out);
        print(cut);
        return 0;
    }

    private void print(SuiteCut.Cut cut) {
        var printed = spec.commandLine().getOut();
        if (json) {
            ObjectNode document = JsonMapper.shared().createObjectNode();
            document.put("folder", out.toString());
            document.put("suite", cut.suite().id());
            document.put("sha256", cut.suite().version());
            document.put("items", cut.suite().items().size());
            document.put("samples", cut.seen());
            document.put("repeated", cut.repeated());
            document.put("unusable", cut.unusable());
            document.set("shares", JsonMapper.shared().valueToTree(cut.shares()));
            document.set("masked", JsonMapper.shared().valueToTree(cut.masked()));
            printed.println(document);
            return;
        }
        printed.printf("%s: %d items of %d samples (%d repeated, %d without plain text), version %s%n", out,
                cut.suite().items().size(), cut.seen(), cut.repeated(), cut.unusable(),
                cut.suite().version().substring(0, 12));
        printed.printf("Strata and their shares of the traffic: %s%n", cut.shares());
        printed.printf(
                "Masked: %s. Names and addresses in prose are not found by rules: read the items before you share them.%n",
                cut.masked().isEmpty() ? "nothing" : cut.masked());
        printed.println(
                "Next: ./pareto eval run --suite " + out + " --model … for two models, then ./pareto eval label");
    }
}
