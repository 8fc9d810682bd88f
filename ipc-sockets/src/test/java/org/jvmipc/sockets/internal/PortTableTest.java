package org.jvmipc.sockets.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is believed of the kernel's table, and what not. */
class PortTableTest {
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0x1B58);
    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0x1B59);
    private static final String HEADER =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private static final String ROW =
            "   0: 0100007F:1B58 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12345 2 0 0\n";

    @TempDir
    Path directory;

    private Set<InetSocketAddress> bound() throws IOException {
        return new PortTable(directory, "udp").bound(Set.of(HERE, NOBODY));
    }

    @Test
    void aKernelWithoutIpv6HasOneTable() throws Exception {
        Files.writeString(directory.resolve("udp"), HEADER + ROW);
        assertEquals(Set.of(HERE), bound());
    }

    @Test
    void withoutItsTableNothingIsKnown() throws Exception {
        Files.writeString(directory.resolve("udp6"), HEADER);
        assertThrows(NoSuchFileException.class, this::bound);
    }

    @Test
    void ofALineThatIsNoneNothingIsKnown() throws Exception {
        for (String host : new String[] {"0100007", "0100007Z", "", "0100007F01"}) {
            Files.writeString(directory.resolve("udp"), HEADER + ROW.replace("0100007F", host));
            assertThrows(IOException.class, this::bound, host);
        }
    }
}
