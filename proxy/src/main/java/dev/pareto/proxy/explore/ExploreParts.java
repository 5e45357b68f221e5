package dev.pareto.proxy.explore;

import java.nio.file.Path;
import java.util.concurrent.Executors;

import dev.pareto.proxy.BackgroundThreads;
import dev.pareto.proxy.LiveConfig;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The bandits, and where they are kept. */
@Configuration(proxyBeanMethods = false)
public class ExploreParts {

    @Bean
    Explorers explorers(LiveConfig config, MeterRegistry meters) {
        return new Explorers(new ExplorerFiles(Path.of(config.get().gateway().dataDir())),
                Executors.newSingleThreadScheduledExecutor(BackgroundThreads.named("pareto-bandits")), meters);
    }
}
