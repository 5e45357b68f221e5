package dev.pareto.proxy.cli.prices;

import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.sheet.market.AcceptanceRule;
import dev.pareto.proxy.cli.terminal.UsageException;
import dev.pareto.proxy.prices.PriceDesk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import picocli.CommandLine.Option;

/** Where the price files and the proposals are. */
final class PriceFiles {

    private static final long MAX_BYTES = 200_000_000;

    private static final String BYTE_ORDER = "\uFEFF";

    /** Exact decimals, and no key twice: a file that says two things of one price says nothing. */
    private static final JsonMapper EXACT = JsonMapper
            .builder(JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @Option(names = "--config", defaultValue = "${env:PARETO_HOME:-.}/pareto.yaml",
            description = "the configuration whose prices/ folder and price-files are read (default: ${DEFAULT-VALUE})")
    private Path config;

    PriceDesk desk() {
        return new PriceDesk(config, System.getenv(), InstantSource.system());
    }

    /** Everything in force: the jar's, the folder's and those that the configuration names. */
    List<PriceSheet> sheets() throws ConfigException {
        return desk().sheets();
    }

    /** Proposals that need no person; null for none. */
    @Nullable
    AcceptanceRule accepts() throws ConfigException {
        return ConfigReader.acceptance(config, System.getenv());
    }

    static JsonNode json(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new UsageException(file + " is larger than 200 MB");
        }
        try {
            String text = Files.readString(file);
            // Windows' editors begin a file with a mark of its byte order.
            return EXACT.readTree(text.startsWith(BYTE_ORDER) ? text.substring(1) : text);
        } catch (JacksonException malformed) {
            throw new UsageException(file + " is not JSON: " + malformed.getOriginalMessage(), malformed);
        }
    }
}
