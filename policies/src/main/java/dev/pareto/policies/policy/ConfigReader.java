package dev.pareto.policies.policy;

import dev.pareto.policies.catalog.Catalogue;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.catalog.Vendor;
import dev.pareto.policies.catalog.VendorKind;
import dev.pareto.policies.price.ExchangeRates;
import dev.pareto.policies.price.PriceBook;
import dev.pareto.policies.sheet.ExchangeRatesReader;
import dev.pareto.policies.sheet.PriceSheet;
import dev.pareto.policies.sheet.PriceSheetReader;
import dev.pareto.policies.sheet.market.AcceptanceRule;
import dev.pareto.policies.yaml.Fields;
import dev.pareto.policies.yaml.Nearest;
import dev.pareto.policies.yaml.Place;
import dev.pareto.policies.yaml.Tree;
import dev.pareto.policies.yaml.Units;
import dev.pareto.policies.yaml.YamlException;
import dev.pareto.policies.yaml.YamlParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code pareto.yaml} and the files of the {@code policies} and {@code prices} folders beside it into one checked configuration. Unknown keys,
 * bare numbers where a unit matters and secrets in plain sight are refused, with file, line, column, reason and remedy.
 */
public final class ConfigReader {

    private static final long MAX_BYTES = 1_000_000;
    private static final int MAX_FILES = 1_000;
    private static final String BOOK_CURRENCY = "USD";

    /**
     * @param env the environment from which {@code ${NAME}} is taken
     * @throws ConfigException when any part is refused; nothing is taken from a refused configuration
     */
    public ParetoConfig read(Path paretoYaml, Map<String, String> env) throws ConfigException {
        try {
            return config(paretoYaml.toAbsolutePath().normalize(), env, null);
        } catch (YamlException e) {
            throw new ConfigException(e);
        }
    }

    /**
     * What would be in force with a changed file: a whole configuration by itself, or one of policies, routes and the like, each in place
     * of the one of its name.
     */
    public ParetoConfig readChanged(Path paretoYaml, Path changed, Map<String, String> env) throws ConfigException {
        Path file = changed.toAbsolutePath().normalize();
        try {
            Tree tree = parse(file, file, env);
            return isWhole(tree)
                    ? config(file, env, null)
                    : config(paretoYaml.toAbsolutePath().normalize(), env, Fields.of(tree, Shapes.POLICY_FILE));
        } catch (YamlException e) {
            throw new ConfigException(e);
        }
    }

    /** Whether a file is a whole configuration, not one of the {@code policies} folder. */
    public static boolean isWhole(Path changed, Map<String, String> env) throws ConfigException {
        Path file = changed.toAbsolutePath().normalize();
        try {
            return isWhole(parse(file, file, env));
        } catch (YamlException e) {
            throw new ConfigException(e);
        }
    }

    private static boolean isWhole(Tree tree) {
        return Fields.of(tree, Shapes.ROOT).has("vendors");
    }

    /** The files that {@link #read} would look at, for whoever watches them: the file itself, the policies and the prices. */
    public static List<Path> files(Path paretoYaml) {
        Path file = paretoYaml.toAbsolutePath().normalize();
        List<Path> files = new ArrayList<>(List.of(file));
        files.addAll(folder(file, "policies"));
        files.addAll(folder(file, "prices"));
        return files;
    }

