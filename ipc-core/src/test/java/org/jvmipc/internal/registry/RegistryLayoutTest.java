package org.jvmipc.internal.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.jvmipc.CorruptDataException;
import org.jvmipc.Lifetime;
import org.jvmipc.process.ProcessIdentity;

@Timeout(60)
class RegistryLayoutTest {
    /** The one of the documentation. */
    private static final String GOLDEN =
            """
            format=1
            scheme=fifo
            address=fifo:/tmp/my%20fifo
            path=/tmp/my%20fifo
            device=0:29
            inode=4711
            born=1795544415123456789
            size=65536
            created=2026-11-24T18:20:15.123Z
            lifetime=owned
            owner=4711:8812:1b4e28ba-2fa1-11d2-883f-0016d3cca427:4026531836
            set.capacity=64k
            """;

    private static final String GOLDEN_CHECKSUM = "crc32c=0145017a\n";

    private static RegistryRecord golden() {
        return new RegistryRecord(
                "fifo",
                "fifo:/tmp/my fifo",
                "/tmp/my fifo",
                29,
                4711,
                1_795_544_415_123_456_789L,
                65536,
                Instant.parse("2026-11-24T18:20:15.123Z"),
                Lifetime.OWNED,
                ProcessIdentity.parse("4711:8812:1b4e28ba-2fa1-11d2-883f-0016d3cca427:4026531836"),
                new TreeMap<>(Collections.singletonMap("capacity", "64k")));
    }

    private static byte[] sealed(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        byte[] last =
                String.format(Locale.ROOT, "crc32c=%08x\n", crc.getValue()).getBytes(US_ASCII);
        byte[] image = Arrays.copyOf(content, content.length + last.length);
        System.arraycopy(last, 0, image, content.length, last.length);
        return image;
    }

    private static byte[] sealed(String content) {
        return sealed(content.getBytes(US_ASCII));
    }

    private static RegistryRecord decode(byte[] image) throws CorruptDataException {
        return RegistryLayout.decode(image, "/x.rec");
    }

    private static void expectRefused(String content, String why) {
        expectRefused(sealed(content), why);
    }

    private static void expectRefused(byte[] image, String why) {
        CorruptDataException error = assertThrows(CorruptDataException.class, () -> decode(image), why);
        assertTrue(error.getMessage().contains("/x.rec"), error.getMessage());
        assertTrue(error.getMessage().contains(why), error.getMessage());
        assertTrue(error.getMessage().chars().noneMatch(c -> c < ' ' || c == 0x7f), error.getMessage());
    }

    // ---- what is written

    @Test
    void isTheTextOfTheDocumentation() throws Exception {
        assertEquals(GOLDEN + GOLDEN_CHECKSUM, new String(RegistryLayout.encode(golden()), US_ASCII));
        assertEquals(golden(), decode((GOLDEN + GOLDEN_CHECKSUM).getBytes(US_ASCII)));
    }

    @Test
    void readsWhatItWrites() throws Exception {
        RegistryRecord half = Fixtures.begun(Path.of("/tmp/x"), Lifetime.KEPT);
        for (RegistryRecord record : List.of(golden(), Fixtures.difficult(), half)) {
            assertEquals(record, decode(RegistryLayout.encode(record)));
        }
    }

    @Test
    void isPrintableAscii() {
        for (byte b : RegistryLayout.encode(Fixtures.difficult())) {
            assertTrue(b == '\n' || (b > ' ' && b < 0x7f), "byte " + b);
        }
    }

    @Test
    void hasRoomForTheLongestPath() throws Exception {
        String path = "/" + "\u20ac".repeat(1365);
        RegistryRecord record = Fixtures.begun(Path.of(path), Lifetime.KEPT);
        assertEquals(record, decode(RegistryLayout.encode(record)));
        RegistryRecord tooLong = Fixtures.begun(Path.of("/" + path.repeat(8)), Lifetime.KEPT);
        assertThrows(IllegalArgumentException.class, () -> RegistryLayout.encode(tooLong));
    }

    // ---- what is read

    @Test
    void takesLinesInAnyOrderAndUnknownOnes() throws Exception {
        List<String> lines = new ArrayList<>(GOLDEN.lines().skip(1).toList());
        Collections.reverse(lines);
        lines.add("later=x");
        lines.add("settings=y");
        assertEquals(golden(), decode(sealed("format=1\n" + String.join("\n", lines) + "\n")));
    }

    @Test
    void refusesARecordWithoutOneOfItsLines() {
        for (String line : GOLDEN.lines().filter(l -> !l.startsWith("set.")).toList()) {
            boolean first = line.equals("format=1");
            expectRefused(GOLDEN.replaceFirst(line + "\n", ""), first ? "begins with" : "it has no line");
        }
    }

    @Test
    void refusesALineTwice() {
        for (String line : GOLDEN.lines().toList()) {
            expectRefused(GOLDEN + line + "\n", "comes twice");
        }
    }

