package dev.pareto.proxy.admin;

import dev.pareto.dashboards.prices.PriceBookReport;
import dev.pareto.dashboards.prices.PriceBookView;
import dev.pareto.policies.sheet.market.Proposal;
import dev.pareto.policies.sheet.market.Proposals;
import dev.pareto.policies.yaml.Units;
import dev.pareto.proxy.prices.PriceDesk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The price book on the admin port, and what people decide on prices that are proposed for it. */
final class PriceApi {

    private static final int MOST_LETTERS = 120;

    private final PriceBookReport report;
    private final Supplier<@Nullable PriceDesk> desk;
    private final AdminApi admin;

    /** @param desk null while the gateway has no configuration file, beside which the proposals would lie */
    PriceApi(PriceBookReport report, Supplier<@Nullable PriceDesk> desk, AdminApi admin) {
        this.report = report;
        this.desk = desk;
        this.admin = admin;
    }

    /** {@code GET /api/prices?part=gpt-4o}; what was used lately where nothing is said. */
    Mono<ServerResponse> prices(ServerRequest request) {
        return admin.read(() -> {
            String part = request.queryParam("part").orElse("");
            if (part.length() > MOST_LETTERS) {
                throw new IllegalArgumentException("part is at most " + MOST_LETTERS + " letters of a name");
            }
            return view(part);
        });
    }

    private PriceBookView view(String part) throws IOException {
        PriceDesk files = desk.get();
        return report.view(part, files == null ? new Proposals(List.of()) : files.proposals());
    }

    /**
     * {@code {"action": "accept", "ids": ["3f2a91c0"], "from": "2026-12-01", "by"}} or
     * {@code {"action": "reject", "ids", "reason", "by"}}; what they are now.
     */
    Mono<ServerResponse> act(ServerRequest request) {
        return admin.posted(request, "decide on prices", text -> {
            PriceDesk files = desk.get();
            if (files == null) {
                throw new IllegalArgumentException(
                        "this gateway was started without a configuration file, beside which price files would lie");
            }
            try {
                return new Decided(decided(read(text), files));
            } catch (IOException unwritten) {
                throw new UncheckedIOException("the price files could not be written: " + unwritten.getMessage(),
                        unwritten);
            }
        });
    }

    /** What became of those that were named. */
    record Decided(List<One> decided) {}

    record One(String id, String sku, String tier, Proposal.State state, @Nullable String by,
            @Nullable String reason) {

        static One of(Proposal it) {
            return new One(it.id(), it.sku(), it.serviceTier(), it.state(), it.decidedBy(), it.reason());
        }
    }

    private static List<One> decided(JsonNode body, PriceDesk files) throws IOException {
        List<String> ids = new ArrayList<>();
        body.path("ids").forEach(id -> ids.add(id.asString("")));
        String by = body.path("by").asString("").strip();
        List<Proposal> decided = switch (body.path("action").asString("")) {
            case "accept" -> files.accept(ids, Units.moment(body.path("from").asString("")), by).proposals();
            case "reject" -> files.reject(ids, body.path("reason").asString("").strip(), by);
            default -> throw new IllegalArgumentException("action is accept or reject");
        };
        return decided.stream().map(One::of).toList();
    }

    private static JsonNode read(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("the body is not JSON", malformed);
        }
    }
}
