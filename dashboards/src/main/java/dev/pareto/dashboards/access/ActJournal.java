package dev.pareto.dashboards.access;

import dev.pareto.dashboards.store.Micros;
import dev.pareto.dashboards.store.Store;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What was done on the admin port; rows are added and read, never changed. Blocks. */
public final class ActJournal {

    private static final int MOST_DETAIL = 500;

    private final JdbcClient reads;
    private final JdbcClient writes;

    public ActJournal(Store store) {
        this.reads = JdbcClient.create(store.reads());
        this.writes = JdbcClient.create(store.writes());
    }

    /**
     * One deed.
     *
     * @param seq 0 while it is not written
     * @param who the key's name; where no keys are in force, whom the deed itself names
     * @param role empty where no keys are in force
     * @param act method and path
     * @param detail what was asked for, without secrets; cut to 500 characters
     * @param status of HTTP: 200 for what was done, another one for what was refused or failed
     */
    public record Act(long seq, Instant at, String who, String role, String act, String detail, int status) {}

    public void write(Act act) {
        String detail = act.detail();
        writes.sql("INSERT INTO admin_act (at_us, who, role, act, detail, status) VALUES (?, ?, ?, ?, ?, ?)")
                .param(Micros.of(act.at()))
                .param(act.who())
                .param(act.role())
                .param(act.act())
                .param(detail.substring(0, Math.min(MOST_DETAIL, detail.length())))
                .param(act.status())
                .update();
    }

    /** @param before of the page after; null for the newest, which come first */
    public List<Act> newest(int limit, @Nullable Long before) {
        return reads.sql("SELECT * FROM admin_act WHERE seq < ? ORDER BY seq DESC LIMIT ?")
                .param(before == null ? Long.MAX_VALUE : before)
                .param(limit)
                .query((row, number) -> new Act(row.getLong("seq"), Micros.toInstant(row.getLong("at_us")),
                        row.getString("who"), row.getString("role"), row.getString("act"), row.getString("detail"),
                        row.getInt("status")))
                .list();
    }
}
