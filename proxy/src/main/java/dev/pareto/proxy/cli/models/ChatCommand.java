package dev.pareto.proxy.cli.models;

import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.GenerationRequest;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.LocalEngine;
import dev.pareto.engine.Sampling;
import dev.pareto.proxy.cli.terminal.Interrupts;
import dev.pareto.proxy.cli.terminal.Terminal;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "chat", mixinStandardHelpOptions = true, description = {
        "A conversation with a model in this process, without a gateway.",
        "Piped in, each line is a message and only the answers are printed."})
final class ChatCommand implements Callable<Integer> {

    /** What a shell reports of a program that Ctrl-C ended. */
    private static final int INTERRUPTED = 130;

    private final InputStream in;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelFiles files;

    @Parameters(paramLabel = "MODEL", description = "a name from models list, or a path to a GGUF file")
    private String model;

    @Option(names = "--system", paramLabel = "TEXT", description = "what the model is told before everything else")
    private @Nullable String system;

    @Option(names = "--temperature", defaultValue = "0.7",
            description = "0 for the likeliest (default: ${DEFAULT-VALUE})")
    private double temperature;

    @Option(names = "--seed", description = "makes answers repeatable")
    private @Nullable Long seed;

    @Option(names = "--max-tokens", defaultValue = "" + GenerationRequest.ENGINE_DEFAULT, paramLabel = "TOKENS",
            description = "of one answer (default: as many as the engine allows)")
    private int maxTokens;

    @Option(names = {"-t", "--threads"}, paramLabel = "N",
            description = "threads that compute (default: all processors)")
    private @Nullable Integer threads;

    ChatCommand() {
        this(System.in);
    }

    ChatCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        if (!SLF4JBridgeHandler.isInstalled()) { // no Spring here to do it: what the engine logs is not for the talk
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
        }
        Sampling sampling = Sampling.atTemperature(temperature);
        try (LocalEngine engine = new LocalEngine(settings()); LoadedModel loaded = engine.load(files.find(model))) {
            var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            var session = new ChatSession(loaded, seed == null ? sampling : sampling.withSeed(seed), maxTokens, system,
                    lines, out, err, Terminal.watched());
            boolean _ = Interrupts.call(() -> {
                if (!session.stop()) {
                    System.exit(INTERRUPTED);
                }
            });
            return session.run() ? 0 : 1;
        }
    }

    private EngineSettings settings() {
        EngineSettings settings = EngineSettings.defaults().withSequences(1, 1);
        try {
            return threads == null ? settings : settings.withThreads(threads);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("--threads: " + wrong.getMessage(), wrong);
        }
    }
}
