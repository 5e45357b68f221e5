package dev.pareto.policies.check;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyCheckTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String MODELS = """
                                         vendors:
                                           v:
                                             dialect: openai
                                             url: http://v
                                             models:
                                               dear:  {prices: [{from: 2020-01-01, input: 10, output: 30}]}
                                               cheap: {prices: [{from: 2020-01-01, input: 1, output: 3}]}
                                               unpriced: {}
                                           o: {dialect: openai, url: http://o, open: true, models: {free: {}}}
                                         """;

    @TempDir
    private Path folder;

    @Test
    void aSoundConfigurationIsLeftAlone() throws Exception {
        assertThat(check("""
                         routes: {r: {candidates: [v/dear, v/cheap], policy: p}}
                         policies: {p: {minimise: cost, subject-to: {accuracy: {within: 2 pp, of: v/dear}}}}
                         """)).isEmpty();
    }

    @Test
    void whatNobodyReachesIsFound() throws Exception {
        assertThat(check("""
                         routes: {r: {candidates: [v/dear, v/cheap], policy: p, fallbacks: [v/dear]}}
                         policies: {p: {minimise: cost}}
                         """)).containsExactly(
                "warning: route r: fall-back v/dear is a candidate already, so a failure goes round to it and it is not "
                        + "tried again; leave it out of 'fallbacks'",
                "warning: route r under policy p: v/dear serves only after v/cheap failed: it costs more and the policy "
                        + "asks for nothing else; add an accuracy or a latency, or make it a fall-back");
        assertThat(
                check("""
                      routes:
                        r: {candidates: [v/dear], policy: p, rules: [{when: tools, policy: p}, {when: tools, only: [v/dear]},
                            {when: 'true', policy: p}, {when: stream, policy: p}]}
                      policies: {p: {minimise: latency}}
                      """))
                .hasSize(2)
                .first()
                .asString()
                .contains("rule 2 is never reached: one before it has the same condition");
    }

    @Test
    void limitsThatNobodyMeetsAndPricesThatAreMissingAreFound() throws Exception {
        assertThat(check("""
                         routes: {r: {candidates: [v/dear, v/unpriced], policy: p}}
                         policies: {p: {minimise: latency, subject-to: {cost: {at-most: 0.00001 USD}}}}
                         """)).containsExactly(
                "error: route r under policy p: v/dear is never reached: one token in and one out cost 0.00004 USD, more "
                        + "than the 0.00001 USD allowed; raise cost at-most or leave it out",
                "error: route r under policy p: v/unpriced has no price now, so it never meets cost at-most; give its "
                        + "vendor 'prices', or the model its own",
                "error: route r under policy p: no candidate can ever meet cost at-most 0.00001 USD; raise it");
        assertThat(check("""
                         routes: {r: {candidates: [v/dear], policy: p}}
                         policies: {p: {maximise: accuracy, subject-to: {accuracy: {at-least: 100 %},
                             latency: {first-token-p95: 3 s, total-p95: 2 s}},
                             rules: [{when: tools, subject-to: {latency: {total-p95: 4 s}}}]}}
                         """)).hasSize(3)
                .anyMatch(remark -> remark.contains("accuracy at-least 100 % is never measured"))
                .anyMatch(remark -> remark.contains("first-token-p95 is no shorter"))
                .anyMatch(remark -> remark.contains("rule 1 adds nothing"));
    }

    @Test
    void floorsThatAllowNobodyAndKeysWithoutFloorsAreFound() throws Exception {
        assertThat(check("""
                         gateway: {keys: {ci: {secret: '${K:pk-pareto-1}', tags: {data-class: legal}}}}
                         routes: {r: {candidates: [v/dear]}}
                         floors: {medical: {data-class: medical, models: open}}
                         """)).hasSize(2)
                .anyMatch(remark -> remark.startsWith("error: floor medical: allows no candidate of route r"))
                .anyMatch(remark -> remark.startsWith("error: key ci: its data class 'legal' has no floor"));
    }

    @Test
    void everyPolicyIsSaidInASentence() throws Exception {
        ParetoConfig config = read(
                """
                routes: {r: {candidates: [v/dear, o/free], policy: p, rules: [{when: stream, policy: w}]}}
                policies:
                  p:
                    minimise: cost
                    subject-to: {accuracy: {within: 2 pp, of: v/dear, per: prompt, confidence: 90 %},
                        latency: {total-p95: 2.5 s}, cost: {at-most: 0.02 USD}}
                    when-infeasible: reject
                  w: {minimise: {cost: 1, latency: 7.2 USD/h, error: 0.50 USD}, stay-unless-better-by: 5 %}
                floors: {f: {data-class: medical, tenant: acme, accuracy: {at-least: 95 %}, models: open}}
                """);

        assertThat(Explanation.of(requireNonNull(config.policies().get("p"))))
                .isEqualTo("takes the cheapest among the candidates with "
                        + "an accuracy within 2 pp of v/dear (90 % sure, for each prompt), a whole answer within 2.5 s (p95), a "
                        + "cost of at most 0.02 USD; who served last stays unless another is better by more than 2 %; refuses the "
                        + "request (422) when nobody meets that.");
        assertThat(Explanation.of(requireNonNull(config.policies().get("w"))))
                .isEqualTo("takes the least of its bill + 0.002 USD a "
                        + "second of waiting + 0.5 USD x the probability of a wrong answer; who served last stays unless another "
                        + "is better by more than 5 %.");
        assertThat(Explanation.of(requireNonNull(config.routes().get("r"))))
                .isEqualTo("where stream: policy w; else policy p chooses "
                        + "among [v/dear, o/free]; open ones only as far as a verdict against v/dear and their swap allow.");
        assertThat(Explanation.of(config.floors().getFirst())).isEqualTo("data of class medical, tenant acme: nothing "
                + "but an accuracy of at least 95 %, open weights, whatever route, policy and headers say.");
    }

    private List<String> check(String yaml) throws Exception {
        return PolicyCheck.of(read(yaml), NOW).stream().map(Remark::toString).toList();
    }

    private ParetoConfig read(String yaml) throws Exception {
        Path file = folder.resolve("pareto.yaml");
        Files.writeString(file, MODELS + yaml);
        return new ConfigReader().read(file, Map.of());
    }
}
