package org.jvmipc.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jvmipc.cli.demo.Demo;

/** The source of the demos' processes, which lies beside their classes. */
final class DemoSources {
    private DemoSources() {}

    /** All of them, one after the other. */
    static String of(List<Demo> demos) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Demo demo : demos) {
            for (Class<?> source : demo.sources()) {
                text.append(text.length() == 0 ? "" : "\n").append(of(source));
            }
        }
        return text.toString();
    }

    private static String of(Class<?> type) throws IOException {
        String name = type.getSimpleName() + ".java";
        try (InputStream in = type.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not beside its class");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
