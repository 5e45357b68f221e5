package dev.pareto.proxy;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Ticker;
import com.sun.management.OperatingSystemMXBean;
import dev.pareto.dashboards.ledger.AttemptRole;
import dev.pareto.dashboards.ledger.Ledger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.store.ExperimentRepository;
import dev.pareto.dashboards.store.FeedbackRepository;
import dev.pareto.dashboards.store.KeyRepository;
import dev.pareto.dashboards.budget.BudgetBooks;
import dev.pareto.dashboards.budget.BudgetRepository;
import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.proxy.budget.BudgetAlerts;
import dev.pareto.proxy.budget.BudgetClock;
import dev.pareto.proxy.budget.BudgetDesk;
import dev.pareto.proxy.budget.BudgetMeters;
import dev.pareto.proxy.budget.CommitmentDesk;
import dev.pareto.proxy.route.BudgetCalls;
import dev.pareto.proxy.route.BudgetHeaders;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.store.SwapRepository;
import dev.pareto.engine.EngineSettings;
import dev.pareto.engine.LoadedModel;
import dev.pareto.engine.Speculation;
import dev.pareto.engine.residency.Residency;
import dev.pareto.engine.residency.ResidencyLimits;
import dev.pareto.policies.cascade.AcceptanceRates;
import dev.pareto.policies.decide.Fingerprints;
import dev.pareto.policies.policy.EngineLimits;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.swap.Verdicts;
import dev.pareto.proxy.cache.AnswerCache;
import dev.pareto.proxy.cascade.AcceptanceFile;
import dev.pareto.proxy.cascade.Cascades;
import dev.pareto.proxy.cascade.VerifierBook;
import dev.pareto.proxy.experiment.ExperimentBook;
import dev.pareto.proxy.experiment.ExperimentWatch;
import dev.pareto.proxy.experiment.OutcomeLog;
import dev.pareto.proxy.feedback.FeedbackDesk;
import dev.pareto.proxy.guard.Edge;
import dev.pareto.proxy.key.Callers;
import dev.pareto.proxy.key.ConfiguredKeys;
import dev.pareto.proxy.key.StoredKeys;
import dev.pareto.proxy.explore.Explorers;
import dev.pareto.proxy.learn.LabelDesk;
import dev.pareto.proxy.limit.Admission;
import dev.pareto.proxy.limit.RetryBudget;
import dev.pareto.proxy.meter.Billing;
import dev.pareto.proxy.meter.Expiry;
import dev.pareto.proxy.meter.EngineMeters;
import dev.pareto.proxy.meter.IdleTime;
import dev.pareto.proxy.meter.LedgerMeters;
import dev.pareto.proxy.meter.Machines;
import dev.pareto.proxy.meter.Meter;
import dev.pareto.proxy.meter.Meters;
import dev.pareto.proxy.meter.Observations;
import dev.pareto.proxy.route.FeedbackCalls;
import dev.pareto.proxy.route.ModelCalls;
import dev.pareto.proxy.route.ModelList;
import dev.pareto.proxy.route.Planner;
import dev.pareto.proxy.sample.TrafficSamples;
import dev.pareto.proxy.simulate.RecordedVendors;
import dev.pareto.proxy.simulate.SimulatedVendors;
import dev.pareto.proxy.swap.InputWatch;
import dev.pareto.proxy.swap.JudgeBench;
import dev.pareto.proxy.swap.LiveJudge;
import dev.pareto.proxy.swap.ShadowMirror;
import dev.pareto.proxy.swap.SwapBook;
import dev.pareto.proxy.swap.SwapClock;
import dev.pareto.proxy.swap.SwapWatch;
import dev.pareto.proxy.upstream.Attempts;
import dev.pareto.proxy.upstream.Deployments;
import dev.pareto.proxy.upstream.HttpUpstreams;
import dev.pareto.proxy.upstream.LocalModels;
import dev.pareto.proxy.upstream.Upstreams;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.scheduler.Schedulers;

/** The gateway's own parts and how they hang together; plain constructors, so that tests can do the same by hand. */
@Configuration(proxyBeanMethods = false)
class Parts {

