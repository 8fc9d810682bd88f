package org.jvmipc.shm.sync;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.Address;
import org.jvmipc.testkit.Gate;
import org.jvmipc.testkit.SynchronizerContract;

/** A read-write lock that is held for writing keeps the contract. */
final class SharedWriteLockContractTest extends SynchronizerContract {
    @TempDir
    Path directory;

    @AfterEach
    void remove() throws Exception {
        SharedReadWriteLock.remove(Address.of(address()));
    }

    @Override
    public Gate open() throws Exception {
        return new SharedWriteLockGate(address());
    }

    @Override
    public Set<Trait> traits() {
        return EnumSet.complementOf(EnumSet.of(Trait.FAIR));
    }

    @Override
    public Class<? extends Gate> gateClass() {
        return SharedWriteLockGate.class;
    }

    @Override
    public String address() {
        return "rwlock:" + directory.resolve("gate");
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
