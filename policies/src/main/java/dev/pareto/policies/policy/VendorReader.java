package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.Capability;
import dev.pareto.policies.catalog.CircuitBreaker;
import dev.pareto.policies.catalog.Model;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Resilience;
import dev.pareto.policies.catalog.TimeLimits;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.price.EmbeddedPrices;
import dev.pareto.policies.price.Money;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.price.PriceVersion;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.YamlException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads vendors and the models they serve; collects them and their prices as it goes. */
final class VendorReader {

    private static final List<String> DIALECTS = List.of("openai", "anthropic", "gemini");

    private final SecretReader secrets;
    private final List<PriceSheet> sheets;
    private final Map<String, Vendor> vendors = new LinkedHashMap<>();
    private final Map<ModelId, Model> models = new LinkedHashMap<>();
    private final List<PriceVersion> prices = new ArrayList<>();
    private final Map<String, String> priceVendors = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    VendorReader(SecretReader secrets, List<PriceSheet> sheets) {
        this.secrets = secrets;
        this.sheets = sheets;
        sheets.forEach(sheet -> prices.addAll(sheet.versions()));
    }

    Map<String, Vendor> vendors() {
        return vendors;
    }

    Map<ModelId, Model> models() {
        return models;
    }

    List<PriceVersion> prices() {
        return prices;
    }

    List<String> warnings() {
        return warnings;
    }

    void read(String name, Tree tree) {
        Fields fields = Fields.of(tree, Shapes.VENDOR);
        VendorKind kind = kind(name, fields);
        boolean open = fields.flag("open", kind == VendorKind.EMBEDDED);
        String dialect = dialect(fields, kind);
        Vendor.Simulation simulation = kind == VendorKind.SIMULATED
                ? new Vendor.Simulation(model(fields, "like"), fields.list("suites", text -> text))
                : null;
        Vendor.Recording recording = kind == VendorKind.RECORDED
                ? Fields.at(fields.place("recorded"), "recorded",
                        () -> new Vendor.Recording(fields.list("recorded", text -> text), fields.flag("paced", true)))
                : null;
        Vendor vendor = Fields.at(fields.place(), "vendor " + name,
                () -> new Vendor(name, kind, dialect, urls(fields), secrets.read(fields.tree("key"), "key"), open,
                        resilience(fields), MachineCostReader.read(fields.tree("hourly-cost")),
                        kind == VendorKind.EMBEDDED ? fields.text("models-dir", "models") : null, simulation,
                        recording));
        if (vendor.hourlyCost() != null && (vendor.simulated() || !vendor.open())) {
            throw new YamlException(fields.place("hourly-cost"), "'hourly-cost' belongs to machines of your own",
                    "add open: true when vendor " + name + " runs open models on them, or take it out");
        }
        vendors.put(name, vendor);
        warn(vendor);
        priceVendors.put(name, priceVendor(name, fields));
        listedModels(vendor, fields);
        soldModels(vendor);
        if (simulation != null) {
            require(new ModelId(name, simulation.like().name()));
        }
    }

    private void warn(Vendor vendor) {
        if (!vendor.dialect().equals(DIALECTS.getFirst())) {
            warnings.add("dialect " + vendor.dialect() + " of vendor " + vendor.name()
                    + " has no effect yet: calls reach it as they came, in OpenAI's dialect");
        }
    }

    /** Makes sure that a model named by a route is in the catalogue; false when nothing is known of it but its name. */
    boolean require(ModelId id) {
        if (models.containsKey(id)) {
            return true;
        }
        Vendor vendor = vendors.get(id.vendor());
        if (vendor == null) {
            throw new IllegalArgumentException("vendor '" + id.vendor() + "' of model " + id + " is not configured; "
                    + Nearest.remedy(id.vendor(), vendors.keySet()));
        }
        if (vendor.simulation() != null) {
            ModelId like = vendor.simulation().like();
            PriceSheet.Entry sold = sold(like.vendor(), like.name());
            add(new Model(id, vendor.open(), sold == null ? null : sold.contextLength(),
                    sold == null ? null : sold.maxOutputTokens(), Set.of(), id.name(),
                    sold == null ? like.toString() : like.vendor() + "/" + sold.name()));
            return true;
        }
        add(new Model(id, vendor.open(), null, Set.of()));
        return vendor.kind() == VendorKind.EMBEDDED;
    }