    private static final int MAX_CONCURRENT = 4_096;
    private static final long CACHE_BYTES_OF_ROUTE = 64L << 20;
    private static final double RETRY_SHARE = 0.2;
    private static final int RETRY_RESERVE = 20;
    private static final int MAX_UNREAD = 1_024;
    private static final int MOST_TOP_UPS = 10_000;
    /** Of the heap, for the models' caches; the gateway needs the rest. */
    private static final double HEAP_SHARE = 0.75;

    @Bean
    Store store(LiveConfig config) {
        return Stores.open(config.get().gateway());
    }

    @Bean
    Ledger ledger(Store store) {
        return new JdbcLedger(store, LedgerSettings.defaults(), InstantSource.system(), System::nanoTime);
    }

    @Bean
    LedgerMeters ledgerMeters(Ledger ledger) {
        return new LedgerMeters(ledger);
    }

    @Bean
    Observations observations(Explorers explorers) {
        return new Observations(System::nanoTime, explorers);
    }

    @Bean
    Machines machines(LiveConfig config, MeterRegistry registry) {
        return new Machines(() -> config.get().catalogue().vendors(), System::nanoTime, registry);
    }

    @Bean
    BudgetRepository budgetRepository(Store store) {
        return new BudgetRepository(store);
    }

    @Bean
    BudgetDesk budgetDesk(Store store, Ledger ledger, LiveConfig config, BudgetRepository repository) {
        var books = new BudgetBooks(store);
        return new BudgetDesk(() -> config.get().budgets(),
                (plan, window, now, since) -> books.beside(plan, window, now, ledger.replica(), since),
                () -> repository.grantedSince(Instant.EPOCH, MOST_TOP_UPS), InstantSource.system(),
                store instanceof PostgresStore);
    }

    @Bean
    CommitmentDesk commitmentDesk(Store store, Ledger ledger, LiveConfig config) {
        var books = new BudgetBooks(store);
        return new CommitmentDesk(() -> config.get().commitments(),
                (plan, window, now, since) -> books.beside(plan, window, now, ledger.replica(), since),
                InstantSource.system(), store instanceof PostgresStore);
    }

    @Bean
    BudgetClock budgetClock(BudgetDesk desk, CommitmentDesk commitments, BudgetRepository repository, LiveConfig config,
            MeterRegistry registry) {
        String secret = System.getenv("PARETO_REPORT_SECRET");
        var alerts = new BudgetAlerts(desk, () -> config.get().budgets(), repository,
                secret == null || secret.isBlank() ? null : new Secret(secret), InstantSource.system(),
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build());
        return new BudgetClock(desk, commitments, alerts, new BudgetMeters(registry),
                Executors.newSingleThreadScheduledExecutor(BackgroundThreads.named("pareto-budgets")),
                Executors.newSingleThreadScheduledExecutor(BackgroundThreads.named("pareto-budget-alerts")));
    }

    @Bean
    BudgetHeaders budgetHeaders(BudgetDesk desk) {
        return new BudgetHeaders(desk, InstantSource.system());
    }

    @Bean
    BudgetCalls budgetCalls(Callers callers, BudgetDesk desk) {
        return new BudgetCalls(callers, desk);
    }

    @Bean
    Meter meter(Ledger ledger, LiveConfig config, MeterRegistry registry, Observations observations,
            Machines machines, BudgetDesk budgets, CommitmentDesk commitments) {
        return new Meter(ledger, new Billing(() -> config.get().prices()), new Meters(registry),
                new UuidV7(InstantSource.system(), new SecureRandom()), InstantSource.system(), System::nanoTime,
                observations, machines, commitments.beside(budgets));
    }

