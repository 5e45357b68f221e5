package dev.pareto.proxy.cli.serve;

import dev.pareto.dashboards.store.StoreException;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelBindException;

/** What keeps a gateway from starting, told in one line by what an operator can change. */
final class StartFault {

    private StartFault() {}

    /** @throws UsageException when the gateway is to listen at a name that has no address */
    static void checkAddresses(GatewaySettings settings) {
        checkAddress(settings.host(), "--host or gateway.host");
        checkAddress(settings.adminHost(), "gateway.admin-host");
    }

    private static void checkAddress(String host, String where) {
        try {
            var _ = InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new UsageException("'" + host + "' has no address to listen at; set " + where
                    + " to an address of this machine", unknown);
        }
    }

    /** The failure itself where it is none that an operator can mend: then it is a bug, with its stack trace. */
    static RuntimeException explain(RuntimeException failure, GatewaySettings settings) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String told = switch (cause) {
                case ChannelBindException unbound -> told(unbound, settings);
                case StoreException unusable -> unusable.getMessage()
                        + "; --data or gateway.data-dir names another data folder";
                case UncheckedIOException unreadable -> unreadable.getMessage() + reason(unreadable.getCause());
                default -> null;
            };
            if (told != null) {
                return new UsageException(told, failure);
            }
        }
        return failure;
    }

    private static String told(ChannelBindException unbound, GatewaySettings settings) {
        String where = unbound.localHost() + ":" + unbound.localPort();
        // of one port, 0, only the address tells the two apart
        boolean admin = unbound.localPort() == settings.adminPort()
                && (unbound.localPort() != settings.port() || !settings.host().equals(unbound.localHost()));
        String option = admin
                ? "--admin-port (or gateway.admin-port) and gateway.admin-host"
                : "--port and --host (or gateway.port and gateway.host)";
        String reason = reason(unbound.getCause());
        return reason.contains("in use")
                ? "another program listens at " + where + " already; stop it, or choose another address with " + option
                : "cannot listen at " + where + reason + "; choose an address of this machine with " + option;
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? "" : ": " + cause.getMessage();
    }
}
