package org.jvmipc.cli.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jvmipc.cli.frame.CommandException;
import org.jvmipc.cli.frame.UsageErrors;
import org.jvmipc.internal.Quoted;
import org.jvmipc.internal.Suggestions;
import org.jvmipc.internal.Units;
import org.jvmipc.process.ProcessIdentity;
import org.jvmipc.spi.ObjectInfo;

/** A column of {@code ipc ls}. */
enum Column {
    ADDRESS(false),
    SCHEME(false),
    STATE(false),
    LIFETIME(false),
    OWNER(false),
    AGE(true),
    CREATED(false),
    SIZE(true),
    BYTES(true),
    USERS(false);

    /** Those that are shown when none are named. */
    static final List<Column> USUAL = List.of(ADDRESS, STATE, LIFETIME, OWNER, AGE, SIZE, USERS);

    /** What stands where nothing is known, or there is nothing. */
    private static final String UNKNOWN = "-";

    private final boolean number;

    Column(boolean number) {
        this.number = number;
    }

    /** Whether it is aligned to the right. */
    boolean isNumber() {
        return number;
    }

    /** What is typed. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads words with commas between. */
    static List<Column> of(String words) {
        List<String> known = new ArrayList<>();
        for (Column column : values()) {
            known.add(column.word());
        }
        List<Column> columns = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            if (!known.contains(word)) {
                throw CommandException.usage(
                        "ls: there is no column " + Quoted.of(word),
                        UsageErrors.fixes(Suggestions.nearest(word, known), "they are: " + String.join(",", known)));
            }
            columns.add(valueOf(word.toUpperCase(Locale.ROOT)));
        }
        return columns;
    }

    /** What stands in it. */
    String value(ObjectInfo object, Instant now) {
        return switch (this) {
            case ADDRESS -> object.address().toString();
            case SCHEME -> object.address().scheme();
            case STATE -> state(object);
            case LIFETIME -> object.lifetime().name().toLowerCase(Locale.ROOT);
            case OWNER -> owner(object);
            case AGE -> age(object, now);
            case CREATED -> created(object);
            case SIZE -> object.sizeBytes() == 0 ? UNKNOWN : Units.formatSize(object.sizeBytes());
            case BYTES -> object.sizeBytes() == 0 ? UNKNOWN : Long.toString(object.sizeBytes());
            case USERS -> object.users().isEmpty()
                    ? UNKNOWN
                    : object.users().stream().map(String::valueOf).collect(Collectors.joining(","));
        };
    }

    private static String owner(ObjectInfo object) {
        ProcessIdentity owner = object.owner();
        return owner == null ? UNKNOWN : owner.pid() + (object.ownerAlive() ? " alive" : " dead");
    }

    private static String created(ObjectInfo object) {
        Instant created = object.created();
        return created == null ? UNKNOWN : created.toString();
    }

    private static String age(ObjectInfo object, Instant now) {
        Instant created = object.created();
        return created == null ? UNKNOWN : age(Duration.between(created, now));
    }

    static String state(ObjectInfo object) {
        return object.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In the largest unit of which it is at least one. */
    private static String age(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + "d";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + "m" : Math.max(0, age.toSeconds()) + "s";
    }
}
