package org.jvmipc.internal.posix;

import org.jspecify.annotations.Nullable;

/**
 * The fault seam: every call of this package to the kernel passes here before it is made, and once more after it, so that
 * a test can count the calls, make the N-th one fail, or end the process at it.
 *
 * <p>It is open only where the system property {@value #PROPERTY} names the class of a {@link Hook}. Otherwise the hook is
 * a constant null: compiled code holds nothing of it, and interpreted code a comparison, before a call that costs a
 * hundred times that. What the JDK itself asks the kernel does not pass here.
 *
 * <p>A call that is made in two ways, such as directly and through JNA, passes under one name.
 */
public final class Seam {
    /** Names the class of the hook, which has a constructor without arguments. */
    public static final String PROPERTY = "org.jvmipc.seam";

    /** What a test puts here. Called by every thread that makes a call, without any lock. */
    public interface Hook {
        /**
         * Before a call is made.
         *
         * @param call its name, as in error messages, such as {@code fcntl(F_SETFL)}
         * @return 0 to let it be made, or the errno with which it fails unmade; {@code close} is made all the same, since
         *     on Linux a descriptor is gone whatever close answers
         */
        int before(String call);

        /**
         * After it was made; not after one that was failed.
         *
         * @param result what it answered, or {@code -errno}
         */
        void after(String call, long result);
    }

    private static final @Nullable Hook HOOK = load(System.getProperty(PROPERTY));

    private Seam() {}

    private static @Nullable Hook load(@Nullable String className) {
        if (className == null) {
            return null;
        }
        try {
            return Class.forName(className)
                    .asSubclass(Hook.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalStateException(PROPERTY + " is no class of a hook: " + className, e);
        }
    }

    /** Whether there is a hook. */
    public static boolean isOpen() {
        return HOOK != null;
    }

    /** 0 if the call is to be made, or the errno with which it is to fail. */
    static int before(String call) {
        return HOOK == null ? 0 : HOOK.before(call);
    }

    /** The call was made. */
    static void after(String call, long result) {
        if (HOOK != null) {
            HOOK.after(call, result);
        }
    }
}
