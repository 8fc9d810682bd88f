package org.jvmipc.cli.frame;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Results as JSON: one object, one line. Loaded, with its library, only when JSON is asked for. */
public final class Json {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private Json() {}

    /** The object on one line, its keys in the order of the map, without a newline. */
    public static String line(Map<String, ?> object) {
        return GSON.toJson(object);
    }

    /**
     * A JSON value of any layout on one line, without the space around its parts; nothing else is changed.
     *
     * @throws IllegalArgumentException if it is not exactly one JSON value (RFC 8259) in UTF-8
     */
    public static byte[] oneLine(byte[] text) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
            JsonReader reader = new JsonReader(new StringReader(decoded));
            reader.setStrictness(Strictness.STRICT);
            reader.skipValue();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("something stands behind the value");
            }
            return withoutSpace(text);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is not UTF-8", e);
        } catch (EOFException e) {
            throw new IllegalArgumentException("the value is not complete", e);
        } catch (IOException | IllegalStateException e) {
            String why = String.valueOf(e.getMessage());
            throw new IllegalArgumentException(why.lines().findFirst().orElse(why), e);
        }
    }

    /** Of a value that is JSON: a string holds no control character, and an escaped quote does not end it. */
    private static byte[] withoutSpace(byte[] text) {
        byte[] line = new byte[text.length];
        int length = 0;
        boolean inString = false;
        boolean escaped = false;
        for (byte b : text) {
            if (inString || !(b == ' ' || b == '\n' || b == '\t' || b == '\r')) {
                line[length++] = b;
            }
            inString ^= b == '"' && !escaped;
            escaped = inString && b == '\\' && !escaped;
        }
        return Arrays.copyOf(line, length);
    }
}
