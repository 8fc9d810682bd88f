package org.jvmipc.cli.sync;

import org.jvmipc.Address;
import org.jvmipc.Ipc;
import org.jvmipc.cli.frame.CommandException;

/** What is neither waited for by {@code wait} nor notified by {@code notify}, and the verb that is meant. */
final class OtherVerbs {
    private static final String AWAITED = "event:, latch:, barrier:, cond: or rwlock: is needed here";
    private static final String NOTIFIED = "event:, latch:, barrier: or cond: is needed here";

    private OtherVerbs() {}

    /** To wait for it. */
    static CommandException toAwait(Address address) {
        String name = address.withoutParameters().toString();
        return refused(
                "wait",
                address,
                switch (address.scheme()) {
                    case "sem", "posixsem" -> "ipc sem wait " + name;
                    case "mutex", "lock" -> "ipc lock " + name + " -- CMD...";
                    case "signal" -> "ipc signal watch SIG...";
                    case "shm", "segment" -> "";
                    default -> "ipc recv " + name;
                });
    }

    /** To notify it, or those who wait for it. */
    static CommandException toNotify(Address address) {
        String name = address.withoutParameters().toString();
        return refused(
                "notify",
                address,
                switch (address.scheme()) {
                    case "sem", "posixsem" -> "ipc sem post " + name;
                    case "mutex", "lock", "rwlock" -> "ipc lock " + name + " -- CMD...";
                    case "signal" -> "ipc signal send PID SIG";
                    case "shm", "segment" -> "";
                    default -> "ipc send " + name;
                });
    }

    private static CommandException refused(String verb, Address address, String meant) {
        Ipc.scheme(address); // one that does not exist is told as that
        String text = verb + " " + address.withoutParameters() + ": " + reason(verb, address);
        return meant.isEmpty()
                ? CommandException.usage(text)
                : CommandException.usage(text, "did you mean '" + meant + "'?");
    }

    private static String reason(String verb, Address address) {
        if (verb.equals("notify") && address.scheme().equals("rwlock")) {
            return "a lock is held and given back, there is nobody to notify";
        }
        return verb.equals("notify") ? NOTIFIED : AWAITED;
    }
}
