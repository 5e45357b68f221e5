package dev.pareto.proxy.explore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.pareto.policies.bandit.BanditJson;
import dev.pareto.policies.bandit.BanditState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What bandits have learned, a file each under {@code bandits} of the data folder: ids of requests, hashes of units, numbers. */
final class ExplorerFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ExplorerFiles.class);
    private static final String ENDING = ".json";
    private static final long MOST_BYTES = 256L << 20;

    private final Path folder;

    ExplorerFiles(Path dataDir) {
        this.folder = dataDir.resolve("bandits");
    }

    record Saved(String route, String policy, double costUnit, BanditState state) {}

    /** All that can be read; a damaged file is told of and its bandit begins anew. */
    List<Saved> all() {
        List<Saved> all = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return all;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> one.toString().endsWith(ENDING)).sorted().toList()) {
                try {
                    all.add(read(file));
                } catch (IOException | IllegalArgumentException damaged) {
                    LOG.warn("{} cannot be read, so its policy learns anew: {}", file, damaged.getMessage());
                }
            }
        } catch (IOException unreadable) {
            LOG.warn("{} cannot be listed, so policies that explore learn anew: {}", folder, unreadable.getMessage());
        }
        return all;
    }

    private static Saved read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it is larger than any bandit");
        }
        try {
            JsonNode root = JsonMapper.shared().readTree(Files.readString(file));
            double unit = root.path("cost_unit").asDouble(0);
            if (!(unit > 0)) {
                throw new IllegalArgumentException("it has no cost_unit");
            }
            return new Saved(root.path("route").asString(""), root.path("policy").asString(""), unit,
                    BanditJson.read(root.path("state").toString()));
        } catch (JacksonException wrong) {
            throw new IllegalArgumentException(wrong.getOriginalMessage(), wrong);
        }
    }

    void write(Saved saved) throws IOException {
        Files.createDirectories(folder);
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put("route", saved.route);
        root.put("policy", saved.policy);
        root.put("cost_unit", saved.costUnit);
        root.set("state", JsonMapper.shared().readTree(BanditJson.write(saved.state)));
        Path file = folder.resolve(URLEncoder.encode(saved.route + "/" + saved.policy, UTF_8) + ENDING);
        Path fresh = folder.resolve(file.getFileName() + ".new");
        Files.writeString(fresh, root.toString());
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
