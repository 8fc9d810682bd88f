package org.jvmipc.sockets;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A relay for one client that carries everything, or nothing while it is {@link #open}; or loses one packet of a type. */
final class BlackHole implements Closeable {
    private static final int TYPE_AT = 8;

    private final DatagramSocket front;
    private final DatagramSocket back;
    private volatile @Nullable SocketAddress client;
    private final AtomicInteger losing = new AtomicInteger();
    private volatile boolean open;

    BlackHole(InetSocketAddress target) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        front = new DatagramSocket(0, loopback);
        back = new DatagramSocket(0, loopback);
        start("there", front, packet -> {
            client = packet.getSocketAddress();
            packet.setSocketAddress(target);
            back.send(packet);
        });
        start("back", back, packet -> {
            SocketAddress to = client;
            if (to != null) {
                packet.setSocketAddress(to);
                front.send(packet);
            }
        });
    }

    private interface Way {
        void carry(DatagramPacket packet) throws IOException;
    }

    private void start(String name, DatagramSocket from, Way way) {
        Thread thread = new Thread(
                () -> {
                    byte[] bytes = new byte[65_536];
                    while (!from.isClosed()) {
                        try {
                            DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                            from.receive(packet);
                            if (!open && !isLost(packet)) {
                                way.carry(packet);
                            }
                        } catch (IOException e) {
                            // Closed, or nobody is there.
                        }
                    }
                },
                "black hole " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private boolean isLost(DatagramPacket packet) {
        int type = packet.getData()[TYPE_AT];
        return type > 0 && losing.compareAndSet(type, 0);
    }

    /** Loses the next packet of this type, whichever way it goes. */
    void loseOne(int type) {
        losing.set(type);
    }

    /** Whether there was one, and it is lost. */
    boolean hasLost() {
        return losing.get() == 0;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    /** Whether it swallows everything. */
    void open(boolean value) {
        open = value;
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
