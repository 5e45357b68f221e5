package dev.pareto.proxy.cli.eval;

import dev.pareto.evals.calibrate.JudgeTrial;
import dev.pareto.evals.calibrate.LabelledCase;
import dev.pareto.evals.calibrate.LabelledCases;
import dev.pareto.evals.calibrate.RecordedWords;
import dev.pareto.evals.calibrate.SpendLimit;
import dev.pareto.evals.grade.JudgeClient;
import dev.pareto.evals.grade.judge.Calibration;
import dev.pareto.evals.grade.judge.CalibrationFile;
import dev.pareto.evals.grade.judge.Judge;
import dev.pareto.evals.grade.judge.JudgeAlone;
import dev.pareto.evals.grade.judge.JudgePairwise;
import dev.pareto.evals.grade.judge.ModelGrader;
import dev.pareto.evals.run.JudgeCalls;
import dev.pareto.evals.suite.Suite;
import dev.pareto.evals.suite.SuiteException;
import dev.pareto.evals.suite.SuiteReader;
import dev.pareto.policies.catalog.ModelId;
import dev.pareto.policies.catalog.Secret;
import dev.pareto.policies.price.Money;
import dev.pareto.proxy.cli.remote.GatewayClient;
import dev.pareto.proxy.cli.remote.GatewayOptions;
import dev.pareto.proxy.cli.terminal.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "calibrate", mixinStandardHelpOptions = true, description = {
        "Tells how well a judge agrees with people, and writes the file without which it opens no gate.",
        "With --labels the judge is asked through the gateway about what people labelled: JSONL of",
        "{\"id\", \"prompt\", \"answer\", \"human\": true}, of pairs {\"id\", \"prompt\", \"a\", \"b\", \"human\": \"a\"},",
        "a filled file of eval label, or LLMBar's items. With --recorded its words are read from a CSV.",
        "Ends with 1 when the judge is not over the bar."})
final class EvalCalibrateCommand implements Callable<Integer> {

    private static final int ATTEMPTS = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions where;

    @Option(names = "--labels", paramLabel = "FILE", description = "what people say")
    private @Nullable Path labels;

    @Option(names = "--recorded", paramLabel = "FILE",
            description = "what a judge once said of labelled pairs: LLMBar's CSV, plain or .gz")
    private @Nullable Path recorded;

    @Option(names = "--judge", description = "a model of the catalogue; with --recorded, as the file names it")
    private @Nullable String judge;

    @Option(names = "--strategy", defaultValue = "Vanilla_NoRules",
            description = "with --recorded: how it was asked (default: ${DEFAULT-VALUE})")
    private String strategy;

    @Option(names = "--kind", defaultValue = "judge_pairwise",
            description = "judge_binary, judge_score, judge_pairwise or reference_fact (default: ${DEFAULT-VALUE})")
    private String kind;

    @Option(names = "--rubric", paramLabel = "FILE", description = "what to judge by (default: the kind's own words)")
    private @Nullable Path rubric;

    @Option(names = "--suite", paramLabel = "DIR",
            description = "take judge, kind and rubric from this suite's grader, and write where its suite.yaml looks for the calibration")
    private @Nullable Path suite;

    @Option(names = "--grader", paramLabel = "ID", description = "with --suite: which grader")
    private @Nullable String grader;

    @Option(names = "--only", paramLabel = "TEXT", description = "labels whose id contains this")
    private @Nullable String only;

    @Option(names = "--without", paramLabel = "TEXT", description = "not those whose id contains this")
    private @Nullable String without;

    @Option(names = "--out", paramLabel = "FILE",
            description = "write the calibration there; one that is there is replaced, another file is not")
    private @Nullable Path out;

    @Option(names = "--key", paramLabel = "KEY", defaultValue = "${env:PARETO_KEY}",
            description = "a key of the gateway, where it asks for one (default: the environment's PARETO_KEY)")
    private @Nullable Secret key;

