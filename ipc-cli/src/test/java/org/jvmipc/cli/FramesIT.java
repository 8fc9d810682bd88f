package org.jvmipc.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvmipc.cli.IpcProcess.Result;

/** How {@code send} and {@code recv} mark off messages, and that any program can be the other side. */
@Timeout(240)
class FramesIT {
    private Workplace place;

    @BeforeEach
    void makePlace() throws IOException {
        place = new Workplace();
    }

    @AfterEach
    void clearPlace() throws IOException {
        place.close();
    }

    /** All bytes but one. */
    private static byte[] allBytesBut(int missing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = 0; b < 256; b++) {
            if (b != missing) {
                bytes.write(b);
            }
        }
        return bytes.toByteArray();
    }

    /** Messages that end with this byte: an empty one, all other bytes, one with CR LF, another empty one. */
    private static byte[] delimited(int delimiter) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(delimiter);
        bytes.writeBytes(allBytesBut(delimiter));
        bytes.write(delimiter);
        bytes.write('x');
        bytes.write('\r');
        bytes.write(delimiter);
        bytes.write(delimiter);
        return bytes.toByteArray();
    }

    /** Messages with their length before them: an empty one, all bytes, another empty one. */
    private static byte[] measured() {
        return ByteBuffer.allocate(3 * Integer.BYTES + 256)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .putInt(256)
                .put(allBytesBut(-1))
                .putInt(0)
                .array();
    }

    @ParameterizedTest
    @CsvSource({
        "line, f",
        "nul, f",
        "len32, f",
        "raw, f",
        "framed, f",
        "len32, f?framing=framed",
    })
    void whatIsSentIsWhatIsReceived(String frame, String location) throws Exception {
        place.write(
                "in",
                switch (frame) {
                    case "nul" -> delimited(0);
                    case "len32" -> measured();
                    case "raw" -> allBytesBut(-1);
                    default -> delimited('\n');
                });
        place.run(
                        """
                mkfifo f
                ipc send -f %1$s "fifo:$PWD/%2$s" <in & sender=$!
                ipc recv -f %1$s -n 0 "fifo:$PWD/%2$s" >out && wait $sender && cmp in out
                """
                                .formatted(frame, location))
                .expect(0);
    }

    @Test
    void theLastMessageNeedsNoEndAndOutputAlwaysHasOne() throws Exception {
        Result result = place.run(
                        """
                mkfifo f
                printf 'a\\nb' | ipc send fifo:$PWD/f &
                ipc recv -n 0 fifo:$PWD/f
                printf 'c\\0d' | ipc send -f nul fifo:$PWD/f &
                ipc recv -n 0 -f nul fifo:$PWD/f
                wait
                """)
                .expect(0);
        assertEquals("a\nb\nc\0d\0", result.out());
    }

    @Test
    void aMessageOfTheCommandLineMayBeEmptyAndMayNotHoldTheDelimiter() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                ipc send -f nul fifo:$PWD/f '' $'a\\nb'; ipc recv -f nul -n 2 fifo:$PWD/f
                ipc send fifo:$PWD/f ok $'a\\nb'; code=$?
                ipc recv --no-wait fifo:$PWD/f 2>/dev/null
                exit $code
                """)
                .expect(2);
        assertTrue(result.out().startsWith("\0a\nb\0"), result.out());
        assertTrue(result.err().startsWith("ipc: send fifo:/"), result.err());
        assertTrue(result.err().contains("  fix: -f nul, len32 or framed"), result.err());
    }

    @Test
    void jsonOfAnyLayoutIsOneValueALine() throws Exception {
        place.write(
                "in",
                """
                {
                  "a b": [1, 2.50, "x\\" y"],
                  "e": {}
                }
                "s"  12
                [ ]true
                """
                        .getBytes(UTF_8));
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                ipc send -f json fifo:$PWD/f <in
                ipc recv -n 3 fifo:$PWD/f
                ipc recv -f json fifo:$PWD/f
                timeout 1 head -c 5 <f
                """)
                .expect(0);
        assertEquals("{\"a b\":[1,2.50,\"x\\\" y\"],\"e\":{}}\n\"s\"\n12\n[]\ntrue\n", result.out());
    }

    @Test
    void whatIsNoJsonIsCorruptFromAStreamAndWrongOnTheCommandLine() throws Exception {
        Result result = place.run(
                        """
                mkfifo f; exec 9<>f
                echo '{"a":}' | ipc send -f json fifo:$PWD/f; echo $?
                ipc send -f json fifo:$PWD/f 1 '{'; echo $?
                echo nonsense >f
                ipc recv -f json fifo:$PWD/f; echo $?
                printf '\\5\\0\\0\\0ab' | ipc send -f len32 fifo:$PWD/f; echo $?
                """)
                .expect(0);
        assertEquals("3\n2\n3\n3\n", result.out());
        assertTrue(result.err().contains("ipc: stdin, message 1: no JSON: "), result.err());
        assertTrue(result.err().contains("ipc: send: MSG 2 is no JSON: "), result.err());
        assertTrue(result.err().contains("message 1 is no JSON: "), result.err());
        assertTrue(result.err().contains("stdin, message 1: the input ends after 2 of its 5 bytes"), result.err());
    }

    @Test
    void catIsAPeer() throws Exception {
        Result result = place.run(
                        """
                mkfifo f
                cat f >out & ipc send fifo:$PWD/f hello $'\\tworld'; wait; cat out
                printf 'x\\ny' >f & ipc recv -n 0 fifo:$PWD/f; wait
                head -c 256 /dev/urandom >in; cat in >f & ipc recv -n 0 -f raw fifo:$PWD/f | cmp in
                """)
                .expect(0);
        assertEquals("hello\n\tworld\nx\ny\n", result.out());
    }

    @Test
    void pythonIsAPeer() throws Exception {
        assumeTrue(Workplace.has("python3"), "python3 is not on the PATH");
        Result result = place.run(
                        """
                mkfifo f
                python3 -c 'import struct; f = open("f", "wb"); f.write(struct.pack("<i", 3) + b"a\\nb")' &
                ipc recv -f len32 fifo:$PWD/f | tail -c 3; wait
                python3 -c 'print([line for line in open("f", "rb")])' &
                ipc send fifo:$PWD/f 1 2; wait
                """)
                .expect(0);
        assertEquals("a\nb[b'1\\n', b'2\\n']\n", result.out());
    }

    @Test
    void manyBytesArriveAsTheyAre() throws Exception {
        place.run(
                        """
                mkfifo f; head -c 20000000 /dev/urandom >in
                ipc send -f raw fifo:$PWD/f <in & sender=$!
                ipc recv -n 0 -f raw fifo:$PWD/f | cmp in && wait $sender
                """)
                .expect(0);
    }
}
