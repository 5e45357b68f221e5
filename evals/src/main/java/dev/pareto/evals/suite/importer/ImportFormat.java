package dev.pareto.evals.suite.importer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import dev.pareto.evals.suite.SuiteException;

/** The foreign formats. */
public enum ImportFormat {

    /** promptfoo's configuration, with its tests in YAML, JSON or CSV. */
    PROMPTFOO("promptfoo", "promptfooconfig.yaml, with tests in it or in CSV, JSON(L) or YAML files"),
    /** OpenAI's hosted evals as its API returns them. */
    OPENAI("openai", "a folder or file of the Evals API: eval, runs, output items, rows"),
    /** The registry of openai/evals. */
    OPENAI_REGISTRY("openai-registry", "a registry YAML of openai/evals, with its samples JSONL"),
    /** EleutherAI's harness, generated answers only. */
    LM_EVAL("lm-eval", "a task YAML of lm-evaluation-harness (generate_until), with --data"),
    /** Inspect's data sets and logs. */
    INSPECT("inspect", "a data set (JSONL, JSON, CSV) or a log (.eval, .json) of Inspect"),
    /** AlpacaEval's outputs. */
    ALPACA_EVAL("alpaca-eval", "model_outputs.json of alpaca_eval; its output is the reference"),
    /** MT-bench's questions and answers. */
    MT_BENCH("mt-bench", "question.jsonl of FastChat's MT-bench, or its folder with model_answer");

    private final String id;
    private final String source;

    ImportFormat(String id, String source) {
        this.id = id;
        this.source = source;
    }

    private Importer importer() {
        return switch (this) {
            case PROMPTFOO -> new Promptfoo();
            case OPENAI -> new OpenAiEvals();
            case OPENAI_REGISTRY -> new OpenAiRegistry();
            case LM_EVAL -> new LmEval();
            case INSPECT -> new Inspect();
            case ALPACA_EVAL -> new AlpacaEval();
            case MT_BENCH -> new MtBench();
        };
    }

    /** As the command line calls it. */
    public String id() {
        return id;
    }

    /** What it is made from, for people. */
    public String source() {
        return source;
    }

    /** The format of that id. @throws IllegalArgumentException that names the known ones */
    public static ImportFormat of(String id) {
        return Arrays.stream(values())
                .filter(format -> format.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown format '" + id + "'; known are " + ids()));
    }

    /** All ids. */
    public static List<String> ids() {
        return Arrays.stream(values()).map(ImportFormat::id).toList();
    }

    /**
     * Makes a suite in {@code folder}, which must be empty or absent; on failure it stays so.
     *
     * @throws SuiteException when the source cannot be read as this format or leaves no item
     */
    public Imported read(Path source, Path folder, ImportOptions options) throws IOException, SuiteException {
        if (!Files.exists(source)) {
            throw new SuiteException(source, 0, "there is no such file or folder", "name " + this.source);
        }
        SourceFiles files = new SourceFiles(source);
        Draft draft = new Draft(source);
        importer().read(files, options, draft);
        if (options.name() != null) {
            draft.name(options.name());
        }
        return draft.write(folder, id, files.hashes());
    }
}
