package dev.pareto.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FirstCallTest {

    @Test
    void smoke(@TempDir Path folder) {
        long t0 = System.nanoTime();
        try (FakeVendor vendor = new FakeVendor().answers(Payloads::openAi);
                Gateway gateway = Gateway.start(folder, "vendors: {openai: {dialect: openai, url: '" + vendor.url() + "'}}\n")) {
            System.out.println("started in " + (System.nanoTime() - t0) / 1_000_000);
            var plain = gateway.post("/v1/chat/completions", Payloads.CHAT, "Authorization", "Bearer sk-1");
            System.out.println(plain.statusCode() + " " + plain.headers().map() + new String(plain.body()));
            var stream = gateway.post("/v1/chat/completions", Payloads.CHAT_STREAM);
            System.out.println(stream.statusCode() + " " + stream.headers().map() + new String(stream.body()));
            System.out.println(vendor.seen());
            gateway.attempts().forEach(System.out::println);
            assertThat(new String(stream.body())).isEqualTo(new String(Payloads.stream(false).bytes()));
            System.out.println(new String(gateway.get(gateway.url().resolve("/v1/models")).body()).substring(0, 200));
            System.out.println(new String(gateway.get(gateway.url().resolve("/v1/nothing")).body()));
            System.out.println(new String(gateway.get(gateway.adminUrl().resolve("/actuator/health")).body()));
        }
    }
}
