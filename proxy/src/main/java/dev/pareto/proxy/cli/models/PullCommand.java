package dev.pareto.proxy.cli.models;

import dev.pareto.engine.LocalEngine;
import dev.pareto.proxy.cli.terminal.Terminal;
import dev.pareto.proxy.hub.Hub;
import dev.pareto.proxy.hub.HubFile;
import dev.pareto.proxy.hub.HubFiles;
import dev.pareto.proxy.hub.ModelDownload;
import dev.pareto.proxy.hub.ModelReference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "pull", description = "Downloads a model; an interrupted download continues where it stopped.",
        mixinStandardHelpOptions = true)
final class PullCommand implements Callable<Integer> {

    private static final Duration IDLE_LIMIT = Duration.ofSeconds(60);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "hf:owner/repo, hf:owner/repo:Q4_K_M or hf:owner/repo:file.gguf")
    private String model;

    @Option(names = "--models-dir", description = "where to put it (default: ${DEFAULT-VALUE})",
            defaultValue = "${env:PARETO_HOME:-.}/models")
    private Path folder;

    @Option(names = "--hub", description = "the hub's address (default: ${DEFAULT-VALUE})",
            defaultValue = "${env:HF_ENDPOINT:-https://huggingface.co}")
    private URI address;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ModelReference reference = ModelReference.parse(model);
        var out = spec.commandLine().getOut();
        var bar = new ProgressBar(spec.commandLine().getErr(), Terminal.watched(), System::nanoTime);
        try (var hub = new Hub(address, System.getenv("HF_TOKEN"), IDLE_LIMIT)) {
            HubFiles files = hub.files(reference);
            List<HubFile> chosen = files.select(reference);
            var download = new ModelDownload(hub, folder, IDLE_LIMIT, bar);
            for (HubFile file : chosen) {
                Path path = download.download(reference, files.revision(), file);
                bar.finish();
                out.println(path);
                LocalEngine.faultOf(path)
                        .ifPresent(fault -> spec.commandLine()
                                .getErr()
                                .println("pareto: the gateway cannot serve it: " + fault));
            }
        }
        return 0;
    }

}
