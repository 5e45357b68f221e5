package dev.pareto.proxy.cli.ledger;

import dev.pareto.dashboards.closing.LedgerDesk;
import dev.pareto.dashboards.ledger.JdbcLedger;
import dev.pareto.dashboards.ledger.LedgerSettings;
import dev.pareto.dashboards.ledger.UuidV7;
import dev.pareto.dashboards.store.Store;
import dev.pareto.dashboards.store.StoreException;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.books.LedgerActions;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Changes the books: by itself, or through the gateway that writes them now. */
final class BooksDesk {

    @Mixin
    private BooksOptions books;

    @Option(names = "--admin", defaultValue = "http://127.0.0.1:8081",
            description = "the admin port of the gateway that writes these books, if one runs (default: ${DEFAULT-VALUE})")
    private URI admin;

    @Option(names = "--by", defaultValue = "${sys:user.name}", description = "who does it (default: ${DEFAULT-VALUE})")
    private String by;

    BooksOptions books() {
        return books;
    }

    /** A document of what to do; see {@link LedgerActions}. */
    ObjectNode action(String name) {
        return JsonMapper.shared().createObjectNode().put("action", name).put("by", by);
    }

    JsonNode act(ObjectNode action) throws IOException, InterruptedException, ConfigException {
        try (Store store = books.open(); JdbcLedger ledger = ledger(store)) {
            if (ledger != null) {
                return JsonMapper.shared().valueToTree(here(store, ledger, action));
            }
        }
        try (var gateway = new GatewayClient(admin, admin, null)) {
            return gateway.books(action);
        } catch (IOException nobody) {
            throw new UsageException("another process writes these books and no gateway answers on " + admin
                    + "; name its admin port with --admin", nobody);
        }
    }

    /** Null where another process writes these books. */
    private static @Nullable JdbcLedger ledger(Store store) {
        try {
            return new JdbcLedger(store, LedgerSettings.defaults(), InstantSource.system(), System::nanoTime);
        } catch (StoreException claimed) {
            return null;
        }
    }

    private Object here(Store store, JdbcLedger ledger, ObjectNode action) throws ConfigException {
        ParetoConfig config = Files.exists(books.config())
                ? new ConfigReader().read(books.config(), System.getenv())
                : null;
        var clock = InstantSource.system();
        var ids = new UuidV7(clock, new SecureRandom());
        var prices = config == null
                ? dev.pareto.policies.sheet.PriceSheetReader
                        .book(ConfigReader.priceSheets(books.config(), System.getenv()))
                : config.prices();
        var desk = new LedgerDesk(store, ledger, () -> prices,
                model -> config == null ? model : config.priceSku(dev.pareto.policies.catalog.ModelId.parse(model)),
                clock,
                ids);
        try {
            return new LedgerActions(desk, ids).act(action);
        } catch (IllegalArgumentException refused) {
            throw new UsageException(String.valueOf(refused.getMessage()), refused);
        }
    }
}
