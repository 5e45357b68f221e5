package dev.pareto.evals.journal;

import dev.pareto.evals.run.Comparison;
import dev.pareto.evals.run.Contestant;
import dev.pareto.evals.run.ItemOutcome;
import dev.pareto.evals.run.Run;
import dev.pareto.evals.run.RunListener;
import dev.pareto.policies.price.Money;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a run down while it goes on: header, a line for each outcome, how far a sequential test is, and the end. A line is
 * written with one call, so a reader sees whole lines and a kill leaves one torn one at most. Called by one thread at a time.
 */
public final class RunJournal implements RunListener, AutoCloseable {

    /** A sequential test's way is told in steps of this much. */
    private static final double EVIDENCE_STEP = 0.005;

    private final FileChannel channel;
    private final List<Contestant> contestants;
    private final RunListener also;
    private final InstantSource clock;
    private double told = -1;

    private RunJournal(FileChannel channel, List<Contestant> contestants, RunListener also, InstantSource clock) {
        this.channel = channel;
        this.contestants = List.copyOf(contestants);
        this.also = also;
        this.clock = clock;
    }

    /**
     * Begins a journal.
     *
     * @param runs the folder of all runs
     * @param contestants in the order of the header
     * @param also is told everything, too
     */
    public static RunJournal begin(Path runs, RunHeader header, List<Contestant> contestants, RunListener also,
            InstantSource clock) throws IOException {
        Path folder = Files.createDirectories(runs.resolve(header.suite()));
        FileChannel channel = FileChannel.open(folder.resolve(RunId.file(header.id())), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE);
        var journal = new RunJournal(channel, contestants, also, clock);
        journal.write(JsonMapper.shared().createObjectNode().set("run", JsonMapper.shared().valueToTree(header)));
        return journal;
    }

    @Override
    public void onOutcome(Contestant contestant, ItemOutcome outcome) {
        also.onOutcome(contestant, outcome);
        Mark mark = Mark.of(contestants.indexOf(contestant), outcome);
        write(JsonMapper.shared().createObjectNode().set("mark", JsonMapper.shared().valueToTree(mark)));
    }

    /** Follows what is asked beside the run, to tell what it cost: the noise floor, say. */
    public RunListener beside() {
        return new RunListener() {
            @Override
            public void onProgress(Progress progress) {
                // the run itself has not begun
            }

            @Override
            public void onOutcome(Contestant contestant, ItemOutcome outcome) {
                paidBeside(outcome.paid());
            }
        };
    }

    /** So much was paid beside the run; null or nothing is not worth a line. */
    public void paidBeside(@Nullable Money paid) {
        if (paid != null && paid.amount().signum() > 0) {
            write(JsonMapper.shared()
                    .createObjectNode()
                    .set("beside",
                            JsonMapper.shared().valueToTree(new Paid(paid.plain(), paid.currency()))));
        }
    }

    /** Money as a line of its own. */
    record Paid(String cost, String currency) {

        Money money() {
            return new Money(new BigDecimal(cost), currency);
        }
    }

    @Override
    public void onProgress(Progress progress) {
        also.onProgress(progress);
        Double evidence = progress.evidence();
        if (evidence != null && Math.abs(evidence - told) >= EVIDENCE_STEP) {
            told = evidence;
            write(JsonMapper.shared().createObjectNode().put("evidence", evidence));
        }
    }

    /**
     * The run has ended by itself.
     *
     * @param verdict the id of what came of it; null when nothing did
     */
    public void end(Run.Stop stop, @Nullable String verdict) {
        end(stop, verdict, null);
    }

    /**
     * The comparison has ended by itself. Answers to later items than those it rests on were in flight, or paid for earlier.
     *
     * @param verdict the id of what came of it; null when nothing did
     */
    public void end(Comparison comparison, @Nullable String verdict) {
        end(comparison.candidate().stop(), verdict, comparison.candidate().stop() == Run.Stop.ENOUGH
                ? new Counted(comparison.candidate().outcomes().size(), comparison.orderSeed())
                : null);
    }

    private void end(Run.Stop stop, @Nullable String verdict, @Nullable Counted counted) {
        var end = new End(clock.instant(), stop, verdict, counted);
        write(JsonMapper.shared().createObjectNode().set("end", JsonMapper.shared().valueToTree(end)));
    }

    /** The last line; {@code counted} is null when all items count. */
    record End(Instant at, Run.Stop stop, @Nullable String verdict, @Nullable Counted counted) {}

    /** So many items count, the first in the order of that seed. */
    record Counted(int items, String orderSeed) {}

    private void write(JsonNode line) {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the run's journal could not be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
