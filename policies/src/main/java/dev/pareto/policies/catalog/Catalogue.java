package dev.pareto.policies.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every vendor and model the gateway knows. Immutable and safe to share. */
public final class Catalogue {

    private final Map<String, Vendor> vendors;
    private final Map<ModelId, Model> models;
    private final Map<String, List<Model>> byBareName;
    private final @Nullable String defaultVendor;

    /**
     * @param defaultVendor the vendor that a bare model name means when several serve it; null for none
     * @throws IllegalArgumentException when a model's vendor is unknown or something is given twice
     */
    public Catalogue(Collection<Vendor> vendors, Collection<Model> models, @Nullable String defaultVendor) {
        SortedMap<String, Vendor> vendorsByName = new TreeMap<>();
        for (Vendor vendor : vendors) {
            if (vendorsByName.put(vendor.name(), vendor) != null) {
                throw new IllegalArgumentException("vendor " + vendor.name() + " is given twice");
            }
        }
        SortedMap<ModelId, Model> modelsById = new TreeMap<>();
        Map<String, List<Model>> bare = new TreeMap<>();
        for (Model model : models) {
            if (!vendorsByName.containsKey(model.id().vendor())) {
                throw new IllegalArgumentException("model " + model.id() + " belongs to no known vendor");
            }
            if (modelsById.put(model.id(), model) != null) {
                throw new IllegalArgumentException("model " + model.id() + " is given twice");
            }
            bare.computeIfAbsent(model.id().name(), name -> new ArrayList<>()).add(model);
        }
        if (defaultVendor != null && !vendorsByName.containsKey(defaultVendor)) {
            throw new IllegalArgumentException("default vendor " + defaultVendor + " is not known");
        }
        this.vendors = Collections.unmodifiableSortedMap(vendorsByName);
        this.models = Collections.unmodifiableSortedMap(modelsById);
        this.byBareName = bare;
        this.defaultVendor = defaultVendor;
    }

    public Collection<Vendor> vendors() {
        return vendors.values();
    }

    public Collection<Model> models() {
        return models.values();
    }

    public Optional<Vendor> vendor(String name) {
        return Optional.ofNullable(vendors.get(name));
    }

    public Optional<Model> find(ModelId id) {
        return Optional.ofNullable(models.get(id));
    }

    public @Nullable String defaultVendor() {
        return defaultVendor;
    }

    /** Whether answers of this model are made up. */
    public boolean simulated(ModelId id) {
        Vendor vendor = vendors.get(id.vendor());
        return vendor != null && vendor.simulated();
    }

    /** The model that a caller means by {@code vendor/name}, or by a bare name that one vendor or the default one serves. */
    public Optional<Model> resolve(String requested) {
        int slash = requested.indexOf('/');
        if (slash > 0 && slash < requested.length() - 1 && requested.length() <= 200) {
            Model exact = models.get(ModelId.parse(requested));
            if (exact != null) {
                return Optional.of(exact);
            }
        }
        List<Model> named = byBareName.getOrDefault(requested, List.of());
        if (named.size() == 1) {
            return Optional.of(named.getFirst());
        }
        return named.stream().filter(model -> model.id().vendor().equals(defaultVendor)).findFirst();
    }

    /** A catalogue with more models, e.g. those found in a folder of GGUF files; a model already known is replaced. */
    public Catalogue with(Collection<Model> more) {
        Map<ModelId, Model> all = new TreeMap<>(models);
        more.forEach(model -> all.put(model.id(), model));
        return new Catalogue(vendors.values(), all.values(), defaultVendor);
    }
}
