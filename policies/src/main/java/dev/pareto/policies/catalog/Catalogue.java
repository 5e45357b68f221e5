package dev.pareto.policies.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Every vendor and model the gateway knows. Immutable and safe to share. */
public final class Catalogue {

    /** What callers of the data port speak; a name that is not listed can only go to a vendor who speaks it too. */
    private static final String CALLERS_DIALECT = "openai";

    /** By this prefix callers mean this house, also where no vendor of the name is configured: it never leaves. */
    private static final String HERE = "local";

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
        // in order, but found by hash: every decision looks up every candidate
        this.vendors = Collections.unmodifiableMap(new LinkedHashMap<>(vendorsByName));
        this.models = Collections.unmodifiableMap(new LinkedHashMap<>(modelsById));
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
        if (slash > 0) {
            Optional<Model> exact = id(requested.substring(0, slash), requested.substring(slash + 1))
                    .flatMap(this::find);
            if (exact.isPresent()) {
                return exact;
            }
        }
        List<Model> named = byBareName.getOrDefault(requested, List.of());
        if (named.size() == 1) {
            return Optional.of(named.getFirst());
        }
        return named.stream().filter(model -> model.id().vendor().equals(defaultVendor)).findFirst();
    }

    /**
     * The vendor whom this gateway stands in front of, who gets what is not listed: the default vendor, else the one named
     * like the callers' dialect, else the only one who speaks it. Empty when there is none, or no telling which.
     */
    public Optional<Vendor> front() {
        List<Vendor> able = vendors.values().stream().filter(Catalogue::takesAnyName).toList();
        if (defaultVendor != null || able.size() > 1) {
            String name = defaultVendor == null ? CALLERS_DIALECT : defaultVendor;
            return able.stream().filter(vendor -> vendor.name().equals(name)).findFirst();
        }
        return able.stream().findFirst();
    }

    /**
     * What a caller means by a name that {@link #resolve} does not know: a model that a vendor may know, e.g. a fine-tuned or a
     * brand-new one; with {@code vendor/} before it that vendor's, else the {@link #front} vendor's, under the name as it is.
     * Empty for names of models that would have to be listed to exist.
     */
    public Optional<Model> unlisted(String requested) {
        if (byBareName.containsKey(requested)) {
            return Optional.empty();
        }
        int slash = requested.indexOf('/');
        String prefix = slash < 1 ? "" : requested.substring(0, slash);
        return vendors.containsKey(prefix) || prefix.equals(HERE)
                ? id(prefix, requested.substring(slash + 1)).flatMap(this::served)
                : front().flatMap(vendor -> id(vendor.name(), requested)).flatMap(this::served);
    }

    /** The model of an id, listed or not; empty when its vendor serves listed models only. */
    public Optional<Model> served(ModelId id) {
        return Optional.ofNullable(lookUp(id));
    }

    /** The same for every candidate of every decision; null when its vendor serves listed models only. */
    public @Nullable Model lookUp(ModelId id) {
        Model listed = models.get(id);
        if (listed != null) {
            return listed;
        }
        Vendor vendor = vendors.get(id.vendor());
        return vendor != null && takesAnyName(vendor) ? Model.unlisted(id, vendor.open()) : null;
    }

    /** The vendor for whom a caller's own key is meant: that of the model named, else the {@link #front} vendor. */
    public Optional<Vendor> addressed(String requested) {
        return resolve(requested).or(() -> unlisted(requested))
                .flatMap(model -> vendor(model.id().vendor()))
                .filter(vendor -> vendor.kind() == VendorKind.HTTP)
                .or(this::front);
    }

    private static boolean takesAnyName(Vendor vendor) {
        return vendor.kind() == VendorKind.HTTP && vendor.dialect().equals(CALLERS_DIALECT);
    }

    private static Optional<ModelId> id(String vendor, String name) {
        return ModelId.valid(vendor, name) ? Optional.of(new ModelId(vendor, name)) : Optional.empty();
    }

    /** A catalogue with more models, e.g. those found in a folder of GGUF files; a model already known is replaced. */
    public Catalogue with(Collection<Model> more) {
        Map<ModelId, Model> all = new TreeMap<>(models);
        more.forEach(model -> all.put(model.id(), model));
        return new Catalogue(vendors.values(), all.values(), defaultVendor);
    }
}
