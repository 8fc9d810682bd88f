package org.jvmipc.sockets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jvmipc.Address;
import org.jvmipc.IpcException;
import org.jvmipc.OsException;
import org.jvmipc.internal.posix.Errno;
import org.jvmipc.internal.posix.FileStatus;
import org.jvmipc.internal.posix.OsCalls;
import org.jvmipc.internal.posix.SocketCalls;
import org.jvmipc.internal.registry.ObjectFacts;
import org.jvmipc.internal.registry.RegistryRecord;
import org.jvmipc.sockets.internal.PortRecord;
import org.jvmipc.sockets.internal.PortTable;
import org.jvmipc.sockets.internal.SocketHolders;
import org.jvmipc.sockets.internal.UnixBinding;
import org.jvmipc.sockets.internal.UnixTable;

/** What can be said of sockets without connecting to them, by the kernel's tables and the registry. */
final class SocketInspection {
    private SocketInspection() {}

    /** A port of TCP that a server listens on. */
    static Map<String, Object> ofPort(PortTable table, Address address, InetSocketAddress port) throws IOException {
        PortTable.Row listener = table.listener(port);
        if (listener == null) {
            throw new OsException("inspect", Errno.ENOENT, "address=" + SocketCalls.text(port));
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("address", SocketCalls.text(listener.local()));
        facts.put("uid", listener.uid());
        putServers(facts, SocketHolders.of(List.of(listener.inode())));
        facts.put("connections", connections(table, listener.local()));
        facts.put("waiting", listener.receiveQueue());
        RegistryRecord record = PortRecord.survey(address.scheme()).record(PortRecord.path(address));
        if (record != null) {
            putBacklog(facts, record);
            ObjectFacts.putRecord(facts, record);
        }
        return facts;
    }

    private static void putServers(Map<String, Object> facts, List<Long> pids) {
        if (!pids.isEmpty()) {
            facts.put("server", pids.get(0));
        }
    }

    private static void putBacklog(Map<String, Object> facts, RegistryRecord record) {
        String backlog = record.settings().get(PortRecord.BACKLOG);
        if (backlog != null) {
            facts.put("backlog", Long.valueOf(backlog));
        }
    }

    private static long connections(PortTable table, InetSocketAddress local) throws IOException {
        boolean any = local.getAddress().isAnyLocalAddress();
        return table.port(local.getPort()).stream()
                .filter(PortTable.Row::isEstablished)
                .filter(row -> any || row.local().getAddress().equals(local.getAddress()))
                .count();
    }

    /** The processes that have the listening socket of a port open, but for this one. */
    static List<Long> holders(PortTable table, InetSocketAddress port) throws IOException {
        PortTable.Row listener = table.listener(port);
        return listener == null ? List.of() : others(SocketHolders.of(List.of(listener.inode())));
    }

    /** A socket of the Unix domain. */
    static Map<String, Object> ofUnix(String path) throws IOException {
        FileStatus status = OsCalls.linkStatus(path);
        if (status.type() != FileStatus.SOCKET) {
            throw new IpcException(
                    UnixBinding.SCHEME + ":" + path + ": it is a " + status.typeName() + ", not a socket");
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        ObjectFacts.putFile(facts, path, status);
        List<UnixTable.Row> rows = UnixTable.at(path);
        putServers(facts, SocketHolders.of(inodes(rows, true)));
        facts.put("listening", rows.stream().anyMatch(UnixTable.Row::listening));
        facts.put("connections", rows.stream().filter(UnixTable.Row::connected).count());
        RegistryRecord record = UnixBinding.OBJECTS.record(path);
        if (record != null) {
            putBacklog(facts, record);
            ObjectFacts.putRecord(facts, record);
        }
        return facts;
    }

    private static List<Long> inodes(List<UnixTable.Row> rows, boolean listening) {
        return rows.stream()
                .filter(row -> !listening || row.listening())
                .map(UnixTable.Row::inode)
                .toList();
    }

    /** The processes that have a socket of this path open, but for this one. */
    static List<Long> otherHolders(String path) throws IOException {
        return others(SocketHolders.of(inodes(UnixTable.at(path), false)));
    }

    private static List<Long> others(List<Long> pids) {
        long self = ProcessHandle.current().pid();
        return pids.stream().filter(pid -> pid != self).toList();
    }
}
