package org.jvmipc.testkit;

import java.lang.reflect.Constructor;
import java.util.Arrays;
import org.jvmipc.process.JvmLauncher;
import org.jvmipc.process.ParentJvm;

/**
 * The main class of every child JVM of the tests: runs a {@link ChildProgram} by name or by class.
 *
 * <pre>{@code
 * JvmLauncher launcher = ChildMain.launcher("echo");
 * try (Sender<byte[]> out = Pipes.toChild(launcher, ChildMain.IN, Codecs.bytes());
 *         Receiver<byte[]> in = Pipes.fromChild(launcher, ChildMain.OUT, Codecs.bytes());
 *         ChildJvm child = launcher.start()) { ... }
 * }</pre>
 */
public final class ChildMain {
    /** The endpoint a program receives from. */
    public static final String IN = "in";

    /** The endpoint a program sends to. */
    public static final String OUT = "out";

    private ChildMain() {}

    /** A child that runs one of the {@link ChildPrograms}. */
    public static JvmLauncher launcher(String program, Object... arguments) {
        if (!ChildPrograms.names().contains(program)) {
            throw new IllegalArgumentException("no program '" + program + "'; there are " + ChildPrograms.names());
        }
        return launch(program, arguments);
    }

    /** A child that runs a program of the test's own. */
    public static JvmLauncher launcher(Class<? extends ChildProgram> program, Object... arguments) {
        return launch(program.getName(), arguments);
    }

    private static JvmLauncher launch(String program, Object... arguments) {
        return JvmLauncher.of(ChildMain.class)
                .jvmArguments(Jvms.FAST_START.toArray(String[]::new))
                .arguments(program)
                .arguments(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    }

    /** The program's name, or its class, and its arguments. */
    public static void main(String[] arguments) throws Exception {
        ChildProgram program = ChildPrograms.byName(arguments[0]);
        if (program == null) {
            Constructor<?> constructor = Class.forName(arguments[0]).getDeclaredConstructor();
            constructor.setAccessible(true);
            program = (ChildProgram) constructor.newInstance();
        }
        program.run(ParentJvm.get(), Arrays.copyOfRange(arguments, 1, arguments.length));
    }
}
