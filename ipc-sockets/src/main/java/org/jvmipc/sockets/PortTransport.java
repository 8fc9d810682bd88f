package org.jvmipc.sockets;

import java.io.IOException;
import java.util.List;
import org.jvmipc.Address;
import org.jvmipc.UnsupportedMechanismException;
import org.jvmipc.sockets.internal.PortRecord;
import org.jvmipc.sockets.internal.PortTable;
import org.jvmipc.spi.Removal;
import org.jvmipc.spi.Survey;

/** A scheme of connections to a port: it is there while its server listens, and records tell which ports this toolkit's servers have. */
abstract class PortTransport extends ConnectionTransport {
    private final String scheme;
    private final PortTable ports;

    PortTransport(String scheme, PortTable ports) {
        this.scheme = scheme;
        this.ports = ports;
    }

    @Override
    public String name() {
        return scheme;
    }

    @Override
    public Address create(Address address) throws IOException {
        throw new UnsupportedMechanismException(
                address + ": a port is bound by the server that listens there, and by nothing else");
    }

    @Override
    public boolean exists(Address address) throws IOException {
        return ports.listener(SocketNames.resolve(address)) != null;
    }

    @Override
    public List<Address> list() throws IOException {
        return PortRecord.survey(scheme).list();
    }

    @Override
    public List<Long> users(Address address) throws IOException {
        return SocketInspection.holders(ports, SocketNames.resolve(address));
    }

    @Override
    public Survey survey() throws IOException {
        return PortRecord.survey(scheme).survey();
    }

    @Override
    public List<Removal> removeStale(boolean dryRun) throws IOException {
        return PortRecord.survey(scheme).removeStale(dryRun);
    }

    @Override
    public boolean remove(Address address) throws IOException {
        throw new UnsupportedMechanismException(address + ": a port is given back by the server that listens there");
    }
}
