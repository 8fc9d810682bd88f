package org.jvmipc.signals;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.jvmipc.IpcException;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.internal.posix.SignalAction;
import org.jvmipc.internal.posix.SignalActionCalls;

/**
 * A signal that the JVM handles itself, HUP, INT or TERM, and hands over: by {@code sun.misc.Signal}, of the module
 * {@code jdk.unsupported}. By reflection, as the compiler warns of it and cannot be told not to.
 */
final class JvmHandler {
    /** What the JDK's own handlers look like from outside. */
    private static final String JDK_HANDLER = "sun.misc.Signal$SunMiscHandler";

    private static final String DEFAULT_HANDLER = "sun.misc.NativeSignalHandler";

    private final Object signal;
    private final Object own;
    private final Object before;

    private JvmHandler(Object signal, Object own, Object before) {
        this.signal = signal;
        this.own = own;
        this.before = before;
    }

    /** Whether the JVM handles it now; not with {@code -Xrs}, and not if it was ignored at its start. */
    static boolean isNeeded(PosixSignal signal) throws IOException {
        SignalAction action = SignalActionCalls.current(signal.number());
        if (!action.isHandler()) {
            return false;
        }
        String function = SignalActionCalls.function(action.handler());
        if (function == null || !(function.contains("libjvm") || function.contains("libjsig"))) {
            throw ManagedSignals.foreign(signal, action);
        }
        return true;
    }

    /**
     * Takes the signal over.
     *
     * @param arrived gets its number, in a thread of the JVM's
     * @throws SignalUnavailableException if the application has a handler of its own
     */
    static JvmHandler install(PosixSignal signal, IntConsumer arrived) throws IOException {
        try {
            Object name = type("Signal").getConstructor(String.class).newInstance(signal.name());
            Object own = Proxy.newProxyInstance(
                    JvmHandler.class.getClassLoader(),
                    new Class<?>[] {type("SignalHandler")},
                    (self, method, arguments) -> answer(self, method, arguments, signal, arrived));
            Object before = replace(name, own);
            if (isApplications(before)) {
                replace(name, before);
                throw new SignalUnavailableException(
                        signal,
                        SignalUnavailableException.Owner.FOREIGN_HANDLER,
                        "the application has a handler already, "
                                + before.getClass().getName() + ", which is not replaced");
            }
            return new JvmHandler(name, own, before);
        } catch (ReflectiveOperationException e) {
            throw refused(signal, e);
        }
    }

    private static boolean isApplications(Object handler) {
        String type = handler.getClass().getName();
        return !type.equals(JDK_HANDLER) && !type.equals(DEFAULT_HANDLER);
    }

    private static @Nullable Object answer(
            Object self, Method method, Object[] arguments, PosixSignal signal, IntConsumer arrived) {
        return switch (method.getName()) {
            case "handle" -> {
                arrived.accept(signal.number());
                yield null;
            }
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "handler of SignalReceiver for " + signal;
        };
    }

    private static IOException refused(PosixSignal signal, ReflectiveOperationException e) {
        Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
        return cause instanceof ClassNotFoundException
                ? new UnsupportedMechanismException(
                        signal + ": this JVM has no module jdk.unsupported, which hands it over")
                : new IpcException(signal + " is not handed over by the JVM: " + cause.getMessage(), cause);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName("sun.misc." + name);
    }

    private static Object replace(Object signal, Object handler) throws ReflectiveOperationException {
        Object before = type("Signal")
                .getMethod("handle", type("Signal"), type("SignalHandler"))
                .invoke(null, signal, handler);
        if (before == null) {
            throw new ReflectiveOperationException("no handler before");
        }
        return before;
    }

    /** Puts back what was before, unless somebody has replaced this one meanwhile. */
    void remove() throws IOException {
        try {
            Object present = replace(signal, before);
            if (present != own) {
                replace(signal, present);
            }
        } catch (ReflectiveOperationException e) {
            throw new IpcException("the handler of " + signal + " cannot be put back", e);
        }
    }
}
