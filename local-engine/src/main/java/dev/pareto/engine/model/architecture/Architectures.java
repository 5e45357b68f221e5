package dev.pareto.engine.model.architecture;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.pareto.engine.gguf.GgufException;
import dev.pareto.engine.gguf.GgufFile;
import dev.pareto.engine.model.blueprint.Blueprint;
import dev.pareto.engine.model.blueprint.ModelReader;

/** The architectures that can be run, by their name in GGUF. */
public final class Architectures {

    private static final String KEY = "general.architecture";
    private static final Map<String, Function<ModelReader, Blueprint>> BY_NAME = Map.ofEntries(
            Map.entry("llama", Llama::read),
            Map.entry("qwen2", Qwen::read),
            Map.entry("qwen3", Qwen::read),
            Map.entry("qwen3moe", Qwen::read),
            Map.entry("phi3", Phi3::read),
            Map.entry("gemma2", Gemma::read2),
            Map.entry("gemma3", Gemma::read3),
            Map.entry("falcon", Falcon::read),
            Map.entry("dbrx", Dbrx::read),
            Map.entry("openelm", OpenElm::read),
            Map.entry("gpt-oss", GptOss::read),
            Map.entry("deepseek2", DeepSeek2::read),
            Map.entry("mpt", Mpt::read),
            Map.entry("gpt2", Gpt2::read),
            Map.entry("bert", Bert::read),
            Map.entry("nomic-bert", Bert::readNomic),
            Map.entry("jina-bert-v2", Bert::readJina));

    private Architectures() {}

    /**
     * The model that a file describes.
     *
     * @throws GgufException if the architecture, a weight type or a size is not one that can be run; the message says
     *             which
     */
    public static Blueprint read(GgufFile file) {
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
