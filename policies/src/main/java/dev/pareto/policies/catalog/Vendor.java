package dev.pareto.policies.catalog;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.price.Money;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A company's API, an open cluster, the engine in this process, a simulation, or answers on file.
 *
 * @param name the first half of its models' names
 * @param kind how it is reached
 * @param dialect what its wire speaks: {@code openai}, {@code anthropic} or {@code gemini}
 * @param urls where; one or more for HTTP, none otherwise
 * @param key what it is called with; null lets the key of a caller through who addressed this vendor
 * @param open whether its models' weights are open
 * @param resilience bounds, retries and circuit breaker
 * @param hourlyCost what its hardware costs an hour; null when unknown or not ours
 * @param modelsDir the folder of an embedded vendor's GGUF files; null for the others
 * @param simulation what a simulated vendor stands for; null for the others
 * @param recording where a recorded vendor's answers are; null for the others
 */
public record Vendor(String name, VendorKind kind, String dialect, List<URI> urls, @Nullable Secret key, boolean open,
        Resilience resilience, @Nullable Money hourlyCost, @Nullable String modelsDir,
        @Nullable Simulation simulation, @Nullable Recording recording) {

    public Vendor {
        requireNonNull(name, "name is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(dialect, "dialect is null");
        requireNonNull(resilience, "resilience is null");
        urls = List.copyOf(urls);
        if ((kind == VendorKind.HTTP) == urls.isEmpty()) {
            throw new IllegalArgumentException(
                    "vendor " + name + ": an HTTP vendor has a url and no other vendor has one");
        }
        if ((kind == VendorKind.SIMULATED) != (simulation != null)) {
            throw new IllegalArgumentException("vendor " + name + ": simulated and 'like' go together");
        }
        if ((kind == VendorKind.RECORDED) != (recording != null)) {
            throw new IllegalArgumentException("vendor " + name + ": a recorded vendor has recordings, no other has");
        }
    }

    /** Whether a call needs the caller's own key; open weights are often served without any. */
    public boolean needsCallersKey() {
        return kind == VendorKind.HTTP && key == null && !open;
    }

    /** Whether a stand-in answers, with words that were made up or recorded earlier: no evidence about a live vendor. */
    public boolean simulated() {
        return kind == VendorKind.SIMULATED || kind == VendorKind.RECORDED;
    }

    /**
     * What a simulated vendor stands for.
     *
     * @param like the closed model whose list price and latency it borrows
     * @param suites the suites from whose keys it answers
     */
    public record Simulation(ModelId like, List<String> suites) {

        public Simulation {
            requireNonNull(like, "like is null");
            suites = List.copyOf(suites);
        }
    }

    /**
     * Answers that a model once gave.
     *
     * @param files files of recordings, or folders of them
     * @param paced whether an answer takes as long as it once took; otherwise it comes at once
     */
    public record Recording(List<String> files, boolean paced) {

        public Recording {
            files = List.copyOf(files);
            if (files.isEmpty()) {
                throw new IllegalArgumentException("'recorded' names at least one file or folder");
            }
        }
    }
}
