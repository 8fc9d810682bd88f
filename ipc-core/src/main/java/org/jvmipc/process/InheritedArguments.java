package org.jvmipc.process;

import java.lang.management.ManagementFactory;
import java.util.List;

/** The options that this JVM was started with, without those that only one JVM at a time can have. */
final class InheritedArguments {
    private static final List<String> LEFT_OUT = List.of(
            "-javaagent",
            "-agentlib",
            "-agentpath",
            "-Xrunjdwp",
            "-Xdebug",
            "-Dcom.sun.management.jmxremote.port=",
            "-Dcom.sun.management.jmxremote.rmi.port=",
            "-D" + ControlLines.PROPERTY + "=");

    private InheritedArguments() {}

    static List<String> ofThisJvm() {
        return filter(ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    static List<String> filter(List<String> arguments) {
        return arguments.stream()
                .filter(argument -> LEFT_OUT.stream().noneMatch(argument::startsWith))
                .toList();
    }
}
