package org.jvmipc.cli.signal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.ExitCode;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.cli.frame.Table;
import org.jvmipc.signals.PosixSignal;

/** {@code signal list}: all signals, what happens to them, and whether a program in a JVM can receive them. */
final class SignalTable {
    private static final String SCHEMA = "ipc.signal-list/1";
    private static final boolean[] NUMBERS = {true, false, false, false, false};

    private SignalTable() {}

    static int print(Console console) throws StdoutClosedException {
        console.out().print(console.json() ? json() : Table.of(rows(), NUMBERS, console.columns()));
        return ExitCode.SUCCESS;
    }

    private static List<String[]> rows() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"NUMBER", "NAME", "DEFAULT", "USABLE", "JVM"});
        for (PosixSignal signal : PosixSignal.all()) {
            String refusal = signal.refusal();
            rows.add(new String[] {
                Integer.toString(signal.number()),
                signal.name(),
                action(signal),
                refusal == null ? "yes" : "no",
                refusal == null ? signal.jvmUse() : refusal
            });
        }
        return rows;
    }

    private static String action(PosixSignal signal) {
        return signal.defaultAction().name().toLowerCase(Locale.ROOT);
    }

    private static String json() {
        StringBuilder text = new StringBuilder();
        for (PosixSignal signal : PosixSignal.all()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("schema", SCHEMA);
            map.put("signal", signal.name());
            map.put("number", signal.number());
            map.put("default", action(signal));
            map.put("realTime", signal.isRealTime());
            map.put("usable", signal.isReceivable());
            map.put("jvm", signal.jvmUse());
            String refusal = signal.refusal();
            if (refusal != null) {
                map.put("why", refusal);
            }
            text.append(Json.line(map)).append('\n');
        }
        return text.toString();
    }
}
