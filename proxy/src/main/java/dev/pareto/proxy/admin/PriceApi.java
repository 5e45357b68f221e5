package dev.pareto.proxy.admin;

import dev.pareto.dashboards.prices.PriceBookReport;
import dev.pareto.policies.sheet.market.Proposal;
import dev.pareto.policies.sheet.market.ProposalFile;
import dev.pareto.proxy.LiveConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The price book on the admin port. */
final class PriceApi {

    private static final int MOST_LETTERS = 120;

    private final PriceBookReport report;
    private final LiveConfig config;
    private final AdminApi admin;

    PriceApi(PriceBookReport report, LiveConfig config, AdminApi admin) {
        this.report = report;
        this.config = config;
        this.admin = admin;
    }

    /** {@code GET /api/prices?part=gpt-4o}; what was used lately where nothing is said. */
    Mono<ServerResponse> prices(ServerRequest request) {
        return admin.read(() -> {
            String part = request.queryParam("part").orElse("");
            if (part.length() > MOST_LETTERS) {
                throw new IllegalArgumentException("part is at most " + MOST_LETTERS + " letters of a name");
            }
            return report.view(part, proposals());
        });
    }

    /** Those of {@code ./pareto prices import}, beside the configuration. */
    private List<Proposal> proposals() throws IOException {
        Path file = config.file();
        return file == null
                ? List.of()
                : new ProposalFile(file.toAbsolutePath().normalize().resolveSibling("prices").resolve("proposals.json"))
                        .read()
                        .open();
    }
}
