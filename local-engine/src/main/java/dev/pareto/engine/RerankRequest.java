package dev.pareto.engine;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Documents to be ranked by how well they answer a query.
 *
 * @param timeLimit the longest that all may take, the queue included
 * @param tenant whose they are: where requests wait, tenants take turns; null if that is not known
 */
public record RerankRequest(String query, List<String> documents, Duration timeLimit, @Nullable String tenant) {

    /** The most documents of one request. */
    public static final int MAX_DOCUMENTS = 2048;

    /** Checks the ranges and copies the list. */
    public RerankRequest {
        documents = List.copyOf(documents);
        if (documents.isEmpty() || documents.size() > MAX_DOCUMENTS) {
            throw new EngineException.InvalidRequest("there are " + documents.size() + " documents; 1 to "
                    + MAX_DOCUMENTS + " can be ranked together");
        }
        if (!timeLimit.isPositive()) {
            throw new EngineException.InvalidRequest("the time limit is " + timeLimit + "; it must be positive");
        }
    }

    /** Of nobody in particular. */
    public RerankRequest(String query, List<String> documents, Duration timeLimit) {
        this(query, documents, timeLimit, null);
    }
}
