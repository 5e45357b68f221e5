package dev.pareto.proxy.cli.eval;

import dev.pareto.proxy.cli.serve.RunningGateway;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.evals.suite.sample.SampleKey;
import dev.pareto.evals.suite.sample.SampleStore;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.proxy.sample.TrafficSamples;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the gateway keeps sampled prompts, and the key that opens them. */
final class SampleFolder {

    @Option(names = "--config", defaultValue = "${env:PARETO_HOME:-.}/pareto.yaml",
            description = "the gateway's configuration, which names its data folder and the samples' key"
                    + " (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(names = "--data", description = "the gateway's data folder (default: the configuration's)")
    private @Nullable Path data;

    SampleStore open() {
        GatewaySettings gateway = gateway();
        GatewaySettings.Samples samples = gateway.samples();
        if (samples == null) {
            throw new UsageException("there is no gateway.samples.key in " + config
                    + ", or its variable is not set here; without it no sample can be read");
        }
        return new SampleStore(folder(), SampleKey.of(samples.key()), samples.keep(), InstantSource.system(),
                new SecureRandom());
    }

    Path folder() {
        Path of = data != null ? data : RunningGateway.dataFolder(config, gateway());
        return TrafficSamples.folder(of.toString());
    }

    private GatewaySettings gateway() {
        try {
            return new ConfigReader().read(config, System.getenv()).gateway();
        } catch (ConfigException refused) {
            throw new UsageException(String.valueOf(refused.getMessage()), refused);
        }
    }
}