    @Option(names = "--concurrency", defaultValue = "8", description = "calls in flight (default: ${DEFAULT-VALUE})")
    private int concurrency;

    @Option(names = "--spend-cap", paramLabel = "USD", description = "start no call that might exceed it")
    private @Nullable BigDecimal spendCap;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    private boolean json;

    /** A judge's words beside the labels. */
    private record Said(String judge, String kind, String fingerprint, List<Calibration.Label> labels,
            Map<String, Integer> leftOut, @Nullable Money spent) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((labels == null) == (recorded == null)) {
            throw new UsageException("name either --labels FILE, to ask a judge, or --recorded FILE, to read one");
        }
        if (concurrency < 1 || concurrency > 256) {
            throw new UsageException("--concurrency must be 1 to 256");
        }
        EvalOptions.requireCap(spendCap);
        Path target = target();
        requireReplaceable(target);
        Said said = recorded == null ? asked(labels) : read(recorded);
        Calibration calibration;
        try {
            calibration = Calibration.of(said.fingerprint(), said.labels(), said.kind().equals("judge_pairwise"));
        } catch (IllegalArgumentException mute) {
            throw new UsageException(String.valueOf(mute.getMessage()), mute);
        }
        boolean replaced = target != null && Files.exists(target);
        if (target != null) {
            Files.createDirectories(target.toAbsolutePath().normalize().resolveSibling(""));
            CalibrationFile.write(target, said.fingerprint(), said.kind(), said.labels());
        }
        PrintWriter to = spec.commandLine().getOut();
        if (json) {
            to.println(document(said, calibration, target));
        } else {
            print(said, calibration, to);
            tellFile(said, target, replaced, to);
        }
        return calibration.opensGate() ? 0 : 1;
    }

    /** Where the calibration goes: where it is wanted, or where the suite looks for it; null for nowhere. */
    private @Nullable Path target() throws IOException {
        if (out != null) {
            return out;
        }
        try {
            return suite == null ? null : SuiteReader.calibrationFile(suite, required(grader, "--grader"));
        } catch (NoSuchFileException missing) {
            throw new UsageException("there is no suite.yaml in " + suite, missing);
        } catch (SuiteException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    /** Found out before a judge is paid: people's labels are not written over. */
    private static void requireReplaceable(@Nullable Path target) throws IOException {
        if (target == null) {
            return;
        }
        if (Files.isDirectory(target)) {
            throw new UsageException("the calibration cannot be written to " + target + ": that is a folder");
        }
        if (Files.exists(target) && !CalibrationFile.recognises(target)) {
            throw new UsageException(target + " is there already and is no calibration; name another file with --out");
        }
    }

    private Said read(Path file) throws IOException {
        try {
            RecordedWords words = RecordedWords.read(file, required(judge, "--judge"), strategy, this::wanted);
            return new Said(required(judge, "--judge") + " (" + strategy + ", recorded)", "judge_pairwise",
                    words.fingerprint(), words.labels(), Map.of(), null);
        } catch (NoSuchFileException missing) {
            throw new UsageException("there is no file " + file, missing);
        } catch (IOException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private Said asked(@Nullable Path file) throws IOException, InterruptedException {
        ModelGrader asked = suite == null ? stated() : ofSuite(suite);
        LabelledCases cases;
        try {
            cases = LabelledCases.read(required(file, "--labels"), asked instanceof JudgePairwise);
        } catch (NoSuchFileException missing) {
            throw new UsageException("there is no file " + file, missing);
        } catch (IOException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
        List<LabelledCase> chosen = cases.cases().stream().filter(one -> wanted(one.id())).toList();
        if (chosen.isEmpty()) {
            throw new UsageException("there is no such label");
        }
        var limit = new SpendLimit(spendCap == null ? null : new Money(spendCap, "USD"));
        Path kept = where.folder().resolve("runs").resolve("calibrations").resolve("judgements.jsonl");
        try (GatewayClient gateway = where.connect(key);
                JudgeCalls calls = new JudgeCalls(gateway, ATTEMPTS, Thread::sleep, kept);
                var workers = Executors.newVirtualThreadPerTaskExecutor()) {
            gateway.checkKey();
            gateway.contestant(asked.judge().model());
            EvalOptions.requirePriced(gateway, spendCap, List.of(asked.judge().model()));
            var failures = new ConcurrentHashMap<String, Integer>();
            var trial = new JudgeTrial(asked, (model, messages, sampling) -> {
                try {
                    return calls.ask(model, messages, sampling, limit);
                } catch (JudgeClient.JudgeException failed) {
                    failures.merge(String.valueOf(failed.getMessage()), 1, Integer::sum);
                    throw failed;
                }
            });
            List<Calibration.Label> words = trial.run(chosen, workers, concurrency, this::tell);
            String denial = calls.denial(asked.judge().model());
            if (denial != null) {
                throw new UsageException(
                        EvalOptions.keyOf(List.of(asked.judge().model())) + " was not let in: " + denial
                                + "; no further question was asked");
            }
            if (limit.refused()) {
                long judged = words.stream().filter(word -> word.judge() != null).count();
                throw new UsageException(judged + " of " + chosen.size()
                        + " labels were judged, then it stopped at the spend cap; the replies so far are kept, so the same command"
                        + " with a larger --spend-cap goes on from here");
            }
            requireWords(asked.judge().model(), words, failures);
            return new Said(asked.judge().model().toString(), asked.kind(), asked.judge().fingerprint(asked.kind()),
                    words, cases.leftOut(), limit.spent());
        }
    }

    /** Of a judge that never replied nothing can be said but why; of one that did not always, both. */
    private void requireWords(ModelId judge, List<Calibration.Label> words, Map<String, Integer> failures) {
        failures.entrySet().stream().max(Map.Entry.comparingByValue()).ifPresent(most -> {
            int all = failures.values().stream().mapToInt(Integer::intValue).sum();
            String told = all + (all == 1 ? " call to " : " calls to ") + judge + " brought no reply; most often: "
                    + most.getKey();
            if (words.stream().allMatch(word -> word.judge() == null)) {
                throw new UsageException(told);
            }
            spec.commandLine().getErr().println(told);
        });
    }

    private void tell(int done) {
        if (done % 100 == 0) {
            spec.commandLine().getErr().printf("%,d labels gone through%n", done);
        }
    }

    private ModelGrader stated() throws IOException {
        ModelId model;
        try {
            model = ModelId.parse(required(judge, "--judge"));
        } catch (IllegalArgumentException unusable) {
            throw new UsageException("--judge: " + unusable.getMessage(), unusable);
        }
        var asked = new Judge(model, rubric == null ? null : Files.readString(rubric), Judge.USUAL_SAMPLING, null);
        return switch (kind) {
            case "judge_binary" -> JudgeAlone.binary(asked);
            case "judge_score" -> JudgeAlone.score(asked, JudgeAlone.USUAL_THRESHOLD);
            case "judge_pairwise" -> new JudgePairwise(asked, 0.5, null);
            case "reference_fact" -> JudgeAlone.facts(asked, 0.5);
            default -> throw new UsageException("--kind '" + kind
                    + "': write judge_binary, judge_score, judge_pairwise or reference_fact");
        };
    }

    private ModelGrader ofSuite(Path folder) throws IOException {
        if (judge != null || rubric != null) {
            throw new UsageException("a suite's grader has its own judge and rubric; leave --judge and --rubric out");
        }
        try {
            Suite read = SuiteReader.uncalibrated().read(folder);
            if (read.grader(required(grader, "--grader")).grader() instanceof ModelGrader one) {
                return one;
            }
            throw new UsageException("grader " + grader + " of " + folder + " is no single judge");
        } catch (SuiteException | IllegalArgumentException unusable) {
            throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private boolean wanted(String id) {
        return (only == null || id.contains(only)) && (without == null || !id.contains(without));
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw new UsageException(name + " is missing");
        }
        return value;
    }

    private void print(Said said, Calibration found, PrintWriter to) {
        Calibration.Order order = found.order();
        to.printf(Locale.ROOT, "%s as %s, on %,d labels, %,d of them %s%n", said.judge(), said.kind(), found.n(),
                found.passes(), order == null ? "good" : "for the first answer");
        if (!said.leftOut().isEmpty()) {
            to.printf("  left out                  %s%n", said.leftOut());
        }
        to.printf("  agreement with people     %s%n", percent(found.agreement()));
        to.printf("  kappa                     %s, with 95 %% confidence at least %s%n", number(found.kappa()),
                number(found.kappaLower()));
        to.printf("  Gwet's AC1                %s%n", number(found.ac1()));
        to.printf("  right on either kind      %s and %s%n", percent(found.truePositives()),
                percent(found.trueNegatives()));
        to.printf(Locale.ROOT, "  replies without a word    %,d%n", found.unreadable());
        if (order != null) {
            to.printf("  alike in both orders      %s, of those %s right%n", percent(order.consistent()),
                    percent(order.agreementWhenConsistent()));
            to.printf("  picks the first answer    %s%n", percent(order.firstPositionRate()));
        }
        if (said.spent() != null) {
            to.printf("  paid                      %s%n", said.spent());
        }
        List<String> shortfalls = found.shortfalls();
        to.println(shortfalls.isEmpty() ? "Over the bar: its word may decide." : "Not over the bar, it opens no gate:");
        shortfalls.forEach(shortfall -> to.println("  " + shortfall));
    }

    private void tellFile(Said said, @Nullable Path target, boolean replaced, PrintWriter to) throws IOException {
        if (target == null) {
            return;
        }
        to.println("Written to " + target + (replaced ? ", in place of the calibration that was there" : "")
                + (said.fingerprint().startsWith("recorded-")
                        ? "; it is of a recording, so no judge of a suite or route can use it"
                        : ""));
        if (suite != null && grader != null) {
            try {
                Path named = SuiteReader.calibrationFile(suite, grader);
                to.println(named != null && Files.exists(named) && Files.isSameFile(named, target)
                        ? "The suite names it; the suite's version changes with it, and answers that were paid are used again."
                        : "The suite looks for it " + (named == null
                                ? "nowhere yet: write calibration: FILE into the judge of grader " + grader
                                        + ", a file of the suite's folder"
                                : "at " + named + ", not there") + ".");
            } catch (SuiteException unusable) {
                throw new UsageException(String.valueOf(unusable.getMessage()), unusable);
            }
        }
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "unknown" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(@Nullable Double value) {
        return value == null ? "unknown" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String document(Said said, Calibration found, @Nullable Path target) {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        document.put("judge", said.judge()).put("kind", said.kind()).put("fingerprint", said.fingerprint());
        document.put("n", found.n()).put("passes", found.passes()).put("unreadable", found.unreadable());
        document.set("left_out", JsonMapper.shared().valueToTree(said.leftOut()));
        document.put("agreement", found.agreement()).put("kappa", found.kappa());
        document.put("kappa_lower", found.kappaLower()).put("ac1", found.ac1());
        document.put("true_positives", found.truePositives()).put("true_negatives", found.trueNegatives());
        Calibration.Order order = found.order();
        document.put("consistent", order == null ? null : (Double) order.consistent());
        document.put("first_position_rate", order == null ? null : (Double) order.firstPositionRate());
        document.put("agreement_when_consistent", order == null ? null : order.agreementWhenConsistent());
        document.put("spent", said.spent() == null ? null : said.spent().plain());
        document.put("over_the_bar", found.opensGate());
        document.set("shortfalls", JsonMapper.shared().valueToTree(found.shortfalls()));
        document.put("file", target == null ? null : target.toString());
        return document.toString();
    }
}
