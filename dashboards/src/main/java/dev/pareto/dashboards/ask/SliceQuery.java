package dev.pareto.dashboards.ask;

import dev.pareto.dashboards.store.KeptAnswers;
import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Reads;
import dev.pareto.dashboards.store.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A query of the rows of a slice. Each part is asked for by itself, and its past days apart from the newest one, whose answers may
 * be {@linkplain KeptAnswers kept}; so a group may come several times, and whoever reads them adds them up. Of one thread; blocks.
 */
public final class SliceQuery {

    private final Reads reads;
    private final Slice slice;
    private final UnaryOperator<String> sql;
    private final Map<String, Object> parameters;

    SliceQuery(Reads reads, Slice slice, UnaryOperator<String> sql) {
        this.reads = reads;
        this.slice = slice;
        this.sql = sql;
        this.parameters = new HashMap<>(slice.parameters());
    }

    /** A value for a name in the query; a list for one after {@code IN}. */
    public SliceQuery param(String name, Object value) {
        parameters.put(name, value);
        return this;
    }

    public void each(Consumer<Row> reader) {
        slice.parts().forEach(part -> read(part, reader));
    }

    public <T> List<T> list(Function<Row, T> reader) {
        List<T> rows = new ArrayList<>();
        each(row -> rows.add(reader.apply(row)));
        return rows;
    }

    private void read(Slice.Part part, Consumer<Row> reader) {
        if (!part.lasting()) {
            KeptAnswers.read(reads.client(), sql.apply(part.sql()), bounded(part.from(), part.to()), reader);
            return;
        }
        long firstDay = Micros.dayOf(part.from());
        KeptAnswers.Changes changes = reads.kept().changes(reads.client(), firstDay, part.to());
        long past = Math.clamp(changes.newestDay(), part.from(), Math.max(part.from(), part.to()));
        if (part.from() < past) {
            reads.kept()
                    .each(reads.client(), sql.apply(part.sql()), bounded(part.from(), past),
                            () -> reads.kept().changes(reads.client(), firstDay, past).changes(), changes.changes(),
                            reader);
        }
        if (past < part.to()) {
            KeptAnswers.read(reads.client(), sql.apply(part.sql()), bounded(past, part.to()), reader);
        }
    }

    private Map<String, Object> bounded(long from, long to) {
        Map<String, Object> all = new HashMap<>(parameters);
        all.put("partFrom", from);
        all.put("partTo", to);
        return all;
    }
}
