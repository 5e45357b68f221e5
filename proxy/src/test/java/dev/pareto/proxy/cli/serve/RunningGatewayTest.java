package dev.pareto.proxy.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunningGatewayTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, http://127.0.0.1:8080", "localhost, http://localhost:8080",
            "10.1.2.3, http://10.1.2.3:8080", "0.0.0.0, http://127.0.0.1:8080", "::, http://[::1]:8080",
            "fe80::1, http://[fe80::1]:8080"})
    void theAddressThatIsToldCanBeCalled(String host, URI told) {
        assertThat(RunningGateway.address(host, 8080)).isEqualTo(told);
    }
}