    @Bean
    IdleTime idleTime(Ledger ledger, Machines machines) {
        return new IdleTime(ledger, machines, new UuidV7(InstantSource.system(), new SecureRandom()),
                InstantSource.system(), Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pareto-idle").daemon().factory()));
    }

    @Bean
    Expiry expiry(Ledger ledger) {
        return new Expiry(ledger, InstantSource.system(),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pareto-expiry").daemon().factory()));
    }

    @Bean
    TrafficSamples trafficSamples(LiveConfig config, MeterRegistry registry) {
        return new TrafficSamples(config, TrafficSamples.folder(config.get().gateway().dataDir()),
                InstantSource.system(),
                Thread.ofPlatform().name("pareto-samples").daemon().factory(), new SecureRandom(),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pareto-samples-expiry").daemon().factory()),
                registry);
    }

    @Bean
    Edge edge(LiveConfig config) {
        return new Edge(() -> config.get().gateway().maxBodyBytes());
    }

    @Bean
    StoredKeys storedKeys(Store store) {
        return new StoredKeys(new KeyRepository(store), InstantSource.system(),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pareto-keys").daemon().factory()));
    }

    @Bean
    Callers callers(LiveConfig config, StoredKeys stored) {
        return new Callers(() -> {
            GatewaySettings gateway = config.get().gateway();
            Boolean stated = gateway.requireKeys();
            return stated != null ? stated : !gateway.keys().isEmpty() || stored.any();
        }, new ConfiguredKeys(() -> config.get().gateway().keys()).or(stored));
    }

    @Bean
    Admission admission() {
        return new Admission(MAX_CONCURRENT);
    }

    @Bean
    HttpUpstreams httpUpstreams(ReactorResourceFactory resources) {
        return new HttpUpstreams(resources.getLoopResources());
    }

    @Bean
    Residency<LoadedModel> residency(LiveConfig config) {
        return new Residency<>(() -> residencyLimits(config.get()),
                Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().name("pareto-loader-", 0).daemon().factory()),
                System::nanoTime);
    }

    @Bean
    EngineMeters engineMeters(MeterRegistry registry, Residency<LoadedModel> residency) {
        return new EngineMeters(registry, residency::totals);
    }

    @Bean
    LocalModels localModels(LiveConfig config, Residency<LoadedModel> residency, EngineMeters meters) {
        LocalModels models = new LocalModels(engineSettings(config.get().gateway().speculation()), home(),
                Path.of(config.get().gateway().dataDir(), "models"), residency,
                Executors.newVirtualThreadPerTaskExecutor(), InstantSource.system(), new SecureRandom(),
                meters::watch, meters::forget);
        config.complete(models::stock);
        return models;
    }

    private static EngineSettings engineSettings(GatewaySettings.Speculation stated) {
        return EngineSettings.defaults()
                .withSpeculation(new Speculation(stated.nGram(), stated.drafts(), stated.mostTokens(),
                        stated.mostRunning()));
    }

    private static ResidencyLimits residencyLimits(ParetoConfig config) {
        EngineLimits stated = config.gateway().engine();
        // of the container, where there is one
        long machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        return new ResidencyLimits(stated.memory().of(machine), (long) (HEAP_SHARE * Runtime.getRuntime().maxMemory()),
                stated.unloadAfter());
    }

    @Bean
    ModelWatch modelWatch(LocalModels models, LiveConfig config, EngineMeters meters) {
        return new ModelWatch(models, config, meters, Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("pareto-models").daemon().factory()));
    }

    @Bean
    Fingerprints fingerprints(LocalModels models) {
        return models::fingerprint;
    }

    @Bean
    SimulatedVendors simulatedVendors() {
        return new SimulatedVendors(home().resolve("evals/suites"),
                InstantSource.system());
    }

    @Bean
    RecordedVendors recordedVendors() {
        return new RecordedVendors(home(), InstantSource.system());
    }

    /** Relative folders are found beside the launcher, wherever it was called from. */
    private static Path home() {
        return Path.of(System.getenv().getOrDefault("PARETO_HOME", "."));
    }

    @Bean
    Deployments deployments(LiveConfig config, List<Upstreams> makers) {
        return new Deployments(() -> config.get().catalogue(), makers);
    }

    @Bean
    Attempts attempts(Deployments deployments, Meter meter) {
        return new Attempts(deployments, meter, new RetryBudget(RETRY_SHARE, RETRY_RESERVE), new SecureRandom());
    }

    @Bean
    AnswerCache answerCache() {
        return new AnswerCache(CACHE_BYTES_OF_ROUTE, Ticker.systemTicker());
    }

    @Bean
    SwapBook swapBook(Store store, LiveConfig config, Verdicts verdicts, Fingerprints fingerprints,
            SwapClock clock) {
        return new SwapBook(new SwapRepository(store), config, verdicts, fingerprints, clock,
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pareto-swaps").daemon().factory()));
    }

    @Bean
    LiveJudge liveJudge(SwapBook book, Store store, Attempts attempts, Meter meter, LabelDesk labels,
            OutcomeLog outcomes, Explorers explorers) {
        var repository = new SwapRepository(store);
        return new LiveJudge(attempts, book, meter, new JudgeBench(home()), Executors.newVirtualThreadPerTaskExecutor(),
                (route, since) -> repository.costBeside(AttemptRole.JUDGE.name(), route, since),
                labels.andThen(outcomes::judged).andThen(explorers));
    }

    /** One thread that reads what requests are like; beyond a thousand waiting it looks at no more. */
    @Bean(destroyMethod = "shutdownNow")
    ExecutorService inputReader() {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_UNREAD),
                Thread.ofPlatform().name("pareto-inputs").daemon().factory());
    }

