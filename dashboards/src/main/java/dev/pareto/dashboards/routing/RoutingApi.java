package dev.pareto.dashboards.routing;

import dev.pareto.dashboards.report.DecisionExport;
import dev.pareto.dashboards.report.Period;
import dev.pareto.dashboards.report.Window;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.policies.check.Explanation;
import dev.pareto.policies.check.PolicyCheck;
import dev.pareto.policies.check.Remark;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.policy.Policy;
import dev.pareto.policies.policy.PolicyDraft;
import dev.pareto.policies.policy.Route;
import dev.pareto.policies.replay.DecisionLog;
import dev.pareto.policies.replay.Recorded;
import dev.pareto.policies.replay.Replay;
import dev.pareto.policies.replay.ReplayJson;
import dev.pareto.policies.replay.ReplayReport;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The methods behind the page on routing. They block: call them on a thread that may wait. A wrong argument is an
 * {@link IllegalArgumentException} with a message for the caller.
 */
public final class RoutingApi {

    /** So many requests tell what candidates are like; more would only take longer. */
    private static final int SAMPLE = 2_000;

    /** So many are decided again at once; the command line takes any number. */
    private static final int REPLAYED = 5_000;

    private static final int MOST_ROWS = 100;
    private static final int MOST_MOVES = 50;

    private final InstantSource clock;
    private final String currency;
    private final RouteTraffic traffic;
    private final DecisionExport decisions;

    /** @param currency in which the books are kept */
    public RoutingApi(Reads reads, InstantSource clock, String currency) {
        this.clock = clock;
        this.currency = currency;
        this.traffic = new RouteTraffic(reads);
        this.decisions = new DecisionExport(reads.client());
    }

    /** {@code GET /api/routing?period=24h|7d|30d}. */
    public RoutingList list(ParetoConfig config, @Nullable String period) {
        Period chosen = period(period);
        Map<String, List<RoutingList.Share>> shares = traffic.byRoute(chosen.endingAt(clock.instant()));
        return new RoutingList(chosen.id(), config.routes().values().stream().map(route -> {
            List<RoutingList.Share> all = shares.getOrDefault(route.name(), List.of());
            return new RoutingList.Row(route.name(), route.policy(), Explanation.of(route),
                    route.candidates().stream().map(Object::toString).toList(),
                    route.baseline() == null ? null : route.baseline().toString(),
                    all.stream().mapToLong(RoutingList.Share::requests).sum(), all);
        }).toList());
    }

    /** {@code GET /api/routing/{route}?period=…}; empty when there is no such route. */
    public Optional<RoutePage> route(ParetoConfig config, String name, @Nullable String period) {
        Route route = config.routes().get(name);
        return route == null ? Optional.empty() : Optional.of(page(config, route, period(period)));
    }

    private RoutePage page(ParetoConfig config, Route route, Period period) {
        Instant now = clock.instant();
        Window window = period.endingAt(now);
        List<DecisionExport.Line> sample = decisions.newest(window.from(), window.to(), route.name(), SAMPLE);
        RouteReport report = new RouteReport(config, route, sample, currency);
        RoutePage.Traffic over = traffic.of(route.name(), window);
        Policy policy = route.policy() == null ? null : config.policies().get(route.policy());
        List<String> sentences = new ArrayList<>(List.of(Explanation.of(route)));
        if (policy != null) {
            sentences.add(Explanation.of(policy));
        }
        return new RoutePage(route.name(), period.id(), window.from(), window.to(), now, currency, route.policy(),
                sentences, route.baseline() == null ? null : route.baseline().toString(),
                config.policies()
                        .values()
                        .stream()
                        .map(one -> new RoutePage.PolicyRow(one.name(), Explanation.of(one)))
                        .toList(),
                remarks(config, route.name(), route.policy(), now),
                over.models().stream().mapToLong(RoutePage.Traffic.Line::sum).sum(), sample.size(),
                sample.isEmpty() ? null : sample.getFirst().decidedAt(), over, report.all(), report.candidates(),
                report.decisions());
    }

    private static List<RoutePage.Remark> remarks(ParetoConfig config, String route, @Nullable String policy,
            Instant now) {
        return PolicyCheck.of(config, now)
                .stream()
                .filter(one -> one.where().equals("route " + route) || one.where().equals("policy " + policy))
                .map(one -> new RoutePage.Remark(one.weight() == Remark.Weight.ERROR, one.what(), one.remedy()))
                .toList();
    }

    /**
     * {@code POST /api/routing/simulate}: what the newest recorded requests would have cost, taken and got right under another policy.
     *
     * @param draft as {@link PolicyDraft} reads it
     * @param everywhere also requests of other routes, which a policy that several share concerns
     * @return {@link ReplayJson}'s report and moves, and of what they are
     */
    public Map<String, @Nullable Object> simulate(ParetoConfig config, String route, String draft,
            @Nullable String period,
            boolean everywhere) {
        PolicyDraft tried = PolicyDraft.of(draft, route, config);
        Window window = period(period).endingAt(clock.instant());
        List<Recorded> records = new ArrayList<>();
        List<DecisionExport.Line> lines = decisions.newest(window.from(), window.to(), everywhere ? null : route,
                REPLAYED);
        for (DecisionExport.Line line : lines) {
            Recorded one = DecisionLog.parse(line.tree());
            if (one != null) {
                records.add(one);
            }
        }
        if (records.isEmpty()) {
            throw new IllegalArgumentException(
                    "no decisions are recorded there yet; let requests pass, or choose a longer period");
        }
        ReplayReport report = Replay.run(tried.name(), records, tried.config());
        Map<String, @Nullable Object> view = new LinkedHashMap<>(ReplayJson.view(new ReplayReport(report.policy(),
                report.from(), report.to(), report.rows().stream().limit(MOST_ROWS).toList(), report.notes())));
        Policy policy = tried.config().policies().get(tried.name());
        view.put("currency", currency);
        view.put("route", route);
        view.put("sentence", policy == null ? "" : Explanation.of(policy));
        view.put("rows_left_out", Math.max(0, report.rows().size() - MOST_ROWS));
        view.put("whole_period", lines.size() < REPLAYED);
        view.put("remarks", remarks(tried.config(), route, tried.name(), clock.instant()));
        List<ReplayReport.Move> moves = Replay.moves(records, config, tried.config());
        view.put("moves", ReplayJson.moves(moves.stream().limit(MOST_MOVES).toList()));
        return view;
    }

    private static Period period(@Nullable String text) {
        return text == null ? Period.DAY : Period.parse(text);
    }
}
