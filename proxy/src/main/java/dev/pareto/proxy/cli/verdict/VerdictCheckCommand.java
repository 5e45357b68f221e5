package dev.pareto.proxy.cli.verdict;

import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.evals.check.Finding;
import dev.pareto.evals.check.VerdictChecker;
import dev.pareto.evals.verdict.VerdictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "check", mixinStandardHelpOptions = true, description = {
        "Recomputes a verdict from its records, by other formulas than those that made it.",
        "Ends with 1 when a number does not hold."})
final class VerdictCheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(index = "0", paramLabel = "VERDICT", description = "a file, or the id of one on file with the gateway")
    private String verdict;

    @Parameters(index = "1", arity = "0..1", paramLabel = "RECORDS.jsonl",
            description = "default: those that the verdict names")
    private @Nullable Path records;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    private final JsonMapper mapper = new JsonMapper();

    @Override
    public Integer call() throws IOException, InterruptedException {
        JsonNode tree = tree();
        String named = tree.at("/data/records").asString("");
        Path file = records == null ? Path.of(named) : records;
        if (named.isEmpty() && records == null) {
            throw new UsageException("the verdict names no records; name them behind it");
        }
        List<Finding> findings;
        try {
            findings = new VerdictChecker().check(tree, file);
        } catch (IllegalArgumentException noVerdict) {
            throw new UsageException(verdict + ": " + noVerdict.getMessage(), noVerdict);
        }
        long wrong = findings.stream().filter(finding -> !finding.holds()).count();
        tell(findings, wrong);
        return wrong == 0 ? 0 : 1;
    }

    private void tell(List<Finding> findings, long wrong) {
        var out = spec.commandLine().getOut();
        if (json) {
            var answer = mapper.createObjectNode().put("holds", wrong == 0).put("checked", findings.size());
            answer.set("findings", mapper.valueToTree(findings));
            out.println(answer);
            return;
        }
        findings.stream()
                .filter(finding -> !finding.holds())
                .forEach(finding -> out.printf("DOES NOT HOLD  %s: the verdict says %s, the records say %s%n",
                        finding.what(), finding.stated(), finding.computed()));
        out.println(wrong == 0
                ? "All " + findings.size() + " statements checked hold."
                : wrong + " of " + findings.size() + " statements checked do not hold.");
    }

    private JsonNode tree() throws IOException, InterruptedException {
        Path file = Path.of(verdict);
        if (Files.exists(file)) {
            try {
                JsonNode tree = mapper.readTree(Files.readString(file));
                return tree.has("verdict") && tree.path("verdict").isObject() ? tree.path("verdict") : tree;
            } catch (JacksonException malformed) {
                throw new UsageException(verdict + " is not JSON: " + malformed.getOriginalMessage(), malformed);
            }
        }
        try (GatewayClient gateway = where.connect()) {
            return gateway.verdicts()
                    .stream()
                    .filter(known -> known.id().equals(verdict))
                    .findFirst()
                    .map(VerdictJson::tree)
                    .orElseThrow(() -> new UsageException("there is no file and no verdict " + verdict));
        }
    }
}
