package dev.pareto.proxy.cli.eval;

import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.RolloutPlan;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteGrader;
import dev.pareto.evals.suite.SuiteReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "check", mixinStandardHelpOptions = true,
        description = "Reads a suite as a run would, and says what is in it, or file and line of what is wrong.")
final class EvalCheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUITE", description = "the suite's folder or file")
    private Path folder;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, SuiteException {
        Suite suite = new SuiteReader().read(folder);
        SortedMap<String, Integer> strata = new TreeMap<>();
        suite.items()
                .stream()
                .map(Item::stratum)
                .filter(Objects::nonNull)
                .forEach(stratum -> strata.merge(stratum, 1, Integer::sum));
        var out = spec.commandLine().getOut();
        if (json) {
            ObjectNode document = JsonMapper.shared().createObjectNode();
            document.put("suite", suite.id());
            document.put("sha256", suite.version());
            document.put("items", suite.items().size());
            document.put("critical", suite.items().stream().filter(Item::critical).count());
            document.set("strata", JsonMapper.shared().valueToTree(strata));
            document.set("graders",
                    JsonMapper.shared().valueToTree(suite.graders().stream().map(SuiteGrader::id).toList()));
            out.println(document);
            return 0;
        }
        out.printf("%s: %d items, graders %s, version %s%n", suite.id(), suite.items().size(),
                suite.graders().stream().map(SuiteGrader::id).collect(Collectors.joining(", ")),
                suite.version().substring(0, 12));
        if (!strata.isEmpty()) {
            out.println("strata " + strata);
        }
        advise(suite);
        return 0;
    }

    /** What a suite says of the roll-out decides nothing; the lines that do, to copy. */
    private void advise(Suite suite) {
        RolloutPlan plan = suite.rollout();
        if (plan.equals(RolloutPlan.NONE)) {
            return;
        }
        var out = spec.commandLine().getOut();
        out.println("The suite advises this roll-out; it holds once pareto.yaml says so:");
        out.printf("  swaps:%n    %s: {to: VENDOR/MODEL, suites: [%s]", suite.route() == null ? "ROUTE" : suite.route(),
                suite.id());
        Double shadow = plan.shadow();
        if (shadow != null) {
            out.printf(", shadow: %s", percent(shadow));
        }
        if (!plan.stages().isEmpty()) {
            out.printf(", ramp: [%s]",
                    plan.stages().stream().map(EvalCheckCommand::percent).collect(Collectors.joining(", ")));
        }
        Double holdback = plan.holdback();
        if (holdback != null) {
            out.printf(", holdback: %s", percent(holdback));
        }
        out.println("}");
    }

    private static String percent(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + " %";
    }
}