    private static VendorKind kind(String name, Fields fields) {
        boolean simulated = fields.flag("simulated", false);
        String engine = fields.text("engine");
        if (engine != null && !engine.equals("embedded")) {
            throw new YamlException(fields.place("engine"), "engine must be 'embedded', not '" + engine + "'", "");
        }
        if (simulated && engine != null) {
            throw new YamlException(fields.place("engine"), "vendor " + name + " is both simulated and embedded", "");
        }
        boolean recorded = fields.has("recorded");
        if (recorded && (simulated || engine != null)) {
            throw new YamlException(fields.place("recorded"), "vendor " + name + " is recorded and something else, too",
                    "leave either out");
        }
        if (fields.has("paced") && !recorded) {
            throw new YamlException(fields.place("paced"), "'paced' belongs to a recorded vendor",
                    "name its files with recorded:, or take it out");
        }
        if (simulated) {
            fields.required("like");
            return VendorKind.SIMULATED;
        }
        for (String key : List.of("like", "suites")) {
            if (fields.has(key)) {
                throw new YamlException(fields.place(key), "'" + key + "' belongs to a simulated vendor",
                        "add simulated: true, or take it out");
            }
        }
        if (recorded) {
            return VendorKind.RECORDED;
        }
        return engine != null ? VendorKind.EMBEDDED : VendorKind.HTTP;
    }

    private static String dialect(Fields fields, VendorKind kind) {
        String dialect = kind == VendorKind.HTTP ? fields.required("dialect") : fields.text("dialect", "openai");
        if (!DIALECTS.contains(dialect)) {
            throw new YamlException(fields.place("dialect"), "unknown dialect '" + dialect + "'",
                    Nearest.remedy(dialect, DIALECTS));
        }
        return dialect;
    }

    private static List<URI> urls(Fields fields) {
        List<URI> urls = new ArrayList<>(fields.list("url", VendorReader::url));
        urls.addAll(fields.list("urls", VendorReader::url));
        return urls;
    }

    private static URI url(String text) {
        try {
            URI uri = new URI(text);
            if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null
                    && uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is no URL: " + e.getReason(), e);
        }
        throw new IllegalArgumentException(
                "write an http or https URL with a host and without user, query or fragment, not '" + text + "'");
    }

    private static Resilience resilience(Fields fields) {
        TimeLimits limits = TimeLimits.DEFAULT;
        Tree time = fields.tree("time-limits");
        if (time != null) {
            Fields t = Fields.of(time, Shapes.TIME_LIMITS);
            limits = Fields.at(t.place(), "time-limits",
                    () -> new TimeLimits(t.duration("connect", TimeLimits.DEFAULT.connect()),
                            t.duration("first-token", TimeLimits.DEFAULT.firstToken()),
                            t.duration("idle", TimeLimits.DEFAULT.idle()),
                            t.duration("total", TimeLimits.DEFAULT.total())));
        }
        CircuitBreaker breaker = CircuitBreaker.DEFAULT;
        Tree circuit = fields.tree("circuit-breaker");
        if (circuit != null) {
            Fields c = Fields.of(circuit, Shapes.CIRCUIT_BREAKER);
            breaker = Fields.at(c.place(), "circuit-breaker",
                    () -> new CircuitBreaker(c.share("failure-rate", CircuitBreaker.DEFAULT.failureRate()),
                            c.count("window", CircuitBreaker.DEFAULT.window()),
                            c.duration("wait", CircuitBreaker.DEFAULT.openFor())));
        }
        TimeLimits timeLimits = limits;
        CircuitBreaker circuitBreaker = breaker;
        return Fields.at(fields.place("retries"), "retries", () -> new Resilience(timeLimits,
                fields.count("retries", Resilience.DEFAULT.retries()), circuitBreaker));
    }

    private String priceVendor(String name, Fields fields) {
        String priceVendor = fields.text("prices", name);
        if (fields.has("prices") && PriceSheetReader.find(sheets, priceVendor) == null) {
            throw new YamlException(fields.place("prices"), "no price file of a vendor '" + priceVendor + "'",
                    Nearest.remedy(priceVendor, sheets.stream().map(PriceSheet::vendor).distinct().toList()));
        }
        return priceVendor;
    }

    private void listedModels(Vendor vendor, Fields fields) {
        Tree tree = fields.tree("models");
        if (tree instanceof Tree.Sequence) {
            fields.list("models", text -> new ModelId(vendor.name(), text)).forEach(id -> add(named(vendor, id)));
        } else if (tree != null) {
            Fields.named(tree, "models").forEach((name, entry) -> listedModel(vendor, name, entry));
        }
    }

