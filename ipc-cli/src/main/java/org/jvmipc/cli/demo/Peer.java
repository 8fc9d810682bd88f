package org.jvmipc.cli.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jvmipc.internal.SignalNames;
import org.jvmipc.process.ExitStatus;

/**
 * A child process of a demo and how it ended.
 *
 * @param role what it was there for
 */
public record Peer(String role, long pid, ExitStatus status) {
    /** With {@code exit} or {@code signal}, whichever it was. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", role);
        map.put("pid", pid);
        if (status.signal() == 0) {
            map.put("exit", status.code());
        } else {
            map.put("signal", SignalNames.name(status.signal()));
        }
        return map;
    }

    /** In words. */
    @Override
    public String toString() {
        return role + " " + pid + ": " + status;
    }
}
