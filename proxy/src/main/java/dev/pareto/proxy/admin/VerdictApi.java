package dev.pareto.proxy.admin;

import dev.pareto.dashboards.store.StoredVerdict;
import dev.pareto.evals.CanonicalJson;
import dev.pareto.evals.check.Finding;
import dev.pareto.evals.check.VerdictChecker;
import dev.pareto.evals.journal.RunBook;
import dev.pareto.evals.verdict.VerdictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verdicts for the pages: each with its place in the chain, and recomputed where its records lie. */
final class VerdictApi {

    private static final int MOST = 200;
    private static final int RUNS = 200;
    private static final long MOST_RECORD_BYTES = 256L << 20;

    private final VerdictBook verdicts;
    private final RunBook runs;
    private final InstantSource clock;
    private final AdminApi admin;

    VerdictApi(VerdictBook verdicts, RunBook runs, InstantSource clock, AdminApi admin) {
        this.clock = clock;
        this.verdicts = verdicts;
        this.runs = runs;
        this.admin = admin;
    }

    /** What the record before a verdict is. */
    enum Link {
        /** It names none. */
        FIRST,
        /** It is on file. */
        LINKED,
        /** It names one that is not on file. */
        MISSING
    }

    /**
     * Where a verdict stands in the chain.
     *
     * @param sealed whether it is what it was when it was sealed
     * @param previous the id of the one before; null unless it is on file
     * @param next the ids of those that name it as theirs
     * @param fault why it opens no gate, whatever it says; null when it may
     */
    record Chain(boolean sealed, Link link, @Nullable String previous, List<String> next, @Nullable String fault) {}

    /**
     * One verdict.
     *
     * @param verdict the whole record
     * @param run the id of the run that it came from; null when its journal is not here
     * @param command that anyone can recompute it with
     */
    record VerdictView(VerdictRow row, JsonNode verdict, Chain chain, @Nullable String run, String command) {}

    /**
     * What recomputing gave.
     *
     * @param records the file that was read; null when it is not here
     * @param holds whether everything that was checked holds; null when nothing could be
     * @param reason why nothing could be checked; null when it could
     */
    record Recomputed(@Nullable String records, @Nullable Boolean holds, int checked, List<Finding> wrong,
            @Nullable String reason) {

        static Recomputed not(String reason) {
            return new Recomputed(null, null, 0, List.of(), reason);
        }
    }

    Mono<ServerResponse> list(ServerRequest request) {
        return admin.answer(() -> Map.of("verdicts", verdicts.latest(AdminApi.limit(request, MOST), 0)
                .stream()
                .map(stored -> VerdictRow.of(stored, clock.instant()))
                .toList()));
    }

    Mono<ServerResponse> one(ServerRequest request) {
        return admin.answer(() -> {
            StoredVerdict stored = find(request);
            JsonNode json = JsonMapper.shared().readTree(stored.json());
            return new VerdictView(VerdictRow.of(stored, clock.instant()), json, chain(stored, json),
                    run(stored.id()), "./pareto verdict check " + stored.id());
        });
    }

    /** Recomputes it from its records, by other formulas than those that made it. */
    Mono<ServerResponse> check(ServerRequest request) {
        return admin.answer(() -> {
            JsonNode json = JsonMapper.shared().readTree(find(request).json());
            Path records = records(json);
            if (records == null) {
                return Recomputed.not("the verdict names no records");
            }
            if (!Files.isRegularFile(records)) {
                Path stated = stated(json);
                if (stated == null) {
                    return Recomputed.not("its records are not on this machine, neither at " + records.toAbsolutePath()
                            + " nor, as they were, at " + json.at("/data/records").asString(""));
                }
                records = stated;
            }
            List<Finding> findings = new VerdictChecker().check(json, records);
            List<Finding> wrong = findings.stream().filter(finding -> !finding.holds()).toList();
            return new Recomputed(records.toString(), wrong.isEmpty(), findings.size(), wrong, null);
        });
    }

    /** Only from the folder of runs: the name in a verdict is whatever its sender wrote. */
    private @Nullable Path records(JsonNode json) {
        String named = json.at("/data/records").asString("");
        Path name = named.isEmpty() ? null : Path.of(named).getFileName();
        return name == null ? null : runs.folder().resolve(suite(json)).resolve(name);
    }

    /** Where the verdict says they are, if that file is the very one: whoever names it then knew every byte of it already. */
    private static @Nullable Path stated(JsonNode json) throws IOException {
        Path stated = Path.of(json.at("/data/records").asString(""));
        if (!stated.isAbsolute() || !Files.isRegularFile(stated) || Files.size(stated) > MOST_RECORD_BYTES) {
            return null;
        }
        return CanonicalJson.sha256(Files.readAllBytes(stated)).equals(json.at("/data/records_sha256").asString(""))
                ? stated
                : null;
    }

    private static String suite(JsonNode json) {
        return json.at("/suite/id").asString("").replaceAll("[^A-Za-z0-9_-]", "_");
    }

    private Chain chain(StoredVerdict stored, JsonNode json) {
        String previous = json.path("previous_sha256").asString("");
        StoredVerdict before = previous.isEmpty() ? null : verdicts.sealed(previous).orElse(null);
        List<String> next = verdicts.following(json.path("sha256").asString(""))
                .stream()
                .map(StoredVerdict::id)
                .toList();
        Link link = previous.isEmpty() ? Link.FIRST : before == null ? Link.MISSING : Link.LINKED;
        return new Chain(sealed(stored.json()), link, before == null ? null : before.id(), next,
                verdicts.fault(stored.id()));
    }

    private static boolean sealed(String text) {
        try {
            VerdictJson.read(text);
            return true;
        } catch (IllegalArgumentException changed) {
            return false;
        }
    }

    private @Nullable String run(String verdict) throws IOException {
        return runs.newest(RUNS)
                .stream()
                .filter(run -> verdict.equals(run.verdict()))
                .map(run -> run.header().id())
                .findFirst()
                .orElse(null);
    }

    private StoredVerdict find(ServerRequest request) {
        String id = request.pathVariable("id");
        return verdicts.find(id)
                .orElseThrow(
                        () -> AdminApi.refused(404, "verdict_not_found", "there is no verdict '" + id + "' on file"));
    }
}
