package dev.pareto.policies.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.pareto.policies.yaml.Nearest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compiles conditions. Making one takes milliseconds; it is then used for a whole configuration. */
public final class Conditions {

    static final String ROUTE = "route";
    static final String TENANT = "tenant";
    static final String TAGS = "tags";
    static final String HEADERS = "headers";
    static final String TOKENS = "tokens";
    static final String MAX_OUTPUT_TOKENS = "max_output_tokens";
    static final String TOOLS = "tools";
    static final String STREAM = "stream";
    static final String DATA_CLASS = "data_class";
    static final String LANGUAGE = "language";
    static final String NOW = "now";

    private static final int MOST_CHARACTERS = 2_000;
    private static final int MOST_NODES = 500;
    private static final int MOST_DEPTH = 32;
    private static final int MOST_REGEX_STATES = 1_000;
    /** Headers that carry secrets: a rule must not depend on them, nor anything repeat them. */
    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie", "x-api-key",
            "api-key", "x-goog-api-key");
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");

    private static final Map<String, CelType> VARIABLES = new TreeMap<>(Map.ofEntries(
            Map.entry(ROUTE, SimpleType.STRING), Map.entry(TENANT, SimpleType.STRING),
            Map.entry(TAGS, MapType.create(SimpleType.STRING, SimpleType.STRING)),
            Map.entry(HEADERS, MapType.create(SimpleType.STRING, SimpleType.STRING)),
            Map.entry(TOKENS, SimpleType.INT), Map.entry(MAX_OUTPUT_TOKENS, SimpleType.INT),
            Map.entry(TOOLS, SimpleType.BOOL), Map.entry(STREAM, SimpleType.BOOL),
            Map.entry(DATA_CLASS, SimpleType.STRING), Map.entry(LANGUAGE, SimpleType.STRING),
            Map.entry(NOW, SimpleType.TIMESTAMP)));

    private final CelCompiler compiler;
    private final CelRuntime runtime;

    public Conditions() {
        CelOptions options = CelOptions.current()
                .enableHeterogeneousNumericComparisons(true)
                .maxExpressionCodePointSize(MOST_CHARACTERS)
                .maxParseRecursionDepth(MOST_DEPTH)
                .maxParseExpressionNodeCount(MOST_NODES)
                .comprehensionMaxIterations(Condition.MOST_STEPS)
                .maxRegexProgramSize(MOST_REGEX_STATES)
                .build();
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(options)
                .setStandardMacros(CelStandardMacro.HAS, CelStandardMacro.ALL, CelStandardMacro.EXISTS)
                .setResultType(SimpleType.BOOL);
        VARIABLES.forEach(builder::addVar);
        this.compiler = builder.build();
        this.runtime = CelRuntimeFactory.plannerRuntimeBuilder().setOptions(options).build();
    }

    /** What conditions may speak of. */
    public static Set<String> variables() {
        return VARIABLES.keySet();
    }

    /**
     * @throws IllegalArgumentException saying where in the text, what and how to mend it
     */
    public Condition compile(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("write a condition, e.g. tokens > 8000 && tags.tier == \"gold\"");
        }
        CelValidationResult result = compiler.compile(text);
        if (result.hasError()) {
            throw new IllegalArgumentException(explain(result.getErrors().getFirst()));
        }
        try {
            CelAbstractSyntaxTree tree = result.getAst();
            return new Condition(text, runtime.createProgram(tree), headers(tree), asksFor(tree, LANGUAGE));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(first(e.getMessage()), e);
        }
    }

    private static String explain(CelIssue issue) {
        String where = issue.getSourceLocation().getLine() < 1
                ? ""
                : (issue.getSourceLocation().getLine() > 1 ? "line " + issue.getSourceLocation().getLine() + ", " : "")
                        + "column " + (issue.getSourceLocation().getColumn() + 1) + ": ";
        String message = first(issue.getMessage());
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            String name = undeclared.group(1);
            return where + "'" + name + "' is not known; " + Nearest.remedy(name, VARIABLES.keySet());
        }
        return where + message;
    }

    private static String first(@Nullable String message) {
        return message == null ? "it cannot be compiled" : message.lines().findFirst().orElse("");
    }

    private static boolean asksFor(CelAbstractSyntaxTree tree, String variable) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .anyMatch(node -> node.getKind() == Kind.IDENT && node.expr().ident().name().equals(variable));
    }

    /** Only headers that are named can be looked up, so that nobody has to hand over all of them. */
    private static Set<String> headers(CelAbstractSyntaxTree tree) {
        Set<String> names = new TreeSet<>();
        List<CelNavigableExpr> mentions = CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.IDENT && node.expr().ident().name().equals(HEADERS))
                .toList();
        for (CelNavigableExpr mention : mentions) {
            String name = mention.parent().map(parent -> named(parent.expr(), mention.expr())).orElse(null);
            if (name == null) {
                throw new IllegalArgumentException(
                        "headers are asked for by name, e.g. headers[\"x-team\"] or \"x-team\" in headers");
            }
            if (!name.equals(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("write the header in lower case: \"" + name.toLowerCase(Locale.ROOT)
                        + "\"");
            }
            if (SECRET.contains(name)) {
                throw new IllegalArgumentException("header " + name + " carries a secret; conditions never see it");
            }
            names.add(name);
        }
        return names;
    }

    private static @Nullable String named(CelExpr parent, CelExpr mention) {
        return switch (parent.getKind()) {
            case SELECT -> parent.select().field();
            case CALL -> parent.call()
                    .args()
                    .stream()
                    .filter(argument -> argument.id() != mention.id() && argument.getKind() == Kind.CONSTANT
                            && argument.constant().getKind() == CelConstant.Kind.STRING_VALUE)
                    .map(argument -> argument.constant().stringValue())
                    .findFirst()
                    .orElse(null);
            case NOT_SET, CONSTANT, IDENT, LIST, STRUCT, MAP, COMPREHENSION -> null;
        };
    }
}
