package dev.pareto.policies.sheet.market;

import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A public catalogue's file. Facts are taken from it and nothing else; it is never authoritative. */
public sealed interface Catalogue permits LiteLlm, ModelsDev, OpenRouter, GenaiPrices {

    /** Its name, on the command line and beside a price. */
    String name();

    /**
     * @param file the whole document
     * @param when which of several dated prices is meant
     * @throws IllegalArgumentException when it is not this catalogue's document
     */
    Reading read(JsonNode file, Instant when);

    /**
     * @param quotes what could be read
     * @param refused entries that could not, each with the reason
     */
    record Reading(List<Quote> quotes, List<String> refused) {

        public Reading {
            quotes = List.copyOf(quotes);
            refused = List.copyOf(refused);
        }
    }

    static List<Catalogue> all() {
        return List.of(new LiteLlm(), new ModelsDev(), new OpenRouter(), new GenaiPrices());
    }
}