    /** A model of which the configuration says no more than its name; a recording costs what its model was sold for. */
    private Model named(Vendor vendor, ModelId id) {
        String priceVendor = priceVendors.getOrDefault(vendor.name(), vendor.name());
        PriceSheet.Entry sold = vendor.kind() == VendorKind.RECORDED ? sold(priceVendor, id.name()) : null;
        return sold == null
                ? new Model(id, vendor.open(), null, Set.of())
                : new Model(id, vendor.open(), sold.contextLength(), sold.maxOutputTokens(), Set.of(), id.name(),
                        priceVendor + "/" + sold.name());
    }

    private void listedModel(Vendor vendor, String name, Tree.Entry entry) {
        Fields model = Fields.of(entry.value(), Shapes.MODEL);
        ModelId id = Fields.at(entry.keyPlace(), "model", () -> new ModelId(vendor.name(), name));
        Set<Capability> can = Set.copyOf(model.list("can", VendorReader::capability));
        Tree rows = model.tree("prices");
        PriceSheet.Entry sold = sold(priceVendors.getOrDefault(vendor.name(), vendor.name()), name);
        if (rows != null) {
            prices.addAll(new PriceSheetReader().rows(rows, id.toString(), "USD", "configuration, " + rows.place()));
        }
        String sku = rows == null && sold != null
                ? priceVendors.getOrDefault(vendor.name(), vendor.name()) + "/" + sold.name()
                : id.toString();
        add(Fields.at(model.place(), "model " + id, () -> new Model(id, model.flag("open", vendor.open()),
                model.count("context"), model.count("max-output"), can, model.text("upstream", name), sku)));
    }

    /** What a price file says that this vendor sells; models that the vendor's own entry describes keep that. */
    private void soldModels(Vendor vendor) {
        if (vendor.kind() != VendorKind.HTTP) {
            return;
        }
        String priceVendor = priceVendors.getOrDefault(vendor.name(), vendor.name());
        sheets.stream()
                .filter(sheet -> sheet.vendor().equals(priceVendor))
                .flatMap(sheet -> sheet.models().stream())
                .forEach(sold -> Stream.concat(Stream.of(sold.name()), sold.aliases().stream())
                        .map(name -> model(vendor, priceVendor, sold, name))
                        .forEach(model -> models.putIfAbsent(model.id(), model)));
    }

    private static Model model(Vendor vendor, String priceVendor, PriceSheet.Entry sold, String name) {
        Set<Capability> can = sold.capabilities()
                .stream()
                .map(VendorReader::capability)
                .collect(Collectors.toUnmodifiableSet());
        return new Model(new ModelId(vendor.name(), name), vendor.open() || sold.open(), sold.contextLength(),
                sold.maxOutputTokens(), can, name, priceVendor + "/" + sold.name());
    }

    private PriceSheet.@Nullable Entry sold(String vendor, String name) {
        return PriceSheetReader.sold(sheets, vendor, name).findFirst().orElse(null);
    }

    private void add(Model model) {
        models.put(model.id(), model);
        Vendor vendor = vendors.get(model.id().vendor());
        boolean priced = prices.stream().anyMatch(version -> version.sku().equals(model.priceSku()));
        if (vendor != null && !priced) {
            ownMachines(vendor, model).ifPresent(prices::add);
        }
    }

    /** What a model costs that runs on machines of the house; empty for a vendor whose price only a list can tell. */
    static Optional<PriceVersion> ownMachines(Vendor vendor, Model model) {
        Money hourly = vendor.hourlyCost();
        return hourly != null
                ? Optional.of(EmbeddedPrices.byTheHour(model.priceSku(), hourly))
                : vendor.kind() == VendorKind.EMBEDDED
                        ? Optional.of(EmbeddedPrices.zeroRated(model.priceSku()))
                        : Optional.empty();
    }

    private static Capability capability(String text) {
        return Stream.of(Capability.values())
                .filter(capability -> capability.id().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown capability '" + text + "'; "
                        + Nearest.remedy(text, Stream.of(Capability.values()).map(Capability::id).toList())));
    }

    private static ModelId model(Fields fields, String key) {
        return Fields.at(fields.place(key), "'" + key + "'", () -> ModelId.parse(fields.required(key)));
    }
}
