package org.jvmipc.internal.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The handlers are what their description says, byte by byte. */
class MaskEditorLayoutTest {
    private static final Path SOURCE = Path.of("src/main/java/org/jvmipc/internal/posix/MaskEditorLayout.java");
    private static final long DATA = 0x1122_3344_5566_7788L;
    private static final Pattern INSTRUCTION =
            Pattern.compile("^ \\*   (\\S.{31,}?) {2,}((?:[0-9a-f]{2} ?)+)(\\(8 bytes\\))?(?: {2,}.*)?$");

    /** The instructions of each handler, as they are written down: from an endbr64 to the next. */
    private static List<byte[]> documented() throws Exception {
        List<ByteArrayOutputStream> handlers = new ArrayList<>();
        for (String line : Files.readAllLines(SOURCE)) {
            Matcher instruction = INSTRUCTION.matcher(line);
            if (!instruction.matches()) {
                continue;
            }
            if (instruction.group(1).startsWith("endbr64")) {
                handlers.add(new ByteArrayOutputStream());
            }
            ByteArrayOutputStream handler = handlers.get(handlers.size() - 1);
            handler.writeBytes(HexFormat.of().parseHex(instruction.group(2).replace(" ", "")));
            if (instruction.group(3) != null) {
                handler.writeBytes(ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(DATA)
                        .array());
            }
        }
        return handlers.stream().map(ByteArrayOutputStream::toByteArray).toList();
    }

    @Test
    void theCodeOfX8664IsAsDocumented() throws Exception {
        byte[] page = new byte[MaskEditorLayout.PAGE];
        List<byte[]> handlers = documented();
        assertEquals(3, handlers.size());
        int[] places = {
            MaskEditorLayout.CARRIER_HANDLER, MaskEditorLayout.MANAGED_HANDLER, MaskEditorLayout.DISCARDING_HANDLER
        };
        for (int i = 0; i < places.length; i++) {
            byte[] handler = handlers.get(i);
            System.arraycopy(handler, 0, page, places[i], handler.length);
        }
        assertArrayEquals(page, MaskEditorLayout.code(DATA, false));
    }

    @Test
    void theAddressOfTheDataStandsBehindTheInstructionsOfAarch64() {
        ByteBuffer page = ByteBuffer.wrap(MaskEditorLayout.code(DATA, true)).order(ByteOrder.LITTLE_ENDIAN);
        for (int place : new int[] {MaskEditorLayout.CARRIER_HANDLER, MaskEditorLayout.MANAGED_HANDLER}) {
            int load = page.getInt(place + Integer.BYTES); // ldr x9, literal: 19 bits of words from here
            int words = load >> 5 & 0x7ffff;
            assertEquals(0x5800_0009, load & 0xff00_001f);
            assertEquals(DATA, page.getLong(place + Integer.BYTES + words * Integer.BYTES));
        }
        assertEquals(0xd503_245f, page.getInt(MaskEditorLayout.DISCARDING_HANDLER));
        assertEquals(0xd65f_03c0, page.getInt(MaskEditorLayout.DISCARDING_HANDLER + Integer.BYTES));
        byte[] code = page.array();
        byte[] rest = Arrays.copyOfRange(code, MaskEditorLayout.DISCARDING_HANDLER + Long.BYTES, code.length);
        assertArrayEquals(new byte[rest.length], rest);
    }
}