    @Bean
    SwapWatch swapWatch(SwapBook book, Store store, Attempts attempts, Meter meter, LiveJudge judge,
            ExecutorService inputReader) {
        var repository = new SwapRepository(store);
        return new SwapWatch(book, new ShadowMirror(attempts, book, meter, judge,
                Executors.newVirtualThreadPerTaskExecutor(),
                (route, since) -> repository.costBeside(AttemptRole.SHADOW.name(), route, since)), judge,
                new InputWatch(book, inputReader), System::nanoTime);
    }

    @Bean
    FeedbackDesk feedbackDesk(Store store, SwapBook book, LiveConfig config, OutcomeLog outcomes,
            LabelDesk labels, Explorers explorers) {
        return new FeedbackDesk(new FeedbackRepository(store), book, () -> config.get().gateway().feedback(),
                InstantSource.system(), outcomes, labels.andThen(explorers));
    }

    @Bean
    FeedbackCalls feedbackCalls(Edge edge, Callers callers, Admission admission, FeedbackDesk desk) {
        return new FeedbackCalls(edge, callers, admission, desk,
                Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor()));
    }

    @Bean
    ExperimentBook experimentBook(Store store, LiveConfig config) {
        return new ExperimentBook(new ExperimentRepository(store), config, InstantSource.system(), System::nanoTime,
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pareto-experiments").daemon().factory()));
    }

    @Bean
    OutcomeLog outcomeLog(Store store) {
        return new OutcomeLog(new ExperimentRepository(store), InstantSource.system(),
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("pareto-outcomes").daemon().factory()));
    }

    @Bean
    AcceptanceRates acceptanceRates() {
        return new AcceptanceRates();
    }

    @Bean
    AcceptanceFile acceptanceFile(LiveConfig config, AcceptanceRates rates) {
        return new AcceptanceFile(Path.of(config.get().gateway().dataDir()), rates,
                Executors.newSingleThreadScheduledExecutor(BackgroundThreads.named("pareto-acceptance")));
    }

    /** One thread that learns verifiers, one after the other; those of the configuration at once. */
    @Bean
    VerifierBook verifierBook(LiveConfig config, ExecutorService verifierLearner) {
        VerifierBook book = new VerifierBook(home(), verifierLearner, System::nanoTime);
        config.get()
                .routes()
                .values()
                .stream()
                .map(Route::cascade)
                .filter(cascade -> cascade != null && cascade.verifier() != null)
                .forEach(book::of);
        return book;
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService verifierLearner() {
        return Executors.newSingleThreadExecutor(BackgroundThreads.named("pareto-verifiers"));
    }

    @Bean
    Cascades cascades(Attempts attempts, Meter meter, VerifierBook verifiers, AcceptanceRates rates) {
        return new Cascades(attempts, meter, verifiers, rates,
                Schedulers.fromExecutorService(Executors.newVirtualThreadPerTaskExecutor()));
    }

    @Bean
    ModelCalls modelCalls(Edge edge, Callers callers, Admission admission, Planner planner, AnswerCache cache,
            Attempts attempts, Cascades cascades, Meter meter, SwapWatch swaps, OutcomeLog outcomes,
            BudgetHeaders budgets) {
        return new ModelCalls(edge, callers, admission, planner, cache, attempts, cascades, meter, swaps,
                new ExperimentWatch(outcomes), budgets);
    }

    @Bean
    ModelList modelList(LiveConfig config, Callers callers) {
        return new ModelList(config, callers, InstantSource.system());
    }
}
