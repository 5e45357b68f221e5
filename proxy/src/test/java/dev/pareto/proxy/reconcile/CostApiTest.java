package dev.pareto.proxy.reconcile;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.pareto.dashboards.reconcile.VendorCost;
import dev.pareto.policies.catalog.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The vendors' cost and usage APIs, in the shapes that they answer with. */
final class CostApiTest {

    private static final LocalDate FIRST = LocalDate.of(2026, 11, 1);
    private static final LocalDate LAST = LocalDate.of(2026, 11, 2);

    @RegisterExtension
    final WireMockExtension vendor = WireMockExtension.newInstance()
            .options(WireMockConfiguration.wireMockConfig().dynamicPort())
            .build();

    @Test
    void openAiTellsCostsByLineItemOverPages() throws IOException, InterruptedException {
        vendor.stubFor(get(urlPathEqualTo("/v1/organization/costs"))
                .withHeader("Authorization", equalTo("Bearer sk-admin-1"))
                .withQueryParam("start_time", equalTo("1793491200"))
                .withQueryParam("end_time", equalTo("1793664000"))
                .withQueryParam("bucket_width", equalTo("1d"))
                .withQueryParam("page", absent())
                .willReturn(okJson(
                        """
                        {"object": "page", "has_more": true, "next_page": "page_AAAA", "data": [
                          {"object": "bucket", "start_time": 1793491200, "end_time": 1793577600, "results": [
                            {"object": "organization.costs.result", "amount": {"value": 0.13080438340307526, "currency": "usd"},
                             "line_item": "gpt-4o-2024-08-06, input", "project_id": "proj_abc"},
                            {"object": "organization.costs.result", "amount": {"value": 0.06, "currency": "usd"},
                             "line_item": "gpt-4o-2024-08-06, cached input", "project_id": "proj_abc"},
                            {"object": "organization.costs.result", "amount": {"value": 1.5, "currency": "usd"},
                             "line_item": "Code Interpreter", "project_id": null}]}]}""")));
        vendor.stubFor(get(urlPathEqualTo("/v1/organization/costs")).withQueryParam("page", equalTo("page_AAAA"))
                .willReturn(
                        okJson("""
                               {"object": "page", "has_more": false, "next_page": null, "data": [
                                 {"object": "bucket", "start_time": 1793577600, "end_time": 1793664000, "results": [
                                   {"object": "organization.costs.result", "amount": {"value": 2, "currency": "usd"},
                                    "line_item": "gpt-4o-2024-08-06, output", "project_id": "proj_abc"}]}]}""")));
        vendor.stubFor(get(urlPathEqualTo("/v1/organization/usage/completions"))
                .withQueryParam("group_by", equalTo("model"))
                .willReturn(okJson(
                        """
                        {"object": "page", "has_more": false, "next_page": null, "data": [
                          {"object": "bucket", "start_time": 1793491200, "end_time": 1793577600, "results": [
                            {"object": "organization.usage.completions.result", "input_tokens": 100000, "input_cached_tokens": 48000,
                             "output_tokens": 4000, "num_model_requests": 12, "model": "gpt-4o-2024-08-06"}]}]}""")));

        List<VendorCost> costs = api("openai", "sk-admin-1").costs(FIRST, LAST);

        assertThat(costs).extracting(CostApiTest::told)
                .containsExactly("2026-11-01 gpt-4o-2024-08-06 input 52000 0.130804383403 USD",
                        "2026-11-01 gpt-4o-2024-08-06 cache_read 48000 0.06 USD", "2026-11-01 null null null 1.5 USD",
                        "2026-11-02 gpt-4o-2024-08-06 output null 2 USD");
    }

    @Test
    void anthropicTellsCentsAsText() throws IOException, InterruptedException {
        vendor.stubFor(get(urlPathEqualTo("/v1/organizations/cost_report"))
                .withHeader("x-api-key", equalTo("sk-ant-admin01-1"))
                .withHeader("anthropic-version", equalTo("2023-06-01"))
                .withQueryParam("starting_at", equalTo("2026-11-01T00:00:00Z"))
                .withQueryParam("ending_at", equalTo("2026-11-03T00:00:00Z"))
                .willReturn(okJson(
                        """
                        {"data": [{"starting_at": "2026-11-01T00:00:00Z", "ending_at": "2026-11-02T00:00:00Z", "results": [
                          {"currency": "USD", "amount": "123.45", "workspace_id": "wrkspc_01", "description": "Claude Opus 5 Usage - Input Tokens",
                           "cost_type": "tokens", "context_window": "0-200k", "model": "claude-opus-5-20260601", "service_tier": "standard",
                           "token_type": "uncached_input_tokens"},
                          {"currency": "USD", "amount": "10", "workspace_id": null, "description": "Claude Opus 5 Usage - Cache Write, 5m",
                           "cost_type": "tokens", "context_window": "0-200k", "model": "claude-opus-5-20260601", "service_tier": "standard",
                           "token_type": "cache_creation.ephemeral_5m_input_tokens"},
                          {"currency": "USD", "amount": "7.5", "workspace_id": null, "description": "Code Execution Usage",
                           "cost_type": "code_execution", "context_window": null, "model": null, "service_tier": null, "token_type": null}]}],
                         "has_more": false, "next_page": null}""")));
        vendor.stubFor(get(urlPathEqualTo("/v1/organizations/usage_report/messages"))
                .willReturn(okJson(
                        """
                        {"data": [{"starting_at": "2026-11-01T00:00:00Z", "ending_at": "2026-11-02T00:00:00Z", "results": [
                          {"uncached_input_tokens": 246900, "cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 16000},
                           "cache_read_input_tokens": 0, "output_tokens": 10, "server_tool_use": {"web_search_requests": 0},
                           "api_key_id": null, "workspace_id": null, "model": "claude-opus-5-20260601", "service_tier": null}]}],
                         "has_more": false, "next_page": null}""")));

        List<VendorCost> costs = api("anthropic", "sk-ant-admin01-1").costs(FIRST, LAST);

        assertThat(costs).extracting(CostApiTest::told)
                .containsExactly("2026-11-01 claude-opus-5-20260601 input 246900 1.2345 USD",
                        "2026-11-01 claude-opus-5-20260601 cache_write_5m 16000 0.1 USD",
                        "2026-11-01 null null null 0.075 USD");
    }

    @Test
    void aRefusalSaysWhyAndWhatToDo() {
        vendor.stubFor(get(urlPathEqualTo("/v1/organization/usage/completions")).willReturn(
                jsonResponse("{\"error\": {\"message\": \"You have insufficient permissions.\"}}", 403)));

        assertThatThrownBy(() -> api("openai", "sk-ordinary").costs(FIRST, LAST)).isInstanceOf(IOException.class)
                .hasMessageContaining("403: You have insufficient permissions.")
                .hasMessageContaining("an administrator's key");
        assertThatThrownBy(() -> api("gemini", "key")).hasMessageContaining("no cost API that we know");
    }

    private CostApi api(String dialect, String key) {
        return CostApi.of(dialect, URI.create(vendor.baseUrl()), new Secret(key), HttpClient.newHttpClient());
    }

    private static String told(VendorCost cost) {
        return cost.day() + " " + cost.model() + " " + cost.bucket() + " " + cost.quantity() + " " + cost.amount();
    }
}
