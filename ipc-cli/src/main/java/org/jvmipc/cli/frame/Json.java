package org.jvmipc.cli.frame;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.util.Map;

/** Results as JSON: one object, one line. Loaded, with its library, only when JSON is asked for. */
public final class Json {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private Json() {}

    /** The object on one line, its keys in the order of the map, without a newline. */
    public static String line(Map<String, ?> object) {
        return GSON.toJson(object);
    }
}
