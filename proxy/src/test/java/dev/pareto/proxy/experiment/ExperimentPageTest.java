package dev.pareto.proxy.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pareto.proxy.testing.Await;
import dev.pareto.proxy.testing.Browser;
import dev.pareto.proxy.testing.FakeVendor;
import dev.pareto.proxy.testing.Gateway;
import dev.pareto.proxy.testing.Payloads;
import dev.pareto.proxy.testing.Trials;
import dev.pareto.proxy.testing.Trials.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The pages of experiments in a real browser. */
final class ExperimentPageTest {

    @TempDir
    private Path folder;

    @Test
    void theListAndAnOpenedExperimentShowWhatTheApiTells() throws Exception {
        Optional<Browser> found = Browser.start(folder);
        assumeThat(found).as("no Chromium on the PATH; on Debian: apt-get install chromium").isPresent();
        try (Browser browser = found.orElseThrow();
                var openai = new FakeVendor().answers(Payloads::openAi);
                var cluster = new FakeVendor().answers(Payloads::openAi);
                Gateway gateway = Gateway.start(folder, Trials.config(openai, cluster,
                        "arms: {closed: {model: openai/gpt-4o}, open: {model: cluster/tiny}}, "
                                + "primary: {metric: success, minimal-effect: 2 pp}, guards: {errors: 2 pp, cost: 10 %}"))) {
            Trials trials = new Trials(gateway.url(), gateway.adminUrl()).gateOpen();
            assertThat(browser.show(gateway.adminUrl().resolve("/experiments/x"), Browser.Theme.LIGHT).dom())
                    .contains("Not started", "./pareto experiment start x");
            trials.act("start", "");
            for (int user = 0; user < 260; user++) {
                Answer answer = trials.ask("u" + user, "a" + user);
                trials.feedback(answer.id(), "success", user % 3 == 0 ? 0 : 1);
            }
            Await.until("all of them were looked at",
                    () -> findings(trials).path("units").asInt(0) == 260
                            && findings(trials).path("differences").path(0).path("lower").isNumber());

            String list = browser.show(gateway.adminUrl().resolve("/experiments"), Browser.Theme.LIGHT).dom();
            assertThat(list).contains("href=\"/experiments/x\"", "Running", "open: success");

            Browser.Shown opened = browser.show(gateway.adminUrl().resolve("/experiments/x"), Browser.Theme.DARK);
            assertThat(opened.log()).doesNotContain("Refused to", "Uncaught");
            assertThat(figure(opened.dom(), "units")).isEqualTo("260");
            assertThat(figure(opened.dom(), "split")).isEqualTo("As stated");
            JsonNode arms = findings(trials).path("arms");
            assertThat(opened.dom()).contains(">" + arms.path(0).path("units").asInt() + "<",
                    ">" + arms.path(1).path("units").asInt() + "<", "Difference over time", "Always-valid interval",
                    "Quiet", "of at most 20,000");
        }
    }

    private static JsonNode findings(Trials trials) {
        return trials.experiment().path("experiment").path("look").path("findings");
    }

    private static String figure(String dom, String id) {
        Matcher figure = Pattern.compile("data-figure=\"" + id + "\">([^<]*)<").matcher(dom);
        assertThat(figure.find()).as("the page shows %s", id).isTrue();
        return figure.group(1);
    }
}
