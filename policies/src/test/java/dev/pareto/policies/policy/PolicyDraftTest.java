package dev.pareto.policies.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyDraftTest {

    @TempDir
    private Path folder;

    private ParetoConfig inForce;

    @BeforeEach
    void read() throws IOException, ConfigException {
        inForce = new ConfigReader().read(Files.writeString(folder.resolve("pareto.yaml"),
                """
                vendors:
                  one: {dialect: openai, url: http://one, open: true, models: [quick, good]}
                routes:
                  ask: {candidates: [one/quick, one/good], policy: p}
                  also: {candidates: [one/quick], policy: p}
                policies:
                  p: {minimise: latency}
                  q: {minimise: cost}
                """), Map.of());
    }

    private PolicyDraft draft(String text) {
        return PolicyDraft.of(text, "ask", inForce);
    }

    @Test
    void aNameIsAPolicyInForce() {
        PolicyDraft draft = draft("q");
        assertThat(draft.name()).isEqualTo("q");
        assertThat(Objects.requireNonNull(draft.config().routes().get("ask")).policy()).isEqualTo("q");
        assertThat(Objects.requireNonNull(draft.config().routes().get("also")).policy()).isEqualTo("p");
        assertThatThrownBy(() -> draft("qq")).hasMessageContaining("there is no policy 'qq'")
                .hasMessageContaining("'q'");
    }

    @Test
    void aPolicyOfOnesOwnIsTheRoutesAlone() {
        PolicyDraft draft = draft("""
                                  minimise: cost
                                  subject-to: {latency: {total-p95: 2 s}}
                                  rules:
                                    - {when: tools, subject-to: {cost: {at-most: 0.01 USD}}}
                                  """);
        assertThat(Objects.requireNonNull(draft.config().routes().get("ask")).policy()).isEqualTo(draft.name());
        assertThat(Objects.requireNonNull(draft.config().policies().get(draft.name())).rules()).hasSize(1);
        assertThat(inForce.policies()).doesNotContainKey(draft.name());
    }

    @Test
    void severalTakeThePlaceOfThoseOfTheirNames() {
        PolicyDraft draft = draft("policies: {p: {minimise: cost}, r: {minimise: latency}}");
        assertThat(draft.name()).isEqualTo("p");
        assertThat(Objects.requireNonNull(draft.config().policies().get("p")).objective())
                .isEqualTo(Objective.MINIMISE_COST);
        assertThat(draft("policies: {r: {minimise: latency}}").name()).isEqualTo("r");
    }

    @Test
    void mistakesAreToldWithTheirPlaceAndNothingIsReadFromTheEnvironment() {
        assertThatThrownBy(() -> draft("minimise: cost\nsubject-too: {}"))
                .hasMessageContaining("policy:2:1")
                .hasMessageContaining("subject-to");
        assertThatThrownBy(() -> draft("minimise: ${HOME}")).hasMessageContaining("variables are not read");
        assertThatThrownBy(() -> draft("minimise: cost\nsubject-to: {accuracy: {within: 1 pp, of: one/nobody}}"))
                .hasMessageContaining("unknown model 'one/nobody'");
        assertThatThrownBy(() -> draft("routes: {}")).hasMessageContaining("unknown key 'routes'")
                .hasMessageContaining("policy simulate --policy");
        assertThatThrownBy(() -> draft("policies: {r: {minimise: cost}}\nroutes: {ask: {policy: r}}"))
                .hasMessageContaining("policy:2:9")
                .hasMessageContaining("which takes routes");
        assertThatThrownBy(() -> draft("policies: {}")).hasMessageContaining("there is no policy in it");
        assertThatThrownBy(() -> draft(" ")).hasMessageContaining("write a policy");
        assertThatThrownBy(() -> draft("x".repeat(PolicyDraft.MOST_CHARACTERS + 1))).hasMessageContaining("at most");
        assertThatThrownBy(() -> PolicyDraft.of("q", "asks", inForce)).hasMessageContaining("there is no route 'asks'");
    }
}
