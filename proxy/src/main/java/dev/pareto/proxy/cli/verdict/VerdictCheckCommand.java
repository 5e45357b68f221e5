package dev.pareto.proxy.cli.verdict;

import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.evals.check.ChainChecker;
import dev.pareto.evals.check.Finding;
import dev.pareto.evals.check.VerdictChecker;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
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
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "check", mixinStandardHelpOptions = true, description = {
        "Recomputes a verdict from its records, by other formulas than those that made it;",
        "with --chain walks all verdicts on file, each of which names the one before it.",
        "Ends with 1 when a statement does not hold."})
final class VerdictCheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Parameters(index = "0", arity = "0..1", paramLabel = "VERDICT",
            description = "a file, or the id of one on file with the gateway; with --chain a file of verdicts, oldest first"
                    + " (default: those of the gateway)")
    private @Nullable String verdict;

    @Parameters(index = "1", arity = "0..1", paramLabel = "RECORDS.jsonl",
            description = "default: those that the verdict names")
    private @Nullable Path records;

    @Option(names = "--chain", description = "name what was changed, removed, slipped in or moved")
    private boolean chain;

    @Option(names = "--newest", paramLabel = "SHA256",
            description = "with --chain: the hash that the newest must have; without, its own loss cannot be seen")
    private @Nullable String newest;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    private final JsonMapper mapper = new JsonMapper();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (newest != null && !chain) {
            throw new UsageException("--newest goes with --chain");
        }
        if (chain) {
            List<JsonNode> all = all();
            return told(new ChainChecker().check(all, newest), all.isEmpty()
                    ? "There is no verdict."
                    : all.size() + (all.size() == 1 ? " verdict" : " verdicts") + ", the newest "
                            + all.getLast().path("sha256").asString("") + ".",
                    null);
        }
        if (verdict == null) {
            throw new UsageException("name a verdict, or --chain for all of them");
        }
        JsonNode tree = tree(verdict);
        String named = tree.at("/data/records").asString("");
        if (named.isEmpty() && records == null) {
            throw new UsageException("the verdict names no records; name them behind it");
        }
        Path file = records == null ? Path.of(named) : records;
        try {
            boolean expired = !Instant.now().isBefore(Instant.parse(tree.path("expires").asString("")));
            return told(new VerdictChecker().check(tree, file),
                    expired ? "It expired on " + tree.path("expires").asString() + ": it moves no traffic." : "",
                    expired);
        } catch (NoSuchFileException missing) {
            throw new UsageException(
                    "there is no file " + missing.getMessage() + "; name the records behind the verdict",
                    missing);
        } catch (IllegalArgumentException | DateTimeException | IOException noVerdict) {
            throw new UsageException(verdict + ": " + noVerdict.getMessage(), noVerdict);
        }
    }

    private int told(List<Finding> findings, String note, @Nullable Boolean expired) {
        long wrong = findings.stream().filter(finding -> !finding.holds()).count();
        var out = spec.commandLine().getOut();
        if (json) {
            var answer = mapper.createObjectNode().put("holds", wrong == 0).put("checked", findings.size());
            if (expired != null) {
                answer.put("expired", expired);
            }
            answer.set("findings", mapper.valueToTree(findings));
            out.println(answer);
            return wrong == 0 ? 0 : 1;
        }
        findings.stream()
                .filter(finding -> !finding.holds())
                .forEach(finding -> out.printf("DOES NOT HOLD  %s: the verdict says %s, it should be %s%n",
                        finding.what(), finding.stated(), finding.computed()));
        out.println(wrong == 0
                ? "All " + findings.size() + " statements checked hold."
                : wrong + " of " + findings.size() + " statements checked do not hold.");
        if (!note.isEmpty()) {
            out.println(note);
        }
        return wrong == 0 ? 0 : 1;
    }

    private List<JsonNode> all() throws IOException, InterruptedException {
        if (verdict == null) {
            try (GatewayClient gateway = where.connect()) {
                return gateway.chain();
            }
        }
        String text = text(verdict);
        List<JsonNode> all = new ArrayList<>();
        try (MappingIterator<JsonNode> values = mapper.readerFor(JsonNode.class).readValues(text)) {
            while (values.hasNext()) {
                all.add(values.next());
            }
        } catch (JacksonException malformed) {
            throw new UsageException(verdict + " is not JSON: " + malformed.getOriginalMessage(), malformed);
        }
        // the gateway's own list begins with the newest
        List<JsonNode> found = all.size() == 1 && all.getFirst().has("verdicts")
                ? List.copyOf(all.getFirst().path("verdicts").values()).reversed()
                : all;
        requireVerdicts(verdict, found);
        return found;
    }

    /** A file of something else is said to be one once, not wrong in every line. */
    private static void requireVerdicts(String name, List<JsonNode> found) {
        if (found.isEmpty()) {
            throw new UsageException(name + " holds no verdict");
        }
        if (found.stream().noneMatch(one -> one.has("sha256") || one.has("previous_sha256") || one.has("quality"))) {
            throw new UsageException(
                    name + ": these are no verdicts; name a file that verdict export or verdict compute"
                            + " wrote");
        }
    }

    private static String text(String name) throws IOException {
        Path file = Path.of(name);
        if (Files.isDirectory(file)) {
            throw new UsageException(name + " is a folder; name a file");
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException noText) {
            throw new UsageException(name + " is not UTF-8 text, so it holds no verdict", noText);
        }
    }

    private JsonNode tree(String name) throws IOException, InterruptedException {
        Path file = Path.of(name);
        if (Files.exists(file)) {
            try {
                JsonNode read = mapper.readTree(text(name));
                JsonNode tree = read.path("verdict").isObject() ? read.path("verdict") : read;
                requireVerdicts(name, tree.isMissingNode() ? List.of() : List.of(tree));
                return tree;
            } catch (JacksonException malformed) {
                throw new UsageException(name + " is not JSON: " + malformed.getOriginalMessage(), malformed);
            }
        }
        if (name.contains(".json") || name.contains("/")) {
            throw new UsageException("there is no file " + name);
        }
        try (GatewayClient gateway = where.connect()) {
            return gateway.chain()
                    .stream()
                    .filter(known -> known.path("id").asString("").equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UsageException("there is no file and no verdict " + name));
        }
    }
}
