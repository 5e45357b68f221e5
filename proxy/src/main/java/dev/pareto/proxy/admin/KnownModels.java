package dev.pareto.proxy.admin;

import dev.pareto.dashboards.models.Surroundings;
import dev.pareto.engine.EngineLoad;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.policy.ConfigException;
import dev.pareto.policies.policy.ConfigReader;
import dev.pareto.policies.policy.ParetoConfig;
import dev.pareto.policies.sheet.Finding;
import dev.pareto.policies.sheet.PriceLint;
import dev.pareto.proxy.LiveConfig;
import dev.pareto.proxy.upstream.LocalModels;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the gateway knows of its models at the moment, for the reports about them. Thread-safe; the first look in a while blocks. */
final class KnownModels implements Supplier<Surroundings> {

    private static final Logger LOG = LoggerFactory.getLogger(KnownModels.class);
    /** Price files are read again this seldom; a price in force needs a new configuration anyway. */
    private static final Duration LINTED = Duration.ofMinutes(15);

    private final LiveConfig config;
    private final LocalModels local;
    private final InstantSource clock;
    private List<Finding> findings = List.of();
    private @Nullable Instant linted;

    KnownModels(LiveConfig config, LocalModels local, InstantSource clock) {
        this.config = config;
        this.local = local;
        this.clock = clock;
    }

    @Override
    public Surroundings get() {
        ParetoConfig now = config.get();
        return new Surroundings(now.prices(), model -> sku(now, model),
                now.catalogue().models().stream().map(KnownModels::served).toList(),
                now.catalogue().vendors().stream().filter(KnownModels::own).map(KnownModels::machine).toList(),
                now.catalogue()
                        .models()
                        .stream()
                        .map(Model::id)
                        .map(this::engine)
                        .flatMap(Optional::stream)
                        .toList(),
                lint());
    }

    /** A name of the books that is no longer a model's is sold as itself. */
    private static String sku(ParetoConfig config, String model) {
        try {
            return config.priceSku(ModelId.parse(model));
        } catch (IllegalArgumentException nameless) {
            return model;
        }
    }

    private static Surroundings.Served served(Model model) {
        return new Surroundings.Served(model.id().toString(), model.id().vendor(), model.open());
    }

    private static boolean own(Vendor vendor) {
        return vendor.kind() == VendorKind.EMBEDDED || vendor.hourlyCost() != null;
    }

    private static Surroundings.Machine machine(Vendor vendor) {
        return new Surroundings.Machine(vendor.name(), vendor.kind() == VendorKind.EMBEDDED, vendor.hourlyCost());
    }

    private Optional<Surroundings.Engine> engine(ModelId model) {
        LocalModels.Status status = local.status(model);
        if (status == null) {
            return Optional.empty();
        }
        EngineLoad load = status.load();
        return Optional
                .of(new Surroundings.Engine(model.toString(), status.residence().word(), load == null
                        ? null
                        : load(load)));
    }

    private static Surroundings.Load load(EngineLoad it) {
        Duration first = it.firstTokenMedian();
        return new Surroundings.Load(it.running(), it.waiting(), it.free(), it.refused(), it.promptTokens(),
                it.cachedTokens(), it.completionTokens(), it.queueWait().toMillis(), it.tokensPerSecond(),
                it.batchMean(), first == null ? null : (Long) first.toMillis());
    }

    private synchronized List<Finding> lint() {
        Instant now = clock.instant();
        if (linted == null || linted.plus(LINTED).isBefore(now)) {
            linted = now;
            Path file = config.file();
            try {
                findings = PriceLint.check(
                        ConfigReader.priceSheets(file == null ? Path.of("pareto.yaml") : file, System.getenv()),
                        LocalDate.ofInstant(now, ZoneOffset.UTC));
            } catch (ConfigException unreadable) {
                LOG.warn("the price files cannot be read, so that nothing looks over them: {}",
                        unreadable.getMessage());
            }
        }
        return findings;
    }
}
