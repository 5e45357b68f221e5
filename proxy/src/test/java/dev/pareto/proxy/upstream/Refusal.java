package dev.pareto.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pareto.proxy.dialect.openai.RefusedException;

/** What tests of requests expect of one that is refused. */
final class Refusal {

    private Refusal() {}

    static void refused(Runnable read, String code, String param, String words) {
        assertThatThrownBy(read::run).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.error().status()).isEqualTo(400);
            assertThat(refused.error().type()).isEqualTo("invalid_request_error");
            assertThat(refused.error().code()).isEqualTo(code);
            assertThat(refused.error().param()).isEqualTo(param);
            assertThat(refused.error().message()).contains(words);
        });
    }
}
