package dev.pareto.dashboards.models;

import dev.pareto.policies.price.Money;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.sheet.Finding;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway knows at the moment and the ledger does not.
 *
 * @param prices in force, before and to come
 * @param sku from a model's name to what it is sold as
 * @param served the models of the configuration
 * @param machines vendors whose models run on machines of the house
 * @param engines models of this process
 * @param findings of the lint of the price files
 */
public record Surroundings(PriceBook prices, UnaryOperator<String> sku, List<Served> served, List<Machine> machines,
        List<Engine> engines, List<Finding> findings) {

    public Surroundings {
        served = List.copyOf(served);
        machines = List.copyOf(machines);
        engines = List.copyOf(engines);
        findings = List.copyOf(findings);
    }

    /** @param open whether its weights are */
    public record Served(String model, String vendor, boolean open) {}

    /**
     * @param embedded whether its models run in this process
     * @param perHour what an hour costs, whether it works or not; null when nobody stated it
     */
    public record Machine(String vendor, boolean embedded, @Nullable Money perHour) {}

    /**
     * A model of this process.
     *
     * @param state where it is: {@code on_disk}, {@code ready}, …
     * @param load null while it is not ready
     */
    public record Engine(String model, String state, @Nullable Load load) {}

    /**
     * How busy it is; counts are since it was loaded.
     *
     * @param running requests being computed now
     * @param waiting requests in its queue now
     * @param free requests that may come besides before one is refused
     * @param refused as busy
     * @param promptTokens computed
     * @param cachedTokens of prompts that did not have to be computed
     * @param queueMillis how long a request that comes now will probably wait
     * @param tokensPerSecond drawn over the last seconds with work; null before the first
     * @param firstTokenMillis median of the last requests; null before the first
     */
    public record Load(int running, int waiting, int free, long refused, long promptTokens, long cachedTokens,
            long completionTokens, long queueMillis, @Nullable Double tokensPerSecond, @Nullable Double batchMean,
            @Nullable Long firstTokenMillis) {}
}
