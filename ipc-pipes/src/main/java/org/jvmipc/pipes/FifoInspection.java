package org.jvmipc.pipes;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jvmipc.internal.posix.Fcntl;
import org.jvmipc.internal.posix.Fd;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.registry.ObjectFacts;
import org.jvmipc.internal.registry.ObjectFile;
import org.jvmipc.internal.registry.OpenFiles;
import org.jvmipc.internal.registry.Registry;
import org.jvmipc.internal.registry.RegistryRecord;

/** What can be said of a FIFO without getting between those who use it. */
final class FifoInspection {
    private FifoInspection() {}

    static Map<String, Object> of(String path, int owner) throws IOException {
        Registry registry = Registry.open();
        FifoOptions recorded = FifoRegistry.recorded(path, owner); // finishes what a killed creator began
        Map<String, Object> facts = new LinkedHashMap<>();
        try (ObjectFile file = ObjectFile.find(FifoRegistry.SCHEME, path, FileStatus.FIFO, owner)) {
            FileStatus status = file.status();
            ObjectFacts.putFile(facts, path, status);
            List<OpenFiles.Holder> holders = OpenFiles.holders(status.device(), status.inode(), true);
            facts.put("receivers", pids(holders, OpenFiles.Holder::canRead));
            facts.put("senders", pids(holders, OpenFiles.Holder::canWrite));
            if (holders.stream().anyMatch(OpenFiles.Holder::canRead)) {
                addPipe(facts, file);
            }
            RegistryRecord record = registry.find(FifoRegistry.SCHEME, path);
            if (recorded != null && record != null && record.isOf(status)) {
                addRecord(facts, recorded, record);
            }
        }
        return facts;
    }

    private static List<Long> pids(List<OpenFiles.Holder> holders, Predicate<OpenFiles.Holder> which) {
        return holders.stream().filter(which).map(OpenFiles.Holder::pid).toList();
    }

    /**
     * There is a pipe only while somebody has the FIFO open. It is opened for reading, and only beside another reader: else
     * a writer would take this one for its reader. Opened for writing, it would end the stream of who reads plain bytes.
     */
    private static void addPipe(Map<String, Object> facts, ObjectFile file) throws IOException {
        try (Fd fd = file.open(Fcntl.O_RDONLY | Fcntl.O_NONBLOCK)) {
            facts.put("capacity", OsCalls.pipeCapacity(fd.number()));
            facts.put("waiting", OsCalls.bytesWaiting(fd.number()));
        }
    }

    private static void addRecord(Map<String, Object> facts, FifoOptions options, RegistryRecord record)
            throws IOException {
        facts.put(PipeEnds.FRAMING, FifoAddress.word(options.framing()));
        facts.put("sharing", FifoAddress.word(options.sharing()));
        facts.put("max", options.maxMessageBytes());
        ObjectFacts.putRecord(facts, record);
    }
}
