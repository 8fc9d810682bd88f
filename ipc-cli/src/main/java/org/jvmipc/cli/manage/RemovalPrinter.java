package org.jvmipc.cli.manage;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jvmipc.cli.frame.Console;
import org.jvmipc.cli.frame.Json;
import org.jvmipc.cli.frame.StdoutClosedException;
import org.jvmipc.spi.Removal;

/** What {@code ipc rm} did to one object, or would do: a line, or an object of JSON. Silent with {@code -q}. */
final class RemovalPrinter {
    private static final String SCHEMA = "ipc.rm/1";

    private RemovalPrinter() {}

    static void print(Removal removal, boolean dryRun, Console console) throws StdoutClosedException {
        if (console.json()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("schema", SCHEMA);
            map.put("address", removal.address().toString());
            map.put("outcome", removal.outcome().name().toLowerCase(Locale.ROOT));
            map.put("reason", removal.reason());
            map.put("dryRun", dryRun);
            console.out().line(Json.line(map));
        } else if (!console.quiet()) {
            console.out().line(text(removal, dryRun));
        }
    }

    static String text(Removal removal, boolean dryRun) {
        String would = dryRun ? "would be " : "";
        String what =
                switch (removal.outcome()) {
                    case REMOVED -> would + "removed";
                    case FORGOTTEN -> would + "forgotten";
                    case SKIPPED -> "skipped";
                };
        return what + "  " + removal.address() + "  (" + removal.reason() + ")";
    }
}
