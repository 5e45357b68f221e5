package dev.pareto.proxy.reconcile;

import dev.pareto.dashboards.reconcile.VendorCost;
import dev.pareto.policies.catalog.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.LocalDate;
import java.util.List;

/** A vendor's own account of what UTC days cost. Blocks. */
public interface CostApi {

    /**
     * Every line of some days, oldest first.
     *
     * @param from the first day
     * @param to the last day
     * @throws IOException when the vendor does not answer, refuses, or answers with something else; the message says what and why
     */
    List<VendorCost> costs(LocalDate from, LocalDate to) throws IOException, InterruptedException;

    /**
     * The one that a vendor's dialect has.
     *
     * @param url the vendor's address
     * @param key an administrator's, which ordinary keys are not
     * @throws IllegalArgumentException when we know of none
     */
    static CostApi of(String dialect, URI url, Secret key, HttpClient http) {
        return switch (dialect) {
            case "openai" -> new OpenAiCosts(new AdminCalls(http, url, "Authorization", "Bearer " + key.reveal()));
            case "anthropic" -> new AnthropicCosts(new AdminCalls(http, url, "x-api-key", key.reveal()));
            default -> throw new IllegalArgumentException(
                    "vendors of the dialect " + dialect
                            + " have no cost API that we know; those of openai and anthropic do");
        };
    }
}
