package dev.pareto.evals.suite.importer;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an import made, and all that it left out.
 *
 * @param folder where the suite lies
 * @param suite its id
 * @param version its hash
 * @param items how many there are
 * @param graders ids
 * @param answers recorded answers that came with the source
 * @param dropped what the source had and the suite has not
 */
public record Imported(Path folder, String suite, String version, int items, List<String> graders, int answers,
        List<Dropped> dropped) {

    /** Copies the lists. */
    public Imported {
        requireNonNull(folder, "folder is null");
        requireNonNull(suite, "suite is null");
        requireNonNull(version, "version is null");
        graders = List.copyOf(graders);
        dropped = List.copyOf(dropped);
    }

    /** For scripts. */
    public ObjectNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("folder", folder.toString());
        json.put("suite", suite);
        json.put("sha256", version);
        json.put("items", items);
        json.set("graders", JsonMapper.shared().valueToTree(graders));
        json.put("answers", answers);
        json.set("dropped", json(dropped));
        return json;
    }

    static ArrayNode json(List<Dropped> dropped) {
        ArrayNode list = JsonMapper.shared().createArrayNode();
        dropped.forEach(d -> list.addObject().put("where", d.where()).put("what", d.what()).put("why", d.why()));
        return list;
    }
}
