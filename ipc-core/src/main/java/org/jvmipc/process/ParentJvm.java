package org.jvmipc.process;

import java.io.IOException;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.Codec;
import org.jvmipc.Connection;
import org.jvmipc.Ipc;
import org.jvmipc.Receiver;
import org.jvmipc.Sender;

/**
 * The parent of this JVM, as the child sees it: what it handed over, and whether it still lives.
 *
 * <pre>{@code
 * ParentJvm parent = ParentJvm.get();
 * try (Receiver<String> orders = parent.receiver("orders", Codecs.utf8())) {
 *     parent.ready();                                        // ends the parent's awaitReady()
 *     orders.forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p><b>Parent gone.</b> This JVM then ends within a second, with code 129: shutdown hooks have half a second. A
 * {@linkplain JvmLauncher#detached() detached} one goes on, and learns it by {@link #isGone()} and
 * {@link #onGone(Runnable)}.
 *
 * <p><b>Thread safety.</b> All methods may be called by any thread.
 */
public final class ParentJvm {
    private static volatile @Nullable ParentJvm instance;

    private final ChildControl control;
    private final Lifeline lifeline;

    ParentJvm(ChildControl control, Lifeline lifeline) {
        this.control = control;
        this.lifeline = lifeline;
    }

    /** Before the application's main, in a child. */
    static void set(ParentJvm parent) {
        instance = parent;
    }

    /** Whether this JVM was started by {@link JvmLauncher}. */
    public static boolean isPresent() {
        return instance != null;
    }

    /**
     * The parent.
     *
     * @throws IllegalStateException if this JVM was not started by {@link JvmLauncher}
     */
    public static ParentJvm get() {
        ParentJvm parent = instance;
        if (parent == null) {
            throw new IllegalStateException("this JVM has no parent to talk to: it was not started by JvmLauncher");
        }
        return parent;
    }

    /** Its process number. */
    public long pid() {
        return control.parentPid();
    }

    /** The process, told apart from later ones with its number. */
    public ProcessIdentity identity() {
        return new ProcessIdentity(
                control.parentPid(), control.parentStartTime(), ProcFs.bootId(), ProcFs.pidNamespace("self"));
    }

    // ---- endpoints

    /** The names of the endpoints it handed over. */
    public Set<String> names() {
        return Collections.unmodifiableSet(new TreeSet<>(control.addresses().keySet()));
    }

    /**
     * The address handed over by this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Address address(String name) {
        String address = control.addresses().get(name);
        if (address == null) {
            throw new IllegalArgumentException("the parent handed over nothing called '" + name + "'; "
                    + (names().isEmpty()
                            ? "it handed over nothing at all"
                            : "there is: " + String.join(", ", names())));
        }
        return Address.of(address);
    }

    /**
     * Opens what was handed over by this name for sending.
     *
     * @throws IllegalArgumentException if there is nothing by this name
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    public <T> Sender<T> sender(String name, Codec<T> codec) throws IOException, InterruptedException {
        return Ipc.sender(address(name), codec);
    }

    /**
     * Opens what was handed over by this name for receiving.
     *
     * @throws IllegalArgumentException if there is nothing by this name
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    public <T> Receiver<T> receiver(String name, Codec<T> codec) throws IOException, InterruptedException {
        return Ipc.receiver(address(name), codec);
    }

    /**
     * Opens both directions of what was handed over by this name.
     *
     * @throws IllegalArgumentException if there is nothing by this name
     * @throws InterruptedException if opening waits for the other side and was interrupted
     */
    public <T> Connection<T> connection(String name, Codec<T> codec) throws IOException, InterruptedException {
        return Ipc.connection(address(name), codec);
    }

    // ---- life

    /**
     * Tells the parent that this JVM is ready. Then it closes what it kept open on this JVM's behalf: open anonymous pipes
     * before. The second time it does nothing, nor if the parent is gone.
     */
    public void ready() {
        control.sayReady();
    }

    /** Whether the parent has ended; only a detached child lives to see it. */
    public boolean isGone() {
        return lifeline.isParentGone();
    }

    /**
     * Runs the action, on a thread of the toolkit, when the parent has ended; at once, on this one, if it has. In a child
     * that is not detached the action and the shutdown hooks after it have half a second together.
     */
    public void onGone(Runnable action) {
        lifeline.onGone(action);
    }

    @Override
    public String toString() {
        return "parent JVM " + pid();
    }
}
