package dev.pareto.proxy.cli.models;

import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.text.Segment;
import dev.pareto.engine.text.Tokenizer;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "tokenize", description = "Text as a model's tokens, and tokens as text.",
        mixinStandardHelpOptions = true)
final class TokenizeCommand implements Callable<Integer> {

    /** Bytes of text; a context of a million tokens is a third of it. */
    private static final int MOST_BYTES = 16 << 20;

    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    private record Tokens(int[] tokens) {}

    private record Text(String text) {}

    private final InputStream in;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFiles files;

    @Parameters(paramLabel = "MODEL", index = "0",
            description = "a name from models list, or a path to a GGUF file; one without weights will do")
    private String model;

    @Parameters(paramLabel = "TEXT", index = "1", arity = "0..1",
            description = "the text; - or nothing for standard input, taken as it comes")
    private @Nullable String text;

    @Option(names = "--file", description = "a file of text in place of it")
    private @Nullable Path file;

    @Option(names = "--decode", split = "\\s*,\\s*", splitSynopsisLabel = ",", paramLabel = "ID",
            description = "the way back: ids as text, control tokens left out")
    private int @Nullable [] ids;

    @Option(names = "--special", description = {"add the begin and end tokens that the model asks for,",
            "and take names of control tokens in the text for these tokens"})
    private boolean special;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    TokenizeCommand() {
        this(System.in);
    }

    TokenizeCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws IOException {
        if (Stream.of(text, file, ids).filter(Objects::nonNull).count() > 1) {
            throw new ParameterException(spec.commandLine(), "TEXT, --file and --decode: give one of them only");
        }
        Tokenizer tokenizer = LocalEngine.tokenizerOf(files.find(model));
        if (ids == null) {
            encode(tokenizer, text());
        } else {
            decode(tokenizer, ids);
        }
        return 0;
    }

    private void encode(Tokenizer tokenizer, String given) {
        var out = spec.commandLine().getOut();
        int[] tokens = special
                ? tokenizer.encode(List.of(new Segment(given, true)), true)
                : tokenizer.encode(given, false);
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(new Tokens(tokens)));
            return;
        }
        for (int token : tokens) {
            out.printf("%8d  %s%n", token, TokenText.piece(tokenizer, token));
        }
        out.printf("%d token%s of %s%n", tokens.length, tokens.length == 1 ? "" : "s", model);
    }

    private void decode(Tokenizer tokenizer, int[] tokens) {
        for (int token : tokens) {
            if (token < 0 || token >= tokenizer.vocabularySize()) {
                throw new UsageException("token " + token + " does not exist; those of " + model + " are 0 to "
                        + (tokenizer.vocabularySize() - 1));
            }
        }
        String decoded = tokenizer.decode(tokens);
        spec.commandLine()
                .getOut()
                .println(json ? JsonMapper.shared().writeValueAsString(new Text(decoded)) : decoded);
    }

    private String text() throws IOException {
        if (file != null) {
            if (Files.isDirectory(file)) {
                throw new UsageException(file + " is a folder; give a file of text");
            }
            try (InputStream opened = Files.newInputStream(file)) {
                return read(opened, file.toString());
            }
        }
        return text == null || text.equals("-") ? read(in, "standard input") : text;
    }

    private static String read(InputStream from, String name) throws IOException {
        byte[] bytes = from.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new UsageException(
                    name + " has more than the " + (MOST_BYTES >> 20) + " MiB of text that are allowed; split it");
        }
        var buffer = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException wrong) {
            throw new UsageException(name + " is no UTF-8 text: see byte " + buffer.position() + "; convert it first",
                    wrong);
        }
    }
}
