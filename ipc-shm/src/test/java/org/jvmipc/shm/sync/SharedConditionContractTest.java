package org.jvmipc.shm.sync;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.shm.Segment;
import org.jvmipc.testkit.Gate;
import org.jvmipc.testkit.SynchronizerContract;

/** A monitor, of a condition and a mutex, keeps the contract. */
final class SharedConditionContractTest extends SynchronizerContract {
    @TempDir
    Path directory;

    @AfterEach
    void remove() throws Exception {
        Segment.remove(Address.of(address()));
    }

    @Override
    public Gate open() throws Exception {
        return new SharedConditionGate(address());
    }

    @Override
    public Set<Trait> traits() {
        return EnumSet.of(Trait.CROSS_JVM);
    }

    @Override
    public Class<? extends Gate> gateClass() {
        return SharedConditionGate.class;
    }

    @Override
    public String address() {
        return "segment:" + directory.resolve("gate");
    }

    @Override
    public Class<? extends RuntimeException> alreadyHeld() {
        return AlreadyHeldException.class;
    }

    @Override
    public Class<? extends RuntimeException> notHeld() {
        return NotHeldException.class;
    }

    @Override
    public Class<? extends Exception> closed() {
        return ClosedSynchronizerException.class;
    }
}
