package dev.pareto.proxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One gateway and its vendors for all tests of the module, since a start takes seconds: {@code openai} as in real life without
 * retries, {@code flaky} with one retry and {@code backup} behind it, {@code hasty} with short limits, {@code fragile} with a
 * nervous circuit breaker. Vendors forget and do as real ones between tests.
 */
public final class World implements AutoCloseable {

    public final FakeVendor openai = new FakeVendor();
    public final FakeVendor flaky = new FakeVendor();
    public final FakeVendor backup = new FakeVendor();
    public final FakeVendor hasty = new FakeVendor();
    public final FakeVendor fragile = new FakeVendor();
    public final Gateway gateway;

    private World(Path folder) {
        gateway = Gateway.start(folder,
                """
                vendors:
                  openai: {dialect: openai, url: '%s', retries: 0}
                  flaky: {dialect: openai, url: '%s', retries: 1, models: {one: {prices: [{from: 2020-01-01, input: 1, output: 2}]}}}
                  backup: {dialect: openai, url: '%s/v1', retries: 0, key: '${BACKUP_KEY}',
                           models: {spare: {upstream: spare-2026, prices: [{from: 2020-01-01, input: 3, output: 4}]}}}
                  hasty: {dialect: openai, url: '%s', retries: 0, models: [slow],
                          time-limits: {connect: 2 s, first-token: 800 ms, idle: 800 ms, total: 1800 ms}}
                  metered: {dialect: openai, url: '%s', retries: 1, key: '${BACKUP_KEY}', models: {two: {}},
                            circuit-breaker: {failure-rate: 50 %%, window: 4, wait: 60 s}}
                  fragile: {dialect: openai, url: '%s', retries: 0, models: [glass],
                            circuit-breaker: {failure-rate: 50 %%, window: 4, wait: 60 s}}
                routes:
                  helpdesk: {candidates: [flaky/one], fallbacks: [backup/spare]}
                  quota: {candidates: [metered/two], fallbacks: [backup/spare]}
                  spare: {candidates: [backup/spare]}
                  keyed: {candidates: [backup/spare], fallbacks: [openai/gpt-4o]}
                  remembered: {candidates: [openai/gpt-4o], cache: {ttl: 10 min}}
                default-vendor: openai
                """
                        .formatted(openai.url(), flaky.url(), backup.url(), hasty.url(), flaky.url(), fragile.url()),
                "",
                Map.of("BACKUP_KEY", "sk-backup"));
    }

    private void reset() {
        for (FakeVendor vendor : new FakeVendor[]{openai, flaky, backup, hasty, fragile}) {
            vendor.forget();
            vendor.answers(Payloads::openAi);
        }
    }

    @Override
    public void close() {
        gateway.close();
        for (FakeVendor vendor : new FakeVendor[]{openai, flaky, backup, hasty, fragile}) {
            vendor.close();
        }
    }

    /** Gives tests the one world. */
    public static final class Extension implements ParameterResolver, BeforeEachCallback {

        @Override
        public void beforeEach(ExtensionContext context) {
            world(context).reset();
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == World.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return world(context);
        }

        private static World world(ExtensionContext context) {
            return context.getRoot().getStore(Namespace.create(World.class)).computeIfAbsent(World.class, type -> {
                try {
                    return new World(Files.createTempDirectory("pareto-test"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, World.class);
        }
    }
}
