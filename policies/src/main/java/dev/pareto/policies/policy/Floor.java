package dev.pareto.policies.policy;

import static java.util.Objects.requireNonNull;

import dev.pareto.policies.catalog.ModelId;
import java.util.Collection;
import java.util.Set;

/**
 * What holds for a data class or a tenant whatever route, policy and headers say. What is not known counts as missed.
 *
 * @param name for people
 * @param dataClasses that it is about; empty for all requests
 * @param tenants that it is about; empty for all
 * @param routes that it is about; empty for all
 * @param constraints what a candidate must meet
 * @param models which kinds may serve
 * @param only the models that may serve; empty for any
 */
public record Floor(String name, Set<String> dataClasses, Set<String> tenants, Set<String> routes,
        Constraints constraints, Models models, Set<ModelId> only) {

    /** By weights. */
    public enum Models {
        ANY, OPEN, CLOSED
    }

    public Floor {
        requireNonNull(name, "name is null");
        requireNonNull(constraints, "constraints is null");
        requireNonNull(models, "models is null");
        dataClasses = Set.copyOf(dataClasses);
        tenants = Set.copyOf(tenants);
        routes = Set.copyOf(routes);
        only = Set.copyOf(only);
        if (constraints.equals(Constraints.NONE) && models == Models.ANY && only.isEmpty()) {
            throw new IllegalArgumentException("a floor demands something: accuracy, latency, cost, models or only");
        }
    }

    /** Whether it holds for a request of these data classes. */
    public boolean holds(Collection<String> classes, String tenant, String route) {
        return (tenants.isEmpty() || tenants.contains(tenant)) && (routes.isEmpty() || routes.contains(route))
                && (dataClasses.isEmpty() || any(classes));
    }

    private boolean any(Collection<String> classes) {
        for (String one : classes) {
            if (dataClasses.contains(one)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a model may serve at all. */
    public boolean allows(ModelId model, boolean open) {
        return (only.isEmpty() || only.contains(model)) && switch (models) {
            case ANY -> true;
            case OPEN -> open;
            case CLOSED -> !open;
        };
    }
}
