package dev.pareto.proxy.cli.models;

import dev.pareto.engine.BareModel;
import dev.pareto.engine.EngineException;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.text.Tokenizer;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "logits", description = "What a model expects after given tokens.", mixinStandardHelpOptions = true)
final class LogitsCommand implements Callable<Integer> {

    private static final int TOP = 10;
    private static final int USUAL_CONTEXT = 256;
    /** Floats that are printed; 256 MiB while they wait. */
    private static final long MOST_LOGITS = 1 << 26;

    /** What {@code --json} shows: a row for each position. */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    private record Rows(int[] positions, float[][] logits) {}

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFiles files;

    @Parameters(paramLabel = "MODEL", description = "a name from models list, or a path to a GGUF file")
    private String model;

    @Option(names = "--tokens", required = true, split = "\\s*,\\s*", splitSynopsisLabel = ",", paramLabel = "ID",
            description = "the tokens, as models tokenize gives them")
    private int[] tokens;

    @Option(names = "--positions", split = "\\s*,\\s*", splitSynopsisLabel = ",", defaultValue = "last",
            paramLabel = "POSITION",
            description = "after which tokens: 0 for the first, last, or all (default: ${DEFAULT-VALUE})")
    private List<String> positions;

    @Option(names = "--context", paramLabel = "TOKENS", description = {
            "the tokens to make room for, as far as the model's context goes:",
            "some models place tokens otherwise in a long one",
            "(default: 256, or as many as there are)"})
    private @Nullable Integer context;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        int[] wanted = positions.stream().flatMapToInt(this::positions).toArray();
        Path file = files.find(model);
        // a copy of the weights would be used once
        try (BareModel bare = BareModel.open(file, EngineSettings.defaults().withCopyBytes(0))) {
            if ((long) wanted.length * bare.vocabulary() > MOST_LOGITS) {
                throw new UsageException(wanted.length + " positions of " + bare.vocabulary()
                        + " logits each are more than can be printed; ask for at most "
                        + MOST_LOGITS / bare.vocabulary() + " --positions at once");
            }
            int room = context == null
                    ? Math.min(Math.max(USUAL_CONTEXT, tokens.length), bare.contextLength())
                    : context;
            float[][] rows = bare.logits(tokens, wanted, room);
            if (json) {
                JsonMapper.shared()
                        .writer()
                        .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
                        .writeValue(spec.commandLine().getOut(), new Rows(wanted, rows));
                spec.commandLine().getOut().println();
            } else {
                show(wanted, rows, tokenizer(file));
            }
        }
        return 0;
    }

    private IntStream positions(String text) {
        return switch (text) {
            case "last" -> IntStream.of(tokens.length - 1);
            case "all" -> IntStream.range(0, tokens.length);
            default -> {
                try {
                    yield IntStream.of(Integer.parseInt(text));
                } catch (NumberFormatException wrong) {
                    throw new UsageException(
                            "--positions " + text + " is no position; give numbers from 0 on, last or all", wrong);
                }
            }
        };
    }

    /** Null for a file without one: the ids say enough. */
    private static @Nullable Tokenizer tokenizer(Path file) throws IOException {
        try {
            return LocalEngine.tokenizerOf(file);
        } catch (EngineException.UnusableModel _) {
            return null;
        }
    }

    private void show(int[] wanted, float[][] rows, @Nullable Tokenizer tokenizer) {
        PrintWriter out = spec.commandLine().getOut();
        for (int i = 0; i < wanted.length; i++) {
            out.printf("after position %d, token %s%n", wanted[i], name(tokenizer, tokens[wanted[i]]));
            out.printf("%10s %9s  %s%n", "logit", "chance", "token");
            float[] row = rows[i];
            double highest = IntStream.range(0, row.length).mapToDouble(id -> row[id]).max().orElse(0);
            double sum = IntStream.range(0, row.length).mapToDouble(id -> Math.exp(row[id] - highest)).sum();
            IntStream.range(0, row.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(id -> -row[id]))
                    .limit(TOP)
                    .forEach(id -> out.printf("%10.4f %7.2f %%  %s%n", row[id],
                            100 * Math.exp(row[id] - highest) / sum, name(tokenizer, id)));
        }
    }

    private static String name(@Nullable Tokenizer tokenizer, int token) {
        return tokenizer == null ? Integer.toString(token) : token + " " + TokenText.piece(tokenizer, token);
    }
}
