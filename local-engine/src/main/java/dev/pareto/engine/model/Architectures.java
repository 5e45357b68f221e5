package dev.pareto.engine.model;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.pareto.engine.gguf.GgufFile;

/** The architectures that can be run, by their name in GGUF. */
final class Architectures {

    private static final String KEY = "general.architecture";
    private static final Map<String, Function<ModelReader, Blueprint>> BY_NAME = Map.of("llama", Llama::read);

    private Architectures() {}

    static Blueprint read(GgufFile file) {
        String name = file.metadata().requireString(KEY);
        var architecture = BY_NAME.get(name);
        if (architecture == null) {
            throw file.metadata()
                    .refuse(KEY, "names the architecture '" + name
                            + "', which is not supported yet; supported: " + new TreeMap<>(BY_NAME).keySet());
        }
        return architecture.apply(new ModelReader(file, name));
    }
}
