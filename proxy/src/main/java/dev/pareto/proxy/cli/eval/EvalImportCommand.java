package dev.pareto.proxy.cli.eval;

import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.importer.Dropped;
import dev.pareto.evals.suite.importer.ImportFormat;
import dev.pareto.evals.suite.importer.ImportOptions;
import dev.pareto.evals.suite.importer.Imported;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "import", mixinStandardHelpOptions = true, description = {
        "Makes a suite from another tool's files, and lists all that it left out.",
        "Nothing of the source is run and nothing is fetched."})
final class EvalImportCommand implements Callable<Integer> {

    /** The ids, for help and completion. */
    static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ImportFormat.ids().iterator();
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FORMAT", completionCandidates = Formats.class,
            description = "${COMPLETION-CANDIDATES}")
    private String format;

    @Parameters(index = "1", paramLabel = "SOURCE", description = "the file or folder")
    private Path source;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "the suite's folder, new or empty")
    private Path out;

    @Option(names = "--name", description = "the suite's name, and which eval of a registry (default: the source's)")
    private @Nullable String name;

    @Option(names = "--data", paramLabel = "FILE",
            description = "the rows, where the source names a data set elsewhere")
    private @Nullable Path data;

    @Option(names = "--prompt", paramLabel = "N", defaultValue = "1",
            description = "which of several prompts (default: 1)")
    private int prompt;

    @Option(names = "--grader", paramLabel = "JSON",
            description = "how answers are compared where a program would, e.g. '{\"type\": \"exact\"}'")
    private @Nullable String grader;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException, SuiteException {
        ImportFormat wanted;
        ImportOptions options;
        try {
            wanted = ImportFormat.of(format);
            options = new ImportOptions(name, data, prompt, parsed());
        } catch (IllegalArgumentException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
        Imported imported = wanted.read(source, out, options);
        var printed = spec.commandLine().getOut();
        if (json) {
            printed.println(imported.json());
            return 0;
        }
        printed.printf("%s: %d items, graders %s, version %s%n", imported.folder(), imported.items(),
                imported.graders(),
                imported.version().substring(0, 12));
        if (imported.answers() > 0) {
            printed.printf("%d recorded answers in recorded.jsonl%n", imported.answers());
        }
        if (imported.dropped().isEmpty()) {
            printed.println("Nothing was left out.");
            return 0;
        }
        printed.printf("Left out, also listed in import.json (%d):%n", imported.dropped().size());
        for (Dropped dropped : imported.dropped()) {
            printed.printf("  %s: %s%n      %s%n", dropped.where(), dropped.what(), dropped.why());
        }
        return 0;
    }

    private @Nullable ObjectNode parsed() {
        if (grader == null) {
            return null;
        }
        try {
            JsonNode node = JsonMapper.shared().readTree(grader);
            if (node instanceof ObjectNode object && object.path("type").isString()) {
                return object;
            }
        } catch (JacksonException noJson) {
            // Reported below, like any JSON that is no grader.
        }
        throw new IllegalArgumentException("--grader '" + grader + "' is no grader; write e.g. {\"type\": \"exact\"}");
    }
}
