package org.jvmipc.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;

/**
 * Looks whether what the command prints is what its schema says. Knows the part of JSON Schema that the schemas are written in,
 * and refuses one that uses any other.
 */
final class JsonSchema {
    /** Where the schemas are, beside the classes of the command. */
    static final String FOLDER = "/org/jvmipc/cli/schema/";

    private static final Set<String> SAYS_NOTHING = Set.of("$schema", "$id", "title");

    private final List<String> faults = new ArrayList<>();

    private JsonSchema() {}

    /** The file of a schema, as {@code ipc.ls-1.json} for {@code ipc.ls/1}. */
    static String file(String name) {
        return name.replace('/', '-') + ".json";
    }

    /** The schema of this name. */
    static JsonObject load(String name) throws IOException {
        try (InputStream in = JsonSchema.class.getResourceAsStream(FOLDER + file(name))) {
            Assertions.assertNotNull(in, name + " has no file " + file(name));
            return JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        }
    }

    /**
     * Fails if the line is not what the schema that it names says.
     *
     * @return the name of the schema
     */
    static String check(String line) throws IOException {
        JsonObject value = JsonParser.parseString(line).getAsJsonObject();
        String name = value.get("schema").getAsString();
        Assertions.assertEquals(List.of(), faults(load(name), value), line);
        return name;
    }

    /** What is wrong with a value. */
    static List<String> faults(JsonObject schema, JsonElement value) {
        JsonSchema check = new JsonSchema();
        check.check(schema, value, "$");
        return check.faults;
    }

    private void check(JsonObject rules, JsonElement value, String where) {
        for (Map.Entry<String, JsonElement> rule : rules.entrySet()) {
            if (!SAYS_NOTHING.contains(rule.getKey())) {
                check(rule.getKey(), rule.getValue(), rules, value, where);
            }
        }
    }

    private void check(String rule, JsonElement says, JsonObject rules, JsonElement value, String where) {
        boolean holds =
                switch (rule) {
                    case "type" -> isOfType(says, value);
                    case "const" -> says.equals(value);
                    case "enum" -> says.getAsJsonArray().contains(value);
                    case "pattern" -> !isString(value)
                            || Pattern.compile(says.getAsString())
                                    .matcher(value.getAsString())
                                    .find();
                    case "minLength" -> !isString(value) || value.getAsString().length() >= says.getAsInt();
                    case "minimum" -> !isNumber(value) || compare(value, says) >= 0;
                    case "maximum" -> !isNumber(value) || compare(value, says) <= 0;
                    case "required" -> !value.isJsonObject()
                            || says.getAsJsonArray().asList().stream()
                                    .allMatch(key -> value.getAsJsonObject().has(key.getAsString()));
                    case "oneOf" -> says.getAsJsonArray().asList().stream()
                                    .filter(each -> faults(each.getAsJsonObject(), value)
                                            .isEmpty())
                                    .count()
                            == 1;
                    case "items" -> items(says.getAsJsonObject(), value, where);
                    case "properties" -> properties(says.getAsJsonObject(), value, where);
                    case "additionalProperties" -> others(says, rules, value, where);
                    default -> throw new IllegalArgumentException("the schemas know no rule " + rule);
                };
        if (!holds) {
            faults.add(where + " is " + value + ", against " + rule + " " + says);
        }
    }

    private static boolean isString(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    }

    private static boolean isNumber(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }

    private static int compare(JsonElement one, JsonElement other) {
        return one.getAsBigDecimal().compareTo(other.getAsBigDecimal());
    }

    private static boolean isOfType(JsonElement says, JsonElement value) {
        if (says.isJsonArray()) {
            return says.getAsJsonArray().asList().stream().anyMatch(each -> isOfType(each, value));
        }
        return switch (says.getAsString()) {
            case "object" -> value.isJsonObject();
            case "array" -> value.isJsonArray();
            case "string" -> isString(value);
            case "boolean" -> value.isJsonPrimitive()
                    && value.getAsJsonPrimitive().isBoolean();
            case "number" -> isNumber(value);
            case "integer" -> isNumber(value) && isWhole(value.getAsBigDecimal());
            default -> throw new IllegalArgumentException("the schemas know no type " + says);
        };
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    private boolean items(JsonObject rules, JsonElement value, String where) {
        if (value.isJsonArray()) {
            value.getAsJsonArray().forEach(each -> check(rules, each, where + "[]"));
        }
        return true;
    }

    private boolean properties(JsonObject rules, JsonElement value, String where) {
        if (value.isJsonObject()) {
            value.getAsJsonObject().entrySet().stream()
                    .filter(each -> rules.has(each.getKey()))
                    .forEach(each ->
                            check(rules.getAsJsonObject(each.getKey()), each.getValue(), where + "." + each.getKey()));
        }
        return true;
    }

    private boolean others(JsonElement says, JsonObject rules, JsonElement value, String where) {
        if (!value.isJsonObject()) {
            return true;
        }
        JsonObject known = rules.has("properties") ? rules.getAsJsonObject("properties") : new JsonObject();
        for (Map.Entry<String, JsonElement> each : value.getAsJsonObject().entrySet()) {
            if (known.has(each.getKey())) {
                continue;
            }
            if (!says.isJsonObject()) {
                return says.getAsBoolean();
            }
            check(says.getAsJsonObject(), each.getValue(), where + "." + each.getKey());
        }
        return true;
    }
}
