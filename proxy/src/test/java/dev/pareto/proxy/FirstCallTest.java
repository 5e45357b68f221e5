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
            for (int i = 0; i < 2000; i++) gateway.post("/v1/chat/completions", Payloads.CHAT, "Authorization", "Bearer sk-1");
            var plain = gateway.post("/v1/chat/completions", Payloads.CHAT, "Authorization", "Bearer sk-1");
            System.out.println(plain.statusCode() + " " + plain.headers().map());
            var stream = gateway.post("/v1/chat/completions", Payloads.CHAT_STREAM);
            System.out.println(stream.statusCode() + " " + stream.headers().map());
            vendor.answers(Script -> dev.pareto.proxy.testing.Script.json(200, Payloads.ANSWER).with("Set-Cookie", "a=b").with("x-request-id", "r1").with("Server", "x"));
            var pass = gateway.post("/v1/images/generations?x=1", "{}", "Cookie", "a", "X-Forwarded-For", "1.2.3.4", "Authorization", "Bearer sk-2", "X-Stainless-Lang", "js");
            System.out.println(pass.statusCode() + " " + pass.headers().map());
            System.out.println(vendor.seen().getLast());
            System.out.println(new String(gateway.get(gateway.url().resolve("/v1/nothing")).body()).length());
            gateway.attempts().reversed().subList(0, 3).forEach(System.out::println);
            System.out.println(new String(gateway.get(gateway.url().resolve("/v1/models")).body()).substring(0, 200));
            System.out.println(new String(gateway.get(gateway.url().resolve("/nothing")).body()));
            System.out.println(new String(gateway.get(gateway.adminUrl().resolve("/actuator/health")).body()));
            vendor.close();
            System.out.println(new String(gateway.post("/v1/images/generations", "{}").body()));
            System.out.println(new String(gateway.post("/v1/chat/completions", Payloads.CHAT).body()));
        }
    }
}
