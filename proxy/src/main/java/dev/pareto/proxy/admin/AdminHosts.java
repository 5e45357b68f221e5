package dev.pareto.proxy.admin;

import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.proxy.dialect.openai.OpenAiError;
import dev.pareto.proxy.dialect.openai.RefusedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers only to this machine's own names and those of the configuration. A page of a stranger can make its own name resolve to
 * this address (DNS rebinding) and would then be of one origin with the admin port; the name in {@code Host} gives it away.
 */
final class AdminHosts implements WebFilter, Ordered {

    private static final int SHOWN = 100;

    private final Supplier<GatewaySettings> settings;

    AdminHosts(Supplier<GatewaySettings> settings) {
        this.settings = settings;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        List<String> hosts = request.getHeaders().getOrDefault(HttpHeaders.HOST, List.of());
        if (hosts.size() == 1 && known(name(hosts.getFirst()), request.getLocalAddress())) {
            return chain.filter(exchange);
        }
        String shown = String.join(", ", hosts);
        return Mono.error(new RefusedException(OpenAiError.refused(403, "unknown_host",
                "The admin port does not go by the name '" + shown.substring(0, Math.min(SHOWN, shown.length()))
                        + "'. Call it by localhost or its address, or list the name in gateway.admin-names.")));
    }

    /** A literal address cannot be rebound; it must be the loopback's or the one that the connection came to. */
    private boolean known(String name, @Nullable InetSocketAddress local) {
        GatewaySettings now = settings.get();
        if (name.equals("localhost") || name.equals(plain(now.adminHost()))
                || now.adminNames().stream().map(AdminHosts::plain).anyMatch(name::equals)) {
            return true;
        }
        try {
            InetAddress literal = InetAddress.ofLiteral(name);
            return literal.isLoopbackAddress() || (local != null && literal.equals(local.getAddress()));
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    /** The header without its port. */
    private static String name(String host) {
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        return plain(end > 0 ? host.substring(0, end) : host);
    }

    /** Names are compared in lower case, without the dot at the end and the brackets of IPv6. */
    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[") && lower.endsWith("]")) {
            return lower.substring(1, lower.length() - 1);
        }
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
