package org.jvmipc.mq;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jvmipc.Address;
import org.jvmipc.AddressException;
import org.jvmipc.internal.registry.ObjectParameters;
import org.jvmipc.mq.internal.QueuePaths;

/** The parameters of an {@code mq:} address, and the options that they are. */
final class QueueAddress {
    static final String GROUP = "group";
    static final String FROM = "from";
    private static final String UNTIL = "until";
    private static final String TYPE = "type";

    private QueueAddress() {}

    static Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("capacity", "bytes it holds, default 256m; only to create");
        parameters.put("cycle", "bytes of one file, in which room comes back, default an eighth; only to create");
        parameters.put("cycle-age", "age of one file, default any; only to create");
        parameters.put("max-message", "largest message, default 16m; only to create");
        parameters.put("full", "block (default) or refuse; only to create");
        parameters.put("retention", "how long messages stay that every group has taken, default 0; only to create");
        parameters.put("max-age", "messages older than this go, taken or not, default 0: never; only to create");
        parameters.put("sync", "a send returns when the message is on the device; only to create");
        parameters.put("groups", "how many consumer groups there may be, default 8; only to create");
        parameters.put("participants", "how many processes may have it open, default 64; only to create");
        parameters.put(GROUP, "the consumer group to join; each message goes to one of its consumers; only to receive");
        parameters.put(
                FROM,
                "start (default), end, an index, -N for the last N, or a time as 2026-11-28T09:00:00Z; with a group: where it begins if it is new");
        parameters.put(UNTIL, "only messages below this index; only with a group");
        parameters.put(TYPE, "only messages of this type; to send: of this type");
        parameters.put("lease", "how long a message is a consumer's, default 30s; only with a group");
        parameters.put("max-deliveries", "then it is a dead letter, default 5, 0 never; only with a group");
        parameters.put("prefetch", "messages leased at a time, 1 to 64, default 16; only with a group");
        return parameters;
    }

    static void require(Address address) {
        ObjectParameters.require(address, QueuePaths.SCHEME, parameters());
    }

    static @Nullable String group(Address address) {
        return address.parameter(GROUP);
    }

    static @Nullable String type(Address address) {
        return address.parameter(TYPE);
    }

    /** What is said of each message that is sent through the address. */
    static MessageHeader header(Address address) {
        String type = type(address);
        try {
            return type == null ? MessageHeader.NONE : MessageHeader.ofType(type);
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }

    /** What it is made with. */
    static MessageQueueOptions options(Address address) {
        MessageQueueOptions defaults = MessageQueueOptions.defaults();
        try {
            MessageQueueOptions sized = defaults.withMaxMessage(
                            size(address, "max-message", defaults.maxMessageBytes()))
                    .withCapacity(address.size("capacity", defaults.capacityBytes()));
            return sized.withCycle(address.size("cycle", sized.cycleBytes()))
                    .withCycleAge(address.duration("cycle-age", sized.cycleAge()))
                    .withWhenFull(address.choice("full", FullPolicy.class, sized.whenFull()))
                    .withRetention(address.duration("retention", sized.retention()))
                    .withMaxAge(address.duration("max-age", sized.maxAge()))
                    .withSync(address.flag("sync"))
                    .withGroups(address.integer("groups", sized.groups()))
                    .withParticipants(address.integer("participants", sized.participants()));
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }

    private static int size(Address address, String key, int otherwise) {
        return (int) Math.min(Integer.MAX_VALUE, address.size(key, otherwise));
    }

    /** Where a receiver without a group begins. */
    static ReceiveFrom from(Address address) {
        String text = address.parameter(FROM);
        if (text == null || text.equals("start")) {
            return ReceiveFrom.start();
        }
        if (text.equals("end")) {
            return ReceiveFrom.end();
        }
        try {
            return from(text);
        } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
            throw new AddressException(
                    address.toString(),
                    "parameter " + FROM + " is " + text
                            + "; it is start, end, an index, -N for the last N, or a time as 2026-11-28T09:00:00Z",
                    null);
        }
    }

    private static ReceiveFrom from(String text) {
        if (text.indexOf('T') > 0) {
            return ReceiveFrom.time(time(text));
        }
        long number = Long.parseLong(text);
        return number < 0 ? ReceiveFrom.last(Math.negateExact(number)) : ReceiveFrom.index(number);
    }

    private static Instant time(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private static long until(Address address) {
        String text = address.parameter(UNTIL);
        if (text == null) {
            return Long.MAX_VALUE;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new AddressException(
                    address.toString(), "parameter " + UNTIL + " is " + text + "; it is an index", null);
        }
    }

    /** How a consumer takes part. */
    static ConsumerOptions consumer(Address address) {
        ConsumerOptions defaults = ConsumerOptions.defaults();
        try {
            ReceiveFrom from = address.parameter(FROM) == null ? defaults.from() : from(address);
            return defaults.withLease(address.duration("lease", defaults.lease()))
                    .withMaxDeliveries(address.integer("max-deliveries", defaults.maxDeliveries()))
                    .withPrefetch(address.integer("prefetch", defaults.prefetch()))
                    .withType(type(address))
                    .withFrom(from)
                    .withUntil(until(address));
        } catch (AddressException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new AddressException(address.toString(), String.valueOf(e.getMessage()), null);
        }
    }
}
