package dev.pareto.proxy.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.pareto.evals.journal.Mark;
import dev.pareto.evals.journal.RunBook;
import dev.pareto.evals.journal.RunHeader;
import dev.pareto.evals.journal.RunRecord;
import dev.pareto.evals.journal.RunSummary;
import dev.pareto.evals.suite.Item;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.predict.PromptText;
import dev.pareto.policies.predict.live.Label;
import dev.pareto.policies.predict.live.LabelSource;
import dev.pareto.proxy.route.PromptReader;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes labels from eval runs of suites that name a route, each run once. A case keeps its name from run to run, so a model that is asked
 * again has its newest score. Answers of a simulated model teach nothing of a real one. For one thread; reads files.
 */
final class EvalLabels {

    private static final Logger LOG = LoggerFactory.getLogger(EvalLabels.class);
    private static final int NEWEST = 50;

    private final RunBook runs;
    private final LabelDesk desk;
    private final Predicate<ModelId> simulated;
    private final Set<String> taken = new HashSet<>();

    /** @param simulated whether the catalogue's model is no real one */
    EvalLabels(RunBook runs, LabelDesk desk, Predicate<ModelId> simulated) {
        this.runs = runs;
        this.desk = desk;
        this.simulated = simulated;
    }

    /** Takes what has ended since the last time. */
    void take() {
        try {
            for (RunSummary summary : runs.newest(NEWEST).reversed()) {
                String id = summary.header().id();
                if (summary.state() != RunRecord.State.RUNNING && taken.add(id)) {
                    take(runs.find(id).orElse(null));
                }
            }
        } catch (IOException unreadable) {
            LOG.warn("labels of eval runs could not be read: {}", unreadable.getMessage());
        }
    }

    private void take(@org.jspecify.annotations.Nullable RunRecord run) {
        if (run == null || run.header().route() == null) {
            return;
        }
        RunHeader header = run.header();
        Map<String, Item> items = new HashMap<>();
        try {
            Suite suite = new SuiteReader().read(Path.of(header.suiteFolder()));
            if (!header.suiteVersion().startsWith(suite.version())) {
                return; // its questions are not those that were asked
            }
            suite.items().forEach(item -> items.put(item.id(), item));
        } catch (IOException | SuiteException gone) {
            LOG.info("run {} teaches nothing: its suite cannot be read any more", header.id());
            return;
        }
        List<ModelId> models = header.models().stream().map(model -> ModelId.parse(model.model())).toList();
        for (RunRecord.Pair pair : Stream.concat(run.pairs().stream(), run.late().stream()).toList()) {
            Item item = items.get(pair.item());
            if (item != null) {
                take(header, models, pair, item);
            }
        }
    }

    private void take(RunHeader header, List<ModelId> models, RunRecord.Pair pair, Item item) {
        String route = String.valueOf(header.route());
        String name = "case " + header.suite() + "/" + item.id();
        PromptText prompt = PromptReader.of(item.messages(), pair.stratum());
        if (prompt == null) {
            return;
        }
        desk.known(route, name, header.startedAt(), prompt);
        for (int i = 0; i < models.size(); i++) {
            Mark mark = pair.side(i);
            if (mark == null || mark.score() == null || (mark.simulated() && !simulated.test(models.get(i)))) {
                continue;
            }
            Instant at = mark.at();
            desk.accept(new Label(route, name, models.get(i), Math.clamp(mark.score(), 0, 1), LabelSource.EVAL, 1,
                    at == null ? header.startedAt() : at));
        }
    }
}
