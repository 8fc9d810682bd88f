package org.jvmipc.process;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jvmipc.internal.ChildStdio;
import org.jvmipc.internal.posix.ProcessCalls;

/**
 * The main class of every child JVM, which prepares it and then runs the application's. Internal: only
 * {@link JvmLauncher} names it on a command line.
 *
 * <p>Before the application runs, it moves standard streams that carry data out of its way, opens the control channel,
 * takes what is handed over, and puts the lifeline to its parent in place.
 */
public final class ChildStart {
    /** The child could not be prepared; chosen as what commands like {@code env} and {@code timeout} use for that. */
    static final int NOT_PREPARED = 125;

    private ChildStart() {}

    /**
     * Runs the class named first with the arguments that follow.
     *
     * @throws Throwable what the application's main threw
     */
    public static void main(String[] arguments) throws Throwable {
        ChildControl control = prepare(arguments);
        Method main = mainMethod(arguments[0]);
        try {
            main.invoke(null, (Object) mainArguments(arguments, control));
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            throw cause == null ? e : cause;
        }
    }

    private static ChildControl prepare(String[] arguments) {
        String property = System.getProperty(ControlLines.PROPERTY);
        if (property == null || arguments.length == 0) {
            throw end("ChildStart is started by JvmLauncher only", NOT_PREPARED);
        }
        System.clearProperty(ControlLines.PROPERTY);
        try {
            ChildControl control = ChildControl.open(property);
            if (control.has(ControlLines.OWN_GROUP)) {
                ProcessCalls.leadOwnGroup();
            }
            if (control.has(ControlLines.DATA_STDIN)) {
                ChildStdio.moveStdin();
            }
            if (control.has(ControlLines.DATA_STDOUT)) {
                ChildStdio.moveStdout();
            }
            control.greet();
            Lifeline lifeline = new Lifeline(control, control.has(ControlLines.DETACHED));
            ParentJvm.set(new ParentJvm(control, lifeline));
            lifeline.start();
            return control;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw end("this child JVM cannot reach its parent: " + e.getMessage(), NOT_PREPARED);
        }
    }

    /** As the java command would look for it, with its messages. */
    private static Method mainMethod(String name) {
        try {
            Class<?> type = Class.forName(name, false, ClassLoader.getSystemClassLoader());
            Method main = type.getMethod("main", String[].class);
            if (Modifier.isStatic(main.getModifiers()) && main.getReturnType() == void.class) {
                main.setAccessible(true); // the class need not be public
                return main;
            }
        } catch (ClassNotFoundException | LinkageError e) {
            throw end("Error: Could not find or load main class " + name + "\nCaused by: " + e, 1);
        } catch (NoSuchMethodException e) {
            // told below
        }
        throw end(
                "Error: Main method not found in class " + name
                        + ", please define the main method as:\n   public static void main(String[] args)",
                1);
    }

    private static String[] mainArguments(String[] arguments, ChildControl control) {
        int given = arguments.length - 1;
        String[] all = new String[given + control.arguments().size()];
        System.arraycopy(arguments, 1, all, 0, given);
        for (int i = given; i < all.length; i++) {
            all[i] = control.arguments().get(i - given);
        }
        return all;
    }

    /** Never returns; the exception is for the compiler. */
    private static IllegalStateException end(String message, int status) {
        System.err.println(message);
        System.exit(status);
        return new IllegalStateException(message);
    }
}
