package dev.pareto.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

import dev.pareto.dashboards.store.PostgresStore;
import dev.pareto.dashboards.store.SqliteStore;
import dev.pareto.dashboards.store.Store;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.LedgerAddress;

/** Opens the store that the configuration names: a file in the data folder, or a database server. */
public final class Stores {

    private Stores() {}

    /**
     * @throws dev.pareto.dashboards.store.StoreException when it cannot be opened
     */
    public static Store open(GatewaySettings settings) {
        LedgerAddress address = settings.ledger();
        if (address == null) {
            return SqliteStore.open(Path.of(settings.dataDir(), "pareto.db"), settings.books().keepMonths());
        }
        String replica = address.replica();
        return PostgresStore.open(address.url(), address.user(),
                address.password() == null ? null : address.password().reveal(), replica == null ? host() : replica,
                settings.books().keepMonths());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "gateway";
        }
    }
}
