package org.jvmipc.shm.sync;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.jvmipc.testkit.Gate;
import org.jvmipc.testkit.SynchronizerContract;

/** The file lock keeps the contract. */
final class FileMutexContractTest extends SynchronizerContract {
    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("gate.lock");
    }

    @AfterEach
    void remove() throws Exception {
        FileMutex.remove(path());
    }

    @Override
    public Gate open() throws Exception {
        return new FileMutexGate(path().toString());
    }

    @Override
    public Set<Trait> traits() {
        return EnumSet.allOf(Trait.class);
    }

    @Override
    public Class<? extends Gate> gateClass() {
        return FileMutexGate.class;
    }

    @Override
    public String address() {
        return path().toString();
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
