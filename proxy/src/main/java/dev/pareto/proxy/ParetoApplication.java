package dev.pareto.proxy;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

import dev.pareto.proxy.admin.AdminParts;
import dev.pareto.proxy.learn.LearnParts;
import dev.pareto.policies.policy.GatewaySettings;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.proxy.swap.SwapClock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import reactor.core.publisher.Hooks;

/**
 * The gateway as a Spring application: the data port and the admin port. There is no component scan: what is not named here
 * does not start.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = {DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class, FlywayAutoConfiguration.class})
@Import({Parts.class, DataPort.class, AdminParts.class, LearnParts.class})
public class ParetoApplication {

    private static final Logger LOG = LoggerFactory.getLogger(ParetoApplication.class);
    private static final String MAX_HEADER = "16KB";

    /**
     * Starts the gateway and returns when both ports answer.
     *
     * @param config checked and complete; where it listens is in it
     * @param more further configuration classes, e.g. the admin plane's
     */
    public static ConfigurableApplicationContext start(ParetoConfig config, Class<?>... more) {
        return start(config, SwapClock.of(InstantSource.system()), more);
    }

    /**
     * The same with a clock of one's own for swaps.
     *
     * @param swaps the time by which swaps are moved
     */
    public static ConfigurableApplicationContext start(ParetoConfig config, SwapClock swaps, Class<?>... more) {
        Hooks.onErrorDropped(ParetoApplication::dropped);
        return new SpringApplicationBuilder(ParetoApplication.class).sources(more)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties(properties(config.gateway()))
                .initializers(
                        context -> ((GenericApplicationContext) context).registerBean(LiveConfig.class,
                                () -> new LiveConfig(config)),
                        context -> ((GenericApplicationContext) context).registerBean(SwapClock.class, () -> swaps))
                .run();
    }

    /** A connection that breaks is reported twice; the second report has nobody to go to. */
    private static void dropped(Throwable failure) {
        LOG.debug("a failure came too late for whom it concerned", failure);
    }

    /** What the framework is told; the rest of its many settings keeps its defaults. */
    private static Map<String, Object> properties(GatewaySettings gateway) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.address", gateway.host());
        properties.put("server.port", gateway.port());
        properties.put("server.shutdown", "graceful");
        properties.put("server.max-http-request-header-size", MAX_HEADER);
        properties.put("server.netty.max-initial-line-length", MAX_HEADER);
        properties.put("spring.lifecycle.timeout-per-shutdown-phase", "30s");
        properties.put("management.server.address", gateway.adminHost());
        properties.put("management.server.port", gateway.adminPort());
        properties.put("management.endpoints.web.exposure.include", "health,info,metrics,prometheus");
        properties.put("management.endpoint.gateway.access", "none");
        properties.put("spring.main.web-application-type", "reactive");
        properties.put("spring.main.lazy-initialization", "false");
        properties.put("spring.jmx.enabled", "false");
        // The command line says what a person wants to know; the framework speaks up when something is wrong.
        properties.put("logging.level.root", "WARN");
        properties.put("logging.level.org.hibernate.validator", "ERROR");
        // a failed start is thrown to the caller, who explains it; the framework would tell it twice more
        properties.put("logging.level.org.springframework.boot.SpringApplication", "OFF");
        properties.put("logging.level.org.springframework.boot.diagnostics", "OFF");
        properties.put("logging.level.org.springframework.boot.web.server.reactive.context", "ERROR");
        String gatewayPrefix = "spring.cloud.gateway.server.webflux.";
        properties.put(gatewayPrefix + "x-forwarded.enabled", "false");
        properties.put(gatewayPrefix + "forwarded.enabled", "false");
        properties.put(gatewayPrefix + "metrics.enabled", "false");
        properties.put(gatewayPrefix + "observability.enabled", "false");
        properties.put(gatewayPrefix + "httpclient.pool.type", "FIXED");
        properties.put(gatewayPrefix + "httpclient.pool.max-connections", "256");
        properties.put(gatewayPrefix + "httpclient.pool.acquire-timeout", "5000");
        properties.put(gatewayPrefix + "httpclient.pool.max-idle-time", "20s");
        return properties;
    }
}
