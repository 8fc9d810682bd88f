package org.jvmipc.cli.demo.shared;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.demo.DemoChild;
import org.jvmipc.cli.demo.DemoOptions;
import org.jvmipc.cli.demo.DemoRun;
import org.jvmipc.cli.demo.Peer;
import org.jvmipc.cli.demo.Stage;
import org.jvmipc.process.JvmLauncher;

/** The parent's view of children that all do the same, by their numbers. {@link Work} is the child's side. */
public final class Workers implements Closeable {
    private final DemoRun run;
    private final Map<Integer, DemoChild<WorkReport>> members = new TreeMap<>();

    public Workers(DemoRun run) {
        this.run = run;
    }

    /** Starts one, and does not wait until it is ready. */
    public void launch(int number, String role, JvmLauncher launcher) throws IOException {
        members.put(number, DemoChild.launch(run, role, launcher, WorkReport.class));
    }

    /** Waits until all are ready. */
    public void awaitReady() throws IOException, InterruptedException {
        run.phase("waiting until all are ready");
        for (DemoChild<WorkReport> member : members.values()) {
            member.awaitReady();
        }
    }

    /** Lets all begin. */
    public void start() throws IOException, InterruptedException {
        order(Work.START);
    }

    /** Lets all end that work without number. */
    public void stop() throws IOException, InterruptedException {
        order(Work.STOP);
    }

    /** Has all do something. */
    public void order(String order) throws IOException, InterruptedException {
        for (DemoChild<WorkReport> member : members.values()) {
            member.order(order);
        }
    }

    /** Waits until all have come so far. */
    public Map<Integer, WorkReport> await(String stage) throws IOException, InterruptedException {
        Map<Integer, WorkReport> reports = new TreeMap<>();
        for (Map.Entry<Integer, DemoChild<WorkReport>> member : members.entrySet()) {
            reports.put(member.getKey(), Stage.await(member.getValue(), stage));
        }
        return reports;
    }

    /**
     * Has one take hold and kills it so, when all have worked for a while; returns when all others have gone on.
     *
     * @param after how long after the first turn of all
     */
    public HolderDeath killHolder(int number, Duration after) throws IOException, InterruptedException {
        await(WorkReport.STARTED);
        long startNanos = System.nanoTime();
        DemoChild<WorkReport> victim = members.remove(number);
        if (victim == null) {
            throw new IllegalStateException("there is no child " + number);
        }
        try (victim) {
            run.phase("waiting for the time of the kill");
            victim.outlive(after);
            run.phase("waiting until the one to be killed holds");
            victim.order(Work.HOLD);
            WorkReport holding = Stage.await(victim, WorkReport.HOLDING);
            long killNanos = System.nanoTime();
            victim.kill();
            Peer ended = victim.end();
            goOn();
            return new HolderDeath(number, ended, holding.done(), killNanos - startNanos, killNanos);
        }
    }

    /** Waits until each has done one more turn. */
    public void goOn() throws IOException, InterruptedException {
        run.phase("waiting until the others have gone on");
        order(Work.GO_ON);
        await(WorkReport.WENT_ON);
    }

    /** {@link #killHolder(int, Duration)} if one is to be killed at all, and lets the others end then; null if not. */
    public @Nullable HolderDeath killHolder(int number, DemoOptions options) throws IOException, InterruptedException {
        Duration after = options.killAfter();
        if (after == null) {
            return null;
        }
        HolderDeath death = killHolder(number, after);
        stop();
        return death;
    }

    /** Waits until all have ended. */
    public List<Peer> end() throws InterruptedException {
        List<Peer> ended = new ArrayList<>();
        for (DemoChild<WorkReport> member : members.values()) {
            ended.add(member.end());
        }
        return ended;
    }

    /** Closes the pipes to and from the children, who end with the run. */
    @Override
    public void close() throws IOException {
        for (DemoChild<WorkReport> member : members.values()) {
            member.close();
        }
    }
}
