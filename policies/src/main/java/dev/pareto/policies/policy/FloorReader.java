package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.YamlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what holds for data classes and tenants, whatever is asked. */
final class FloorReader {

    private final PolicyReader policies;
    private final RouteReader routes;
    private final Map<String, Floor> floors = new LinkedHashMap<>();

    FloorReader(PolicyReader policies, RouteReader routes) {
        this.policies = policies;
        this.routes = routes;
    }

    List<Floor> floors() {
        return List.copyOf(floors.values());
    }

    void read(String name, Tree.Entry entry) {
        Fields fields = Fields.of(entry.value(), Shapes.FLOOR);
        Set<String> classes = Set.copyOf(fields.list("data-class", FloorReader::dataClass));
        Set<String> tenants = Set.copyOf(fields.list("tenant", text -> text));
        Set<String> named = Set.copyOf(fields.list("route", text -> text));
        for (String route : named) {
            if (!routes.routes().containsKey(route)) {
                throw new YamlException(fields.place("route"), "unknown route '" + route + "'",
                        Nearest.remedy(route, routes.routes().keySet()));
            }
        }
        if (classes.isEmpty() && tenants.isEmpty() && named.isEmpty()) {
            throw new YamlException(fields.place(), "floor " + name + " is about nobody",
                    "write data-class: medical, tenant: acme or route: support");
        }
        Constraints constraints = policies.constraints(fields);
        routes.checkReferences("floor " + name, constraints, entry.keyPlace());
        Set<ModelId> only = Set.copyOf(fields.list("only", ModelId::parse));
        Floor.Models models = fields.read("models", FloorReader::models);
        Floor floor = Fields.at(fields.place(), "floor", () -> new Floor(name, classes, tenants, named, constraints,
                models == null ? Floor.Models.ANY : models, only));
        if (floors.putIfAbsent(name, floor) != null) {
            throw new YamlException(entry.keyPlace(), "floor '" + name + "' is given twice", "");
        }
    }

    private static String dataClass(@Nullable String text) {
        if (text == null || !text.matches(ParetoConfig.DATA_CLASS)) {
            throw new IllegalArgumentException("a data class has letters, digits, dots, dashes, at most 64");
        }
        if (ParetoConfig.BUILT_IN_CLASSES.contains(text)) {
            throw new IllegalArgumentException("'" + text + "' has a meaning of its own; choose another name");
        }
        return text;
    }

    private static Floor.Models models(String text) {
        return switch (text) {
            case "any" -> Floor.Models.ANY;
            case "open" -> Floor.Models.OPEN;
            case "closed" -> Floor.Models.CLOSED;
            default -> throw new IllegalArgumentException("write open, closed or any, not '" + text + "'");
        };
    }
}
