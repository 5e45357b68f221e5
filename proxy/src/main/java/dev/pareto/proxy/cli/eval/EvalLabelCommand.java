package dev.pareto.proxy.cli.eval;

import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.evals.suite.sample.Labelling;
import dev.pareto.evals.suite.sample.Labels;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "label", mixinStandardHelpOptions = true, description = {
        "Gives a suite its keys: what two models agree on, and what people say where they do not.",
        "First with --questions: writes the disagreements, a and b in random order; fill in each 'choice'",
        "(a, b, both, neither with an 'answer', or skip). Then with --labels and --out: writes the suite."})
final class EvalLabelCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUITE", description = "the suite's folder")
    private Path suite;

    @Option(names = "--first", paramLabel = "FILE", required = true,
            description = "one model's answers: a file below data/runs")
    private Path first;

    @Option(names = "--second", paramLabel = "FILE", required = true, description = "the other model's")
    private Path second;

    @Option(names = "--grader", paramLabel = "JSON", required = true,
            description = "says when answers agree, and grades the labelled suite, e.g. '{\"type\": \"label_match\"}'")
    private String grader;

    @Option(names = "--questions", paramLabel = "FILE", description = "write the disagreements there")
    private @Nullable Path questions;

    @Option(names = "--rater", defaultValue = "1", description = "who will fill it in (default: ${DEFAULT-VALUE})")
    private String rater;

    @Option(names = "--share", defaultValue = "1",
            description = "of the disagreements, e.g. 0.2 for a second rater (default: 1)")
    private double share;

    @Option(names = "--labels", paramLabel = "FILE", description = "a filled file; repeat it for several raters")
    private List<Path> labels = List.of();

    @Option(names = "--out", paramLabel = "DIR", description = "the labelled suite's folder, new or empty")
    private @Nullable Path out;

    @Option(names = "--seed", defaultValue = "label-1",
            description = "decides order and sides (default: ${DEFAULT-VALUE})")
    private String seed;

    @Override
    public Integer call() throws IOException, SuiteException {
        if ((questions == null) == (out == null) || (out != null && labels.isEmpty())) {
            throw new UsageException(
                    "write --questions FILE to ask people, or --labels FILE --out DIR when they have answered");
        }
        ObjectNode entry = parsed();
        Suite draft = new SuiteReader().read(suite);
        Labelling labelling = Labelling.of(draft, SuiteReader.grader(suite, entry.deepCopy().put("id", "key")), first,
                second,
                seed);
        if (questions != null) {
            ask(labelling, questions);
        } else if (out != null) {
            write(labelling, entry, out);
        }
        return 0;
    }

    private void ask(Labelling labelling, Path file) throws IOException {
        if (!(share > 0 && share <= 1)) {
            throw new UsageException("--share " + share + " is not within (0, 1]");
        }
        try {
            int written = labelling.write(file, rater, share);
            spec.commandLine()
                    .getOut()
                    .printf("%d items agree, %d do not, %d lack an answer; %d questions in %s%n", labelling.agreed(),
                            labelling.disagreements(), labelling.unanswered().size(), written, file);
        } catch (FileAlreadyExistsException taken) {
            throw new UsageException("there is already " + file + "; it may hold somebody's work", taken);
        }
    }

    private void write(Labelling labelling, ObjectNode entry, Path folder) throws IOException, SuiteException {
        Labels filled = new Labels(labelling, entry);
        for (Path file : labels) {
            filled.read(file);
        }
        Path last = folder.toAbsolutePath().normalize().getFileName();
        Labels.Labelled labelled = filled.write(String.valueOf(last), folder);
        var printed = spec.commandLine().getOut();
        printed.printf("%s: %d items (%d agreed, %d judged), version %s%n", folder, labelled.suite().items().size(),
                labelled.agreed(), labelled.chosen(), labelled.suite().version().substring(0, 12));
        if (!labelled.leftOut().isEmpty()) {
            printed.println("Left out: " + labelled.leftOut());
        }
        if (labelled.overlap() > 0) {
            printed.printf("Two raters judged %d items, %d alike; kappa %s%n", labelled.overlap(),
                    labelled.overlapAgreed(),
                    labelled.kappa() == null ? "unknown" : String.format(Locale.ROOT, "%.2f", labelled.kappa()));
        }
    }

    private ObjectNode parsed() {
        try {
            if (JsonMapper.shared().readTree(grader) instanceof ObjectNode object && object.path("type").isString()) {
                return object;
            }
        } catch (JacksonException noJson) {
            throw new UsageException("--grader is not JSON: " + noJson.getOriginalMessage(), noJson);
        }
        throw new UsageException("--grader '" + grader + "' is no grader; write e.g. {\"type\": \"exact\"}");
    }
}
