package dev.pareto.proxy.learn;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.pareto.dashboards.store.LabelRepository;
import dev.pareto.dashboards.store.Store;
import dev.pareto.evals.journal.RunBook;
import dev.pareto.policies.predict.live.AccuracyBoard;
import dev.pareto.policies.predict.live.RouteTeacher;
import dev.pareto.proxy.BackgroundThreads;
import dev.pareto.proxy.LiveConfig;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What learns, and how it hangs together. */
@Configuration(proxyBeanMethods = false)
public class LearnParts {

    /** Of folds and trees: the same labels teach the same predictor. */
    private static final long SEED = 20_261_122;
    private static final int MOST_FLOORS_WAITING = 256;
    private static final int MOST_READS_WAITING = 2_048;

    @Bean
    LabelRepository labelRepository(Store store) {
        return new LabelRepository(store);
    }

    @Bean
    LabelDesk labelDesk(LabelRepository store, LiveConfig config, MeterRegistry registry) {
        return new LabelDesk(store, () -> config.get().gateway().feedback().keepLabels(), InstantSource.system(),
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MOST_READS_WAITING), BackgroundThreads.named("pareto-labels"),
                        new ThreadPoolExecutor.DiscardPolicy()),
                registry);
    }

    @Bean
    AccuracyBoard accuracyBoard() {
        return new AccuracyBoard(new ThreadPoolExecutor(0, 1, 1, TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(MOST_FLOORS_WAITING), BackgroundThreads.named("pareto-floors")));
    }

    @Bean
    Training training(LabelRepository store, AccuracyBoard board, LiveConfig config) {
        return new Training(store, board, new PredictorFiles(Path.of(config.get().gateway().dataDir())), config,
                new RouteTeacher(SEED), Training.Pace.USUAL, InstantSource.system());
    }

    @Bean
    Learning learning(Training training, LabelRepository store, LabelDesk desk, RunBook runs, LiveConfig config,
            MeterRegistry registry) {
        return new Learning(training, store, desk,
                new EvalLabels(runs, desk, model -> config.get().catalogue().simulated(model)),
                Executors.newSingleThreadScheduledExecutor(BackgroundThreads.named("pareto-learning")),
                InstantSource.system(),
                registry);
    }
}