    private static List<Path> folder(Path file, String name) {
        Path folder = file.resolveSibling(name);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .limit(MAX_FILES + 1L)
                    .toList();
            if (files.size() > MAX_FILES) {
                throw new YamlException(new Place(name, 1, 1), "more than " + MAX_FILES + " files", "");
            }
            return files;
        } catch (IOException e) {
            throw new YamlException(new Place(name, 1, 1), "the folder cannot be read: " + e.getMessage(), "");
        }
    }

    /**
     * The price files in force for a configuration: those of the jar, those of the {@code prices} folder, and those that it names.
     *
     * @throws ConfigException when one is refused
     */
    public static List<PriceSheet> priceSheets(Path paretoYaml, Map<String, String> env) throws ConfigException {
        Path file = paretoYaml.toAbsolutePath().normalize();
        try {
            if (Files.exists(file)) {
                return sheets(Fields.of(parse(file, file, env), Shapes.ROOT), file, env);
            }
            return shipped(file, env);
        } catch (YamlException e) {
            throw new ConfigException(e);
        }
    }

    /**
     * Which proposed prices a configuration accepts without a person; null for none, or where there is no such file.
     *
     * @throws ConfigException when it cannot be read
     */
    public static @Nullable AcceptanceRule acceptance(Path paretoYaml, Map<String, String> env)
            throws ConfigException {
        Path file = paretoYaml.toAbsolutePath().normalize();
        try {
            return Files.exists(file)
                    ? BookkeepingReader.accepts(Fields.of(parse(file, file, env), Shapes.ROOT))
                    : null;
        } catch (YamlException e) {
            throw new ConfigException(e);
        }
    }

    /** One price file. */
    public static PriceSheet priceSheet(Path sheet) throws ConfigException {
        Path file = sheet.toAbsolutePath().normalize();
        try {
            return new PriceSheetReader().read(parse(file, file, Map.of()));
        } catch (YamlException e) {
            throw new ConfigException(e);
        }
    }

    /** One file of exchange rates. */
    public static ExchangeRates exchangeRates(Path rates) throws ConfigException {
        Path file = rates.toAbsolutePath().normalize();
        try {
            return new ExchangeRatesReader().read(parse(file, file, Map.of()));
        } catch (YamlException e) {
            throw new ConfigException(e);
        }
    }

    /** @param over in whose favour others of the same name are left out; null for none */
    private static ParetoConfig config(Path file, Map<String, String> env, @Nullable Fields over) {
        Tree root = parse(file, file, env);
        Fields fields = Fields.of(root, Shapes.ROOT);
        SecretReader secrets = new SecretReader(file.resolveSibling("."));
        List<PriceSheet> sheets = sheets(fields, file, env);
        VendorReader vendors = new VendorReader(secrets, sheets);
        named(fields.tree("vendors"), "vendors")
                .forEach((name, entry) -> vendors.read(checked(name, entry), entry.value()));
        Parts parts = parts(fields, file, env, over);
        Map<String, Policy> policies = new LinkedHashMap<>();
        Map<String, Place> places = new HashMap<>();
        ConditionReader conditions = new ConditionReader();
        PolicyReader reader = new PolicyReader(conditions);
        each(parts, "policies", (name, entry) -> {
            if (policies.putIfAbsent(name, reader.read(name, entry.value())) != null) {
                throw new YamlException(entry.keyPlace(), "policy '" + name + "' is given twice",
                        "it is first given at " + places.get(name));
            }
            places.put(name, entry.keyPlace());
        });
        RouteReader routes = new RouteReader(vendors, policies, conditions);
        each(parts, "routes", routes::route);
        each(parts, "swaps", routes::swap);
        ExperimentReader experiments = new ExperimentReader(routes.routes(), policies);
        each(parts, "experiments", experiments::read);
        routes.checkReferences(places);
        FloorReader floors = new FloorReader(reader, routes);
        each(parts, "floors", floors::read);
        BudgetReader budgets = new BudgetReader(routes.routes(), secrets);
        each(parts, "budgets", budgets::read);
        CommitmentReader commitments = new CommitmentReader(vendors.vendors().keySet());
        each(parts, "commitments", commitments::read);
        String defaultVendor = fields.text("default-vendor");
        if (defaultVendor != null && !vendors.vendors().containsKey(defaultVendor)) {
            throw new YamlException(fields.place("default-vendor"), "unknown vendor '" + defaultVendor + "'",
                    Nearest.remedy(defaultVendor, vendors.vendors().keySet()));
        }
        GatewaySettings gateway = gateway(fields.tree("gateway"), secrets)
                .with(ledger(fields.tree("ledger"), secrets), new BookkeepingReader(secrets).read(fields));
        requireSamplesKey(gateway, routes.routes().values(), fields.place("routes"));
        requirePinnable(gateway.engine(), vendors.vendors(), fields.place("gateway"));
        return Fields.at(fields.place(), "configuration",
                () -> new ParetoConfig(gateway,
                        new Catalogue(vendors.vendors().values(), vendors.models().values(), defaultVendor),
                        book(fields, file, vendors, sheets), routes.routes(), policies, routes.swaps(),
                        experiments.plans(), floors.floors(), budgets.budgets(), commitments.commitments(),
                        Stream.concat(vendors.warnings().stream(), routes.warnings().stream()).toList()));
    }

    private static List<PriceSheet> sheets(Fields fields, Path file, Map<String, String> env) {
        List<PriceSheet> sheets = shipped(file, env);
        PriceSheetReader reader = new PriceSheetReader();
        for (String name : fields.list("price-files", text -> text)) {
            Path sheet = Fields.at(fields.place("price-files"), "'price-files'", () -> resolve(file, name));
            sheets.add(reader.read(parse(sheet, file, env)));
        }
        return sheets;
    }

    /** The jar's and those of the folder beside the configuration. */
    private static List<PriceSheet> shipped(Path file, Map<String, String> env) {
        PriceSheetReader reader = new PriceSheetReader();
        List<PriceSheet> sheets = new ArrayList<>(reader.shipped());
        for (Path sheet : folder(file, "prices")) {
            sheets.add(reader.read(parse(sheet, file, env)));
        }
        return sheets;
    }

    /** Everything in one currency: decisions compare and the ledger adds. */
    private static PriceBook book(Fields fields, Path file, VendorReader vendors, List<PriceSheet> sheets) {
        String named = fields.text("exchange-rates");
        ExchangeRates rates = named == null
                ? ExchangeRates.none()
                : new ExchangeRatesReader().read(parse(
                        Fields.at(fields.place("exchange-rates"), "'exchange-rates'", () -> resolve(file, named)), file,
                        Map.of()));
        return new PriceBook(vendors.prices()).in(BOOK_CURRENCY, rates)
                .withDiscounts(sheets.stream().flatMap(sheet -> sheet.discounts().stream()).toList());
    }

    private static Path resolve(Path file, String name) {
        try {
            return file.resolveSibling(name).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + name + "' is no path", e);
        }
    }

    private record Parts(List<Fields> all, @Nullable Fields over) {}

    private static Parts parts(Fields root, Path file, Map<String, String> env, @Nullable Fields over) {
        List<Fields> parts = new ArrayList<>(List.of(root));
        for (Path path : folder(file, "policies")) {
            parts.add(Fields.of(parse(path, file, env), Shapes.POLICY_FILE));
        }
        return new Parts(parts, over);
    }

    private interface Named {
        void read(String name, Tree.Entry entry);
    }

    private static void each(Parts parts, String key, Named named) {
        Map<String, Tree.Entry> over = parts.over() == null ? Map.of() : named(parts.over().tree(key), key);
        over.forEach((name, entry) -> named.read(checked(name, entry), entry));
        for (Fields part : parts.all()) {
            named(part.tree(key), key).forEach((name, entry) -> {
                if (!over.containsKey(name)) {
                    named.read(checked(name, entry), entry);
                }
            });
        }
    }

    private static Map<String, Tree.Entry> named(@Nullable Tree tree, String noun) {
        return tree == null ? Map.of() : Fields.named(tree, noun);
    }

    /** A name is printed in headers and file names: printable ASCII, no spaces, at most 128. */
    private static String checked(String name, Tree.Entry entry) {
        if (!name.matches("[!-~]{1,128}")) {
            throw new YamlException(entry.keyPlace(), "'" + name + "' is no name",
                    "use letters, digits and signs without spaces, at most 128");
        }
        return name;
    }

    private static GatewaySettings gateway(@Nullable Tree tree, SecretReader secrets) {
        if (tree == null) {
            return GatewaySettings.DEFAULT;
        }
        Fields fields = Fields.of(tree, Shapes.GATEWAY);
        List<GatewaySettings.CallerKey> keys = new ArrayList<>();
        named(fields.tree("keys"), "keys").forEach((name, entry) -> keys.add(callerKey(name, entry, secrets)));
        Long maxBody = fields.read("max-body", Units::bytes);
        GatewaySettings otherwise = GatewaySettings.DEFAULT;
        GatewaySettings.Speculation speculation = speculation(fields.tree("speculation"));
        return Fields.at(tree.place(), "gateway",
                () -> new GatewaySettings(fields.text("host", otherwise.host()),
                        fields.count("port", otherwise.port()), fields.text("admin-host", otherwise.adminHost()),
                        fields.count("admin-port", otherwise.adminPort()),
                        fields.list("admin-names", text -> text),
                        maxBody == null ? otherwise.maxBodyBytes() : maxBody,
                        fields.text("data-dir", otherwise.dataDir()), fields.read("require-keys", Units::flag), keys,
                        engine(fields.tree("engine")), speculation, samples(fields.tree("samples"), secrets),
                        feedback(fields.tree("feedback"))));
    }

    private static @Nullable LedgerAddress ledger(@Nullable Tree tree, SecretReader secrets) {
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.LEDGER);
        if (!fields.has("url") && !fields.has("user") && !fields.has("password") && !fields.has("replica")) {
            return null;
        }
        Secret password = secrets.read(fields.tree("password"), "password");
        return Fields.at(tree.place(), "ledger", () -> new LedgerAddress(fields.text("url", ""),
                fields.read("user", text -> text), password, fields.read("replica", text -> text)));
    }

    private static GatewaySettings.Feedback feedback(@Nullable Tree tree) {
        GatewaySettings.Feedback usual = GatewaySettings.Feedback.DEFAULT;
        if (tree == null) {
            return usual;
        }
        Fields fields = Fields.of(tree, Shapes.FEEDBACK);
        return Fields.at(tree.place(), "feedback", () -> new GatewaySettings.Feedback(
                fields.duration("max-age", usual.maxAge()), fields.flag("comments", usual.comments()),
                fields.duration("keep-labels", usual.keepLabels())));
    }

    private static GatewaySettings.@Nullable Samples samples(@Nullable Tree tree, SecretReader secrets) {
        if (tree == null) {
            return null;
        }
        Fields fields = Fields.of(tree, Shapes.SAMPLES);
        Secret key = secrets.read(fields.tree("key"), "key");
        return key == null
                ? null
                : Fields.at(tree.place(), "samples", () -> new GatewaySettings.Samples(key,
                        fields.duration("keep", GatewaySettings.Samples.DEFAULT_KEEP)));
    }

    /** Prompts rest encrypted or not at all. */
    private static void requireSamplesKey(GatewaySettings gateway, Collection<Route> routes, Place place) {
        for (Route route : routes) {
            if (route.sample() > 0 && gateway.samples() == null) {
                throw new YamlException(place,
                        "route " + route.name() + " samples prompts, and there is no key for them",
                        "write gateway.samples.key: ${NAME_OF_A_VARIABLE} and set it, e.g. by openssl rand -base64 32");
            }
        }
    }

    /** Files come and go, so only the vendor can be checked. */
    private static void requirePinnable(EngineLimits engine, Map<String, Vendor> vendors, Place place) {
        Set<ModelId> pinned = engine.pinned();
        for (ModelId id : pinned == null ? Set.<ModelId>of() : pinned) {
            Vendor vendor = vendors.get(id.vendor());
            if (vendor == null || vendor.kind() != VendorKind.EMBEDDED) {
                throw new YamlException(place, "pinned model " + id + " is not of a vendor with engine: embedded",
                        "name it vendor/name, as GET /v1/models lists it");
            }
        }
    }

    private static EngineLimits engine(@Nullable Tree tree) {
        EngineLimits otherwise = EngineLimits.DEFAULT;
        if (tree == null) {
            return otherwise;
        }
        Fields fields = Fields.of(tree, Shapes.ENGINE);
        MemoryCap memory = fields.read("memory", MemoryCap::parse);
        return Fields.at(tree.place(), "engine",
                () -> new EngineLimits(memory == null ? otherwise.memory() : memory,
                        fields.duration("unload-after", otherwise.unloadAfter()),
                        fields.has("pinned") ? Set.copyOf(fields.list("pinned", ModelId::parse)) : null));
    }

    private static GatewaySettings.Speculation speculation(@Nullable Tree tree) {
        GatewaySettings.Speculation otherwise = GatewaySettings.Speculation.OFF;
        if (tree == null) {
            return otherwise;
        }
        Fields fields = Fields.of(tree, Shapes.SPECULATION);
        Map<String, String> drafts = new LinkedHashMap<>();
        named(fields.tree("drafts"), "drafts")
                .forEach((model, draft) -> drafts.put(model, Fields.scalar(draft.value(), model, text -> text)));
        return Fields.at(tree.place(), "speculation",
                () -> new GatewaySettings.Speculation(fields.flag("n-gram", otherwise.nGram()),
                        fields.count("most-tokens", otherwise.mostTokens()),
                        fields.count("most-running", otherwise.mostRunning()), drafts));
    }

    private static GatewaySettings.CallerKey callerKey(String name, Tree.Entry entry, SecretReader secrets) {
        Fields fields = Fields.of(entry.value(), Shapes.CALLER_KEY);
        Secret secret = secrets.read(fields.tree("secret"), "secret");
        if (secret == null) {
            throw new YamlException(entry.keyPlace(), "caller key " + name + " has no secret",
                    "write secret: ${NAME_OF_A_VARIABLE} or secret: file:path, and set it");
        }
        Map<String, String> tags = new LinkedHashMap<>();
        named(fields.tree("tags"), "tags")
                .forEach((tag, value) -> tags.put(tag, Fields.scalar(value.value(), tag, text -> text)));
        return new GatewaySettings.CallerKey(name, secret, fields.text("tenant", name), tags,
                Set.copyOf(fields.list("may", Permission::parse)));
    }

    private static Tree parse(Path path, Path main, Map<String, String> env) {
        String name = path.equals(main)
                ? fileName(path)
                : main.resolveSibling(".").normalize().relativize(path).toString();
        Place start = new Place(name, 1, 1);
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new YamlException(start, "the file is larger than 1 MB", "");
            }
            return YamlParser.parse(name, Files.readString(path), env::get);
        } catch (CharacterCodingException e) {
            throw new YamlException(start, "the file is not UTF-8", "save it as UTF-8");
        } catch (NoSuchFileException e) {
            throw new YamlException(start, "there is no such file: " + path, "");
        } catch (IOException e) {
            throw new YamlException(start, "the file cannot be read: " + e.getMessage(), "");
        }
    }

    private static String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? path.toString() : name.toString();
    }
}
