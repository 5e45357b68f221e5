package dev.pareto.proxy.admin;

import dev.pareto.evals.journal.ItemWords;
import dev.pareto.evals.journal.Mark;
import dev.pareto.evals.journal.RunBook;
import dev.pareto.evals.journal.RunFigures.Estimate;
import dev.pareto.evals.journal.RunRecord;
import dev.pareto.evals.journal.RunRecord.Kind;
import dev.pareto.evals.journal.RunRecord.Pair;
import dev.pareto.evals.journal.RunSummary;
import dev.pareto.evals.run.RunStore;
import dev.pareto.evals.stats.Interval;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The runs of evals for the pages, read from the journals that whoever runs them writes. */
final class EvalApi {

    private static final int RUNS = 50;
    private static final int ITEMS = 50;

    private final RunBook runs;
    private final VerdictBook verdicts;
    private final InstantSource clock;
    private final AdminApi admin;

    EvalApi(RunBook runs, VerdictBook verdicts, InstantSource clock, AdminApi admin) {
        this.clock = clock;
        this.runs = runs;
        this.verdicts = verdicts;
        this.admin = admin;
    }

    /**
     * One run.
     *
     * @param summary where it stands and what it comes to
     * @param verdict what came of it; null when nothing did or it was not filed
     */
    record RunView(RunSummary summary, @Nullable VerdictRow verdict) {}

    /** One row of the items. */
    record ItemRow(String item, @Nullable String stratum, Kind kind, @Nullable Mark candidate,
            @Nullable Mark incumbent) {

        static ItemRow of(Pair pair, boolean compares) {
            return new ItemRow(pair.item(), pair.stratum(), pair.kind(compares), pair.candidate(), pair.incumbent());
        }
    }

    /**
     * Some of the items.
     *
     * @param total that the filter lets through
     * @param kinds how many there are of each kind in the chosen slice
     */
    record ItemPage(int total, int offset, Map<Kind, Integer> kinds, List<ItemRow> items) {}

    /** One item in its whole length. */
    record ItemView(ItemRow row, ItemWords words) {}

    Mono<ServerResponse> list(ServerRequest request) {
        return admin.answer(() -> Map.of("runs",
                runs.newest(AdminApi.limit(request, RUNS)).stream().map(run -> decided(run, verdict(run))).toList()));
    }

    Mono<ServerResponse> run(ServerRequest request) {
        return admin.answer(() -> {
            RunSummary run = RunSummary.of(find(request));
            VerdictRow verdict = verdict(run);
            return new RunView(decided(run, verdict), verdict);
        });
    }

    private @Nullable VerdictRow verdict(RunSummary run) {
        String id = run.verdict();
        return id == null
                ? null
                : verdicts.find(id).map(stored -> VerdictRow.of(stored, clock.instant())).orElse(null);
    }

    private static RunSummary decided(RunSummary run, @Nullable VerdictRow verdict) {
        Double difference = verdict == null ? null : verdict.difference();
        if (verdict == null || difference == null) {
            return run;
        }
        Double lower = verdict.lower();
        Double upper = verdict.upper();
        return run.decided(new Estimate(difference,
                lower == null || upper == null ? null : new Interval(lower, upper), verdict.items()));
    }

    /** {@code ?show=only_candidate&slice=STRATUM&offset=0&limit=50}. */
    Mono<ServerResponse> items(ServerRequest request) {
        return admin.answer(() -> {
            RunRecord run = find(request);
            boolean compares = run.header().compares();
            Kind shown = request.queryParam("show").map(EvalApi::kind).orElse(null);
            String slice = request.queryParam("slice").orElse(null);
            List<Pair> inSlice = run.pairs()
                    .stream()
                    .filter(pair -> slice == null || Objects.equals(slice, pair.stratum()))
                    .toList();
            List<Pair> found = inSlice.stream()
                    .filter(pair -> shown == null || pair.kind(compares) == shown)
                    .toList();
            int offset = offset(request);
            return new ItemPage(found.size(), offset, RunRecord.kinds(inSlice, compares),
                    found.stream()
                            .skip(offset)
                            .limit(AdminApi.limit(request, ITEMS))
                            .map(pair -> ItemRow.of(pair, compares))
                            .toList());
        });
    }

    /** {@code ?item=ID}: ids may hold what a path may not. */
    Mono<ServerResponse> item(ServerRequest request) {
        return admin.answer(() -> {
            RunRecord run = find(request);
            String id = request.queryParam("item").orElse("");
            Pair pair = run.pair(id);
            if (pair == null) {
                throw AdminApi.refused(404, "item_not_found", "run " + run.header().id() + " has no item '" + id + "'");
            }
            return new ItemView(ItemRow.of(pair, run.header().compares()),
                    ItemWords.of(run, pair, new RunStore(runs.folder())));
        });
    }

    private RunRecord find(ServerRequest request) {
        String id = request.pathVariable("id");
        try {
            return runs.find(id)
                    .orElseThrow(() -> AdminApi.refused(404, "run_not_found",
                            "there is no run '" + id + "' in " + runs.folder()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Kind kind(String name) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("show is one of both, only_candidate, only_incumbent, neither, right, wrong,"
                + " ungraded and waiting, not '" + name + "'");
    }

    private static int offset(ServerRequest request) {
        String text = request.queryParam("offset").orElse("0");
        if (!text.matches("\\d{1,7}")) {
            throw new IllegalArgumentException("offset is a number from 0");
        }
        return Integer.parseInt(text);
    }
}
