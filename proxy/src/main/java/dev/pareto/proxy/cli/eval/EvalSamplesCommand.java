package dev.pareto.proxy.cli.eval;

import dev.pareto.evals.suite.sample.SampleStore;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "samples", mixinStandardHelpOptions = true,
        description = "Lists the sampled prompts that rest encrypted (never their words), or deletes them.")
final class EvalSamplesCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private SampleFolder samples;

    @Option(names = "--forget", paramLabel = "ROUTE", description = "delete everything of that route now")
    private @Nullable String forget;

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        if (forget != null) {
            int gone = SampleStore.forget(samples.folder(), forget);
            out.printf("%d files of route %s deleted%n", gone, forget);
            return 0;
        }
        SampleStore.purge(samples.folder(), Instant.now());
        var held = SampleStore.held(samples.folder());
        if (held.isEmpty()) {
            out.println("There are no samples. A route opts in with 'sample: 1 %', gateway.samples.key encrypts them.");
        }
        for (SampleStore.Held one : held) {
            out.printf("%s: %d files, %d bytes, the first expires %s, the last %s%n", one.route(), one.files(),
                    one.bytes(),
                    one.firstExpiry(), one.lastExpiry());
        }
        return 0;
    }
}
