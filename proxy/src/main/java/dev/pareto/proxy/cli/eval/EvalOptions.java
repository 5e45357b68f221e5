package dev.pareto.proxy.cli.eval;

import dev.pareto.evals.grade.judge.Families;
import dev.pareto.evals.run.EvalRunner;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.RunSettings;
import dev.pareto.evals.run.RunStore;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What running and comparing have in common. */
final class EvalOptions {

    @Option(names = "--suite", required = true, description = "a suite's name or folder")
    private String suite;

    @Option(names = "--suites-dir", defaultValue = "${env:PARETO_HOME:-.}/evals/suites",
            description = "where suites are found by name (default: ${DEFAULT-VALUE})")
    private Path suites;

    @Option(names = "--key", paramLabel = "KEY", defaultValue = "${env:PARETO_KEY}",
            description = "a key of the gateway, where it asks for one (default: the environment's PARETO_KEY)")
    private @Nullable Secret key;

    @Option(names = "--limit", description = "ask no more than this many items (a try, not evidence)")
    private @Nullable Integer limit;

    @Option(names = "--concurrency", defaultValue = "8", description = "calls in flight (default: ${DEFAULT-VALUE})")
    private int concurrency;

    @Option(names = "--spend-cap", paramLabel = "USD", description = "start no call that might exceed it")
    private @Nullable BigDecimal spendCap;

    @Option(names = "--rate", paramLabel = "CALLS", description = "most calls a minute, at an even pace")
    private @Nullable Integer rate;

    @Option(names = "--examples", defaultValue = "5", description = "failures to show (default: ${DEFAULT-VALUE})")
    private int examples;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    Suite read() throws IOException {
        if (limit != null && limit < 1) {
            throw new UsageException("--limit " + limit + ": ask at least one item");
        }
        requireCap(spendCap);
        try {
            Suite whole = new SuiteReader().read(folder());
            return limit == null ? whole : first(whole, limit);
        } catch (SuiteException malformed) {
            throw new UsageException(String.valueOf(malformed.getMessage()), malformed);
        }
    }

    /** Where the suite is. */
    Path folder() {
        return Files.exists(Path.of(suite)) ? Path.of(suite) : suites.resolve(suite);
    }

    /** A cut suite is another suite, and its version says so. */
    private static Suite first(Suite suite, int items) {
        return items >= suite.items().size() ? suite : suite.of(suite.items().subList(0, items), "-first-" + items);
    }

    RunSettings settings() {
        try {
            return new RunSettings(concurrency, 3, Duration.ofSeconds(1),
                    spendCap == null ? null : new Money(spendCap, "USD"), rate, RunSettings.ORDER_SEED);
        } catch (IllegalArgumentException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    /** A gateway that lets this caller in. */
    GatewayClient connect(GatewayOptions where) throws InterruptedException {
        GatewayClient gateway = where.connect(key);
        try {
            gateway.checkKey();
            return gateway;
        } catch (UsageException refused) {
            gateway.close();
            throw refused;
        }
    }

    /** @throws UsageException when nothing could be meant by it */
    static void requireCap(@Nullable BigDecimal spendCap) {
        if (spendCap != null && spendCap.signum() < 0) {
            throw new UsageException("--spend-cap " + spendCap
                    + ": write how many USD may be spent, 0.50 for 50 cents");
        }
    }

    /** Under a cap the first answer without a cost would end the run, paid and in vain. */
    void requirePriced(GatewayClient gateway, Suite suite, List<ModelId> asked)
            throws IOException, InterruptedException {
        requirePriced(gateway, spendCap, Stream.concat(asked.stream(), suite.judges().stream()).toList());
    }

    static void requirePriced(GatewayClient gateway, @Nullable BigDecimal spendCap, List<ModelId> asked)
            throws IOException, InterruptedException {
        if (spendCap == null) {
            return;
        }
        for (ModelId model : asked) {
            if (!gateway.priced(model)) {
                throw new UsageException("--spend-cap " + spendCap + " cannot be kept: " + model
                        + " has no price; write one into pareto.yaml, prices: [{from: 2026-01-01, input: 0, output: 0}]"
                        + " beside the model with your own USD for a million tokens, or leave --spend-cap out");
            }
        }
    }

    /** A judge of a model's family gives it no score, so nothing need be asked to say so. */
    static void requireOtherFamilies(Suite suite, ModelId... asked) {
        for (ModelId judge : suite.judges()) {
            for (ModelId model : asked) {
                if (Families.kin(judge.toString(), model.toString())) {
                    throw new UsageException("judge " + judge + " is of one family with " + model
                            + "; name a judge of another family in the suite");
                }
            }
        }
    }

    /** What to mend when a vendor let nobody in; null when that is not why the run ended. */
    static @Nullable UsageException denied(Suite suite, Run run) {
        if (run.stop() != Run.Stop.DENIED) {
            return null;
        }
        return run.outcomes()
                .stream()
                .filter(outcome -> outcome.score() == null)
                .findFirst()
                .map(outcome -> {
                    List<ModelId> who = outcome.answer() == null
                            ? List.of(run.key().model())
                            : List.copyOf(suite.judges());
                    return new UsageException(keyOf(who) + " was not let in: " + outcome.reason()
                            + "; no further question was asked");
                })
                .orElse(null);
    }

    /** Whose key to look at. */
    static String keyOf(List<ModelId> models) {
        return models.stream()
                .map(model -> "the key of vendor " + model.vendor() + " in pareto.yaml (for " + model + ")")
                .collect(Collectors.joining(", "));
    }

    EvalRunner runner(GatewayClient gateway, Path runs, ExecutorService executor) {
        return new EvalRunner(gateway, new RunStore(runs), InstantSource.system(), executor, Thread::sleep);
    }

    boolean partial() {
        return limit != null;
    }

    boolean json() {
        return json;
    }

    int examples() {
        return examples;
    }
}
