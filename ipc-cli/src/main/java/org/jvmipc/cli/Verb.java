package org.jvmipc.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.cli.frame.IpcCommand;
import org.jvmipc.cli.manage.CreateCommand;
import org.jvmipc.cli.manage.InspectCommand;
import org.jvmipc.cli.manage.LsCommand;
import org.jvmipc.cli.manage.RmCommand;
import org.jvmipc.cli.signal.SignalCommand;
import org.jvmipc.cli.sync.LockCommand;
import org.jvmipc.cli.sync.NotifyCommand;
import org.jvmipc.cli.sync.SemCommand;
import org.jvmipc.cli.sync.WaitCommand;
import org.jvmipc.cli.talk.BridgeCommand;
import org.jvmipc.cli.talk.ListenCommand;
import org.jvmipc.cli.talk.RecvCommand;
import org.jvmipc.cli.talk.RequestCommand;
import org.jvmipc.cli.talk.SendCommand;
import org.jvmipc.internal.Suggestions;

/** The verbs there are. The class of one is loaded when it is used: a new verb costs the others nothing. */
enum Verb {
    DEMO(Group.START, "launch parent and child JVMs for a mechanism and verify the data"),
    SEND(Group.TALK, "send messages"),
    RECV(Group.TALK, "receive messages"),
    LISTEN(Group.TALK, "be the server, or a worker"),
    REQUEST(Group.TALK, "send one, print the reply"),
    BRIDGE(Group.TALK, "join two endpoints"),
    SEM(Group.SYNCHRONISE, "wait (P), post (V), value, or run a command in between"),
    LOCK(Group.SYNCHRONISE, "hold a lock while a command runs"),
    WAIT(Group.SYNCHRONISE, "wait for an event, latch, barrier, condition or read-write lock"),
    NOTIFY(Group.SYNCHRONISE, "set an event, count down a latch, signal a condition"),
    SIGNAL(Group.SYNCHRONISE, "send signals, print those that come, list them"),
    LS(Group.MANAGE, "list the objects there are, and whose they are"),
    CREATE(Group.MANAGE, "create an object"),
    INSPECT(Group.MANAGE, "tell all there is to say of an object"),
    RM(Group.MANAGE, "remove objects, or what the dead have left"),
    EXPLAIN(Group.HELP, "explain an error code, an exit code or an errno"),
    HELP(Group.HELP, "print this, or the help of a verb"),
    GENERATE_COMPLETION(Group.HELP, "print the script that completes lines in bash and zsh");

    /** What other tools call it. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("receive", "recv"),
            Map.entry("read", "recv"),
            Map.entry("write", "send"),
            Map.entry("list", "ls"),
            Map.entry("remove", "rm"),
            Map.entry("delete", "rm"),
            Map.entry("make", "create"),
            Map.entry("mkfifo", "create"),
            Map.entry("show", "inspect"),
            Map.entry("stat", "inspect"),
            Map.entry("flock", "lock"),
            Map.entry("semaphore", "sem"),
            Map.entry("await", "wait"),
            Map.entry("wake", "notify"),
            Map.entry("broadcast", "notify"),
            Map.entry("kill", "signal"),
            Map.entry("sigqueue", "signal"),
            Map.entry("join", "bridge"),
            Map.entry("relay", "bridge"),
            Map.entry("completion", "generate-completion"));

    /** Where a verb stands in the help. */
    enum Group {
        START("Start here"),
        TALK("Talk"),
        SYNCHRONISE("Synchronise"),
        MANAGE("Manage"),
        HELP("Help");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final Group group;
    private final String description;

    Verb(Group group, String description) {
        this.group = group;
        this.description = description;
    }

    /** What is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it makes native calls in this process whenever it does its work. */
    boolean isNative() {
        return group == Group.TALK
                || group == Group.SYNCHRONISE
                || this == LS
                || this == CREATE
                || this == INSPECT
                || this == RM;
    }

    Group group() {
        return group;
    }

    String description() {
        return description;
    }

    /** The verb that is typed so, or null. */
    static @Nullable Verb of(String word) {
        for (Verb verb : values()) {
            if (verb.word().equals(word)) {
                return verb;
            }
        }
        return null;
    }

    /** All of them. */
    static List<String> words() {
        List<String> words = new ArrayList<>();
        for (Verb verb : values()) {
            words.add(verb.word());
        }
        return words;
    }

    /** The verb that a mistyped word, or the word for it in another tool, probably means; null if none comes near. */
    static @Nullable String meantBy(String word) {
        String near = Suggestions.nearest(word, words());
        if (near != null) {
            return near;
        }
        String other = Suggestions.nearest(word, ELSEWHERE.keySet());
        return other == null ? null : ELSEWHERE.get(other);
    }

    /** A new command object, for one command line. */
    IpcCommand command() {
        return switch (this) {
            case DEMO -> new DemoCommand();
            case SEND -> new SendCommand();
            case RECV -> new RecvCommand();
            case LISTEN -> new ListenCommand();
            case REQUEST -> new RequestCommand();
            case BRIDGE -> new BridgeCommand();
            case SEM -> new SemCommand();
            case LOCK -> new LockCommand();
            case WAIT -> new WaitCommand();
            case NOTIFY -> new NotifyCommand();
            case SIGNAL -> new SignalCommand();
            case LS -> new LsCommand();
            case CREATE -> new CreateCommand();
            case INSPECT -> new InspectCommand();
            case RM -> new RmCommand();
            case EXPLAIN -> new ExplainCommand();
            case HELP -> new HelpCommand();
            case GENERATE_COMPLETION -> new CompletionCommand();
        };
    }
}