    @Test
    void refusesAnotherFormat() {
        expectRefused(GOLDEN.replace("format=1", "format=2"), "\"format=2\" and not with \"format=1\"");
        expectRefused("", "begins with");
        expectRefused(new byte[0], "it has 0 bytes");
        expectRefused(new byte[15], "it has 15 bytes");
        expectRefused(new byte[RegistryLayout.MAX_BYTES + 1], "it has 65537 bytes");
    }

    @Test
    void refusesLinesThatAreNone() {
        expectRefused(GOLDEN + "\n", "not key=value");
        expectRefused(GOLDEN + "x\n", "not key=value");
        expectRefused(GOLDEN + "=x\n", "not key=value");
        expectRefused(GOLDEN + "x=y", "has no line for itself");
        expectRefused(GOLDEN + "x=\u001b[31m\n", "not printable");
        expectRefused(GOLDEN + "x=%1\n", "two hexadecimal digits");
        expectRefused(GOLDEN + "x=%FF\n", "not UTF-8");
        expectRefused(GOLDEN + "set.=x\n", "not the name of a setting");
        expectRefused(GOLDEN + "set.a\u001bb=x\n", "not the name of a setting");
        expectRefused(GOLDEN + "set.a=%00\n", "NUL");
    }

    @Test
    void refusesValuesThatAreNone() {
        String[][] values = {
            {"scheme", "", "Fifo", "fifo-", "x".repeat(33)},
            {"path", "", "tmp", "/tmp/", "/tmp%00"},
            {"address", "%00"},
            {"device", "", "29", "0:", ":29", "0:-1", "0:4294967296", "0:1:2", "+0:29", "0:%D9%A1"},
            {"inode", "", "-1", "+1", "x", "18446744073709551616", "%D9%A1"},
            {"born", "", "x", "+1", "9223372036854775808", "%D9%A1"},
            {"size", "", "-1", "+1", "64k", "%D9%A1"},
            {"created", "", "now", "2026-11-24", "2026-13-24T18:20:15Z"},
            {"lifetime", "", "OWNED", "owned%20"},
            {"owner", "", "1", "0:1::1", "1:1:x:1", "1:1::1:1"},
        };
        for (String[] row : values) {
            for (String value : Arrays.copyOfRange(row, 1, row.length)) {
                String content = GOLDEN.replaceFirst("(?m)^" + row[0] + "=.*$", row[0] + "=" + value);
                assertThrows(CorruptDataException.class, () -> decode(sealed(content)), row[0] + "=" + value);
            }
        }
    }

    // ---- what is damaged

    /** One accident of a file. */
    private static byte[] damage(byte[] image, Random random) {
        int at = random.nextInt(image.length);
        int to = at + random.nextInt(image.length - at);
        ByteArrayOutputStream damaged = new ByteArrayOutputStream();
        switch (random.nextInt(6)) {
            case 0 -> { // a bit
                byte[] copy = image.clone();
                copy[at] ^= (byte) (1 << random.nextInt(8));
                return copy;
            }
            case 1 -> damaged.write(image, 0, at); // cut off
            case 2 -> { // a piece is missing
                damaged.write(image, 0, at);
                damaged.write(image, to, image.length - to);
            }
            case 3 -> { // a piece comes twice
                damaged.write(image, 0, to);
                damaged.write(image, at, image.length - at);
            }
            case 4 -> { // a piece is zero, as blocks are that never came to the disk
                byte[] copy = image.clone();
                Arrays.fill(copy, at, to, (byte) 0);
                return copy;
            }
            default -> { // anything in the middle
                damaged.write(image, 0, at);
                for (int i = random.nextInt(5); i >= 0; i--) {
                    damaged.write(random.nextInt(256));
                }
                damaged.write(image, at, image.length - at);
            }
        }
        return damaged.toByteArray();
    }

    @Test
    void ofDamagedOnesNoneIsReadAsAnother() throws Exception {
        byte[] image = RegistryLayout.encode(Fixtures.difficult());
        Random random = new Random(4711);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] damaged = damage(image, random);
            try {
                assertEquals(Fixtures.difficult(), decode(damaged), () -> new String(damaged, US_ASCII));
            } catch (CorruptDataException e) {
                refused++;
            }
        }
        assertTrue(refused > 9_000, "only " + refused + " were refused");
    }

    @Test
    void ofForgedOnesNoneDoesOtherHarm() throws Exception {
        byte[] image = RegistryLayout.encode(Fixtures.difficult());
        byte[] content = Arrays.copyOf(image, image.length - GOLDEN_CHECKSUM.length());
        Random random = new Random(4712);
        int read = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] forged = sealed(damage(content, random));
            try {
                RegistryRecord record = decode(forged);
                assertEquals(record, decode(RegistryLayout.encode(record)));
                read++;
            } catch (CorruptDataException e) {
                assertTrue(e.getMessage().chars().noneMatch(c -> c < ' ' || c == 0x7f), e.getMessage());
            }
        }
        assertTrue(read > 0, "all were refused");
    }
}
