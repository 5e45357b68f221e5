package dev.pareto.proxy.budget;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second at the ledger, at thresholds and at what is to be sent. */
public final class BudgetClock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BudgetClock.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Duration LEAVE = Duration.ofSeconds(5);

    private final BudgetDesk desk;
    private final CommitmentDesk commitments;
    private final BudgetAlerts alerts;
    private final BudgetMeters meters;
    private final ScheduledExecutorService looking;
    private final ScheduledExecutorService sending;

    /**
     * @param looking of one thread; closed with this
     * @param sending of another one, as receivers may be slow; closed with this
     */
    public BudgetClock(BudgetDesk desk, CommitmentDesk commitments, BudgetAlerts alerts, BudgetMeters meters,
            ScheduledExecutorService looking, ScheduledExecutorService sending) {
        this.desk = desk;
        this.commitments = commitments;
        this.alerts = alerts;
        this.meters = meters;
        this.looking = looking;
        this.sending = sending;
        meters.show(desk.standings());
        var _ = looking.scheduleWithFixedDelay(this::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        var _ = sending.scheduleWithFixedDelay(this::send, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            desk.look();
            alerts.look();
        } catch (RuntimeException away) {
            LOG.error("The ledger does not tell what budgets have taken", away);
        }
        try {
            commitments.look();
        } catch (RuntimeException away) {
            LOG.error("The ledger does not tell what of commitments is used", away);
        }
        meters.show(desk.standings());
    }

    private void send() {
        try {
            alerts.deliver();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException away) {
            LOG.error("Alerts of budgets could not be sent", away);
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
        sending.shutdown(); // what is on its way is written down, so that nobody is told twice
        try {
            if (!sending.awaitTermination(LEAVE.toMillis(), TimeUnit.MILLISECONDS)) {
                sending.shutdownNow();
            }
        } catch (InterruptedException stopped) {
            sending.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
