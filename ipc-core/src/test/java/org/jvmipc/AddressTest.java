package org.jvmipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.testkit.Campaign;

@Timeout(60)
class AddressTest {
    private enum Full {
        WAIT,
        FAIL,
        DROP_OLDEST
    }

    @Test
    void readsABareName() {
        Address address = Address.of("ring:Prices-2.eu_west");
        assertEquals("ring", address.scheme());
        assertTrue(address.isName());
        assertEquals("Prices-2.eu_west", address.name());
        assertEquals("Prices-2.eu_west", address.location());
    }

    @Test
    void readsAnAbsolutePath() {
        Address address = Address.of("fifo:/tmp/f");
        assertTrue(address.isPath());
        assertFalse(address.isName());
        assertEquals(Path.of("/tmp/f"), address.path());
    }

    @Test
    void takesAllDigitsForAProcessId() {
        Address address = Address.of("signal:4711");
        assertTrue(address.isPid());
        assertFalse(address.isName());
        assertEquals(4711, address.pid());
        assertEquals("4711", address.location());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "007", "2147483648", "99999999999999999999999999"})
    void takesNoOtherNumberForAProcessId(String number) {
        Address address = Address.of("signal:" + number);
        assertFalse(address.isPid());
        assertThrows(AddressException.class, address::pid);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://localhost:7000, localhost, 7000",
        "tcp://10.0.0.1:0, 10.0.0.1, 0",
        "tcp://EXAMPLE.org:65535, example.org, 65535",
        "tcp://[::1]:7000, ::1, 7000",
        "tcp://[FE80::1%25eth0]:1, fe80::1%eth0, 1",
        "tcp://[::ffff:10.0.0.1]:1?a=[x]:y, ::ffff:10.0.0.1, 1"
    })
    void readsHostAndPort(String text, String host, int port) {
        Address address = Address.of(text);
        assertTrue(address.isHostAndPort());
        assertEquals(host, address.host());
        assertEquals(port, address.port());
        assertEquals(address, Address.of(address.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fifo",
                "/tmp/f",
                ":",
                ":/tmp/f",
                "fifo:",
                "fifo:?a=b",
                "1fifo:/x",
                "fi-fo:/x",
                " fifo:/x",
                "fifo:relative/path",
                "fifo:./x",
                "fifo:..",
                "fifo:~",
                "fifo:~/x",
                "ring:.hidden",
                "ring:two words",
                "ring:na\u00efve",
                "ring:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "fifo:/tmp/%",
                "fifo:/tmp/%4",
                "fifo:/tmp/%zz",
                "fifo:/tmp/%ff",
                "fifo:/tmp/%00",
                "fifo:/tmp/\0",
                "fifo:/tmp/\ud800",
                "tcp://",
                "tcp://host",
                "tcp://:80",
                "tcp://host:",
                "tcp://host:x",
                "tcp://host:-1",
                "tcp://host:65536",
                "tcp://host:80/path",
                "tcp://::1:80",
                "tcp://[::1]",
                "tcp://[::1:80",
                "tcp://[::1]80:80",
                "tcp://[:::1]:80",
                "tcp://[1.2.3.4]:80",
                "tcp://[]:80",
                "tcp://-host:80",
                "tcp://us\u00e9r@host:80",
                "ring:r?",
                "ring:r?&",
                "ring:r?a=1&",
                "ring:r?=1",
                "ring:r?a=1&a=2",
                "ring:r?a=%",
                "ring:r?a=%00",
                "ring:r?a b=1",
                "ring:r?1a=1"
            })
    void refusesWhatIsMalformedAndNamesIt(String text) {
        AddressException e = assertThrows(AddressException.class, () -> Address.of(text));
        assertEquals(text, e.value());
        assertFalse(e.reason().isEmpty());
        assertTrue(e.getMessage().startsWith("\""), e.getMessage());
    }

    @Test
    void saysWhyARelativePathIsRefused() {
        AddressException e = assertThrows(AddressException.class, () -> Address.of("fifo:tmp/f"));
        assertTrue(e.getMessage().contains("\"fifo:tmp/f\": a relative path"), e.getMessage());
    }

    @Test
    void suggestsTheSchemeInSmallLetters() {
        AddressException e = assertThrows(AddressException.class, () -> Address.of("FIFO:/x"));
        assertEquals("fifo:", e.suggestion());
        assertTrue(e.getMessage().endsWith("; did you mean fifo:?"), e.getMessage());
    }

    @Test
    void showsNothingInAMessageThatATerminalWouldObey() {
        AddressException e = assertThrows(AddressException.class, () -> Address.of("\u001b[2J\n:x"));
        assertFalse(e.getMessage().chars().anyMatch(Character::isISOControl), e.getMessage());
    }

    @Test
    void cutsALongValueInTheMessageOnly() {
        String text = "x".repeat(10_000);
        AddressException e = assertThrows(AddressException.class, () -> Address.of(text));
        assertTrue(e.getMessage().length() < 400);
        assertEquals(text, e.value());
    }

    @ParameterizedTest
    @CsvSource({
        "fifo:/tmp//a///b/, fifo:/tmp/a/b",
        "fifo:/, fifo:/",
        "fifo:/tmp/a b, fifo:/tmp/a%20b",
        "fifo:/tmp/a%3Fb, fifo:/tmp/a%3Fb",
        "fifo:/tmp/%61, fifo:/tmp/a",
        "fifo:%61, fifo:a",
        "fifo:/tmp/\u00e4, fifo:/tmp/%C3%A4",
        "fifo:/tmp/a;rm -rf $HOME, fifo:/tmp/a%3Brm%20-rf%20%24HOME",
        "ring:r?b=2&a=1, ring:r?a=1&b=2",
        "ring:r?a=, ring:r?a",
        "ring:r?a=b=c, ring:r?a=b=c",
        "ring:r?a=x?y, ring:r?a=x%3Fy"
    })
    void hasOneCanonicalForm(String text, String canonical) {
        assertEquals(canonical, Address.of(text).toString());
    }

    @Test
    void isEqualByCanonicalForm() {
        Address one = Address.of("ring:r?a=1&b=%32");
        Address other = Address.of("ring:r?b=2&a=1");
        assertEquals(one, other);
        assertEquals(one.hashCode(), other.hashCode());
        assertEquals(0, one.compareTo(other));
        assertNotEquals(one, Address.of("ring:r?a=1"));
        assertNotEquals(one, Address.of("fifo:r?a=1&b=2"));
    }

    @Test
    void sortsByCanonicalForm() {
        List<Address> addresses =
                new ArrayList<>(List.of(Address.of("ring:b"), Address.of("fifo:z"), Address.of("ring:a")));
        addresses.sort(null);
        assertEquals("[fifo:z, ring:a, ring:b]", addresses.toString());
    }

    @Test
    void isMadeOfItsPartsUnencoded() {
        Address address = Address.of("fifo", "/tmp/100% a?b&c=d");
        assertEquals("fifo:/tmp/100%25%20a%3Fb%26c=d", address.toString());
        assertEquals("/tmp/100% a?b&c=d", address.location());
        assertEquals(address, Address.of(address.toString()));
    }

    @ParameterizedTest
    @CsvSource({"FIFO, /x", "fifo, x/y", "'', /x", "a:b, /x"})
    void refusesBadParts(String scheme, String location) {
        AddressException e = assertThrows(AddressException.class, () -> Address.of(scheme, location));
        assertEquals(scheme + ":" + location, e.value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b", "100%", "a&b=c", "\u00e4\u20ac\ud83d\ude00", "", "?", "#", "+", "\t\n", "'\"`$(x)\\"})
    void roundTripsAnyParameterValue(String value) {
        Address address = Address.of("ring:r").with("key", value);
        assertEquals(value, Address.of(address.toString()).parameter("key"));
        assertTrue(address.toString().chars().allMatch(c -> c > ' ' && c < 127), address.toString());
    }

    @Test
    void replacesAndRemovesParametersInACopy() {
        Address address = Address.of("ring:r?a=1");
        assertEquals("ring:r?a=2", address.with("a", "2").toString());
        assertEquals("ring:r?a=1&b=2", address.with("b", "2").toString());
        assertEquals("ring:r", address.without("a").toString());
        assertEquals(address, address.without("b"));
        assertEquals("ring:r", address.with("b", "2").withoutParameters().toString());
        assertEquals("ring:r?a=1", address.toString());
    }

    @Test
    void refusesToSetABadParameter() {
        Address address = Address.of("ring:r");
        assertThrows(AddressException.class, () -> address.with("a=b", "1"));
        assertThrows(AddressException.class, () -> address.with("a", "\0"));
        assertThrows(AddressException.class, () -> address.with("a", "\udc00"));
    }

    @Test
    void hasUnmodifiableParametersInOrder() {
        Address address = Address.of("ring:r?b=2&c&a=1");
        assertEquals("{a=1, b=2, c=}", address.parameters().toString());
        assertThrows(
                UnsupportedOperationException.class, () -> address.parameters().put("x", "y"));
    }

    @Test
    void answersTheDefaultForAnAbsentParameter() {
        Address address = Address.of("ring:r");
        assertNull(address.parameter("x"));
        assertEquals(7, address.size("x", 7));
        assertEquals(Duration.ofDays(1), address.duration("x", Duration.ofDays(1)));
        assertEquals(-1, address.integer("x", -1));
        assertFalse(address.flag("x"));
        assertEquals(Full.FAIL, address.choice("x", Full.class, Full.FAIL));
    }

    @Test
    void readsTypedParameters() {
        Address address = Address.of("ring:r?size=64K&time=200ms&n=-12&on&yes=true&no=false&full=drop-oldest");
        assertEquals(65_536, address.size("size", 0));
        assertEquals(Duration.ofMillis(200), address.duration("time", Duration.ZERO));
        assertEquals(-12, address.integer("n", 0));
        assertTrue(address.flag("on"));
        assertTrue(address.flag("yes"));
        assertFalse(address.flag("no"));
        assertEquals(Full.DROP_OLDEST, address.choice("full", Full.class, Full.WAIT));
    }

    @Test
    void namesParameterAndValueThatHasTheWrongType() {
        Address address = Address.of("ring:r?x=64x");
        List<AddressException> errors = List.of(
                assertThrows(AddressException.class, () -> address.size("x", 0)),
                assertThrows(AddressException.class, () -> address.duration("x", Duration.ZERO)),
                assertThrows(AddressException.class, () -> address.integer("x", 0)),
                assertThrows(AddressException.class, () -> address.flag("x")),
                assertThrows(AddressException.class, () -> address.choice("x", Full.class, Full.FAIL)));
        for (AddressException e : errors) {
            assertTrue(e.getMessage().startsWith("\"ring:r?x=64x\": parameter x"), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "-2147483649", "99999999999999999999", "1.5", "0x10", "+1", ""})
    void refusesWhatIsNoInteger(String value) {
        Address address = Address.of("ring:r").with("n", value);
        assertThrows(AddressException.class, () -> address.integer("n", 0));
    }

    @Test
    void suggestsTheNearestChoice() {
        Address address = Address.of("ring:r?full=drop-oldst");
        AddressException e = assertThrows(AddressException.class, () -> address.choice("full", Full.class, Full.WAIT));
        assertEquals("full=drop-oldest", e.suggestion());
        assertTrue(e.reason().contains("drop-oldest, fail, wait"), e.reason());
    }

    @Test
    void namesTheNearestKnownParameter() {
        Address address = Address.of("ring:r?capactiy=64k");
        AddressException e =
                assertThrows(AddressException.class, () -> address.checkParameters(Set.of("capacity", "full")));
        assertEquals("capacity", e.suggestion());
        assertTrue(e.getMessage().contains("ring has no parameter capactiy (known: capacity, full)"), e.getMessage());
    }

    @Test
    void acceptsKnownParameters() {
        Address.of("ring:r?full=wait").checkParameters(Set.of("capacity", "full"));
        Address.of("ring:r").checkParameters(Set.of());
    }

    @Test
    void saysWhichFormOfLocationIsNeeded() {
        Address name = Address.of("ring:r");
        assertThrows(AddressException.class, name::path);
        assertThrows(AddressException.class, name::host);
        assertThrows(AddressException.class, name::port);
        assertThrows(AddressException.class, name::pid);
        AddressException e = assertThrows(AddressException.class, Address.of("ring:/r")::name);
        assertTrue(e.getMessage().startsWith("\"ring:/r\": a name is needed"), e.getMessage());
    }

    private static int rounds() {
        return Campaign.size(20_000, 1_000_000);
    }

    @Test
    void eitherRefusesOrRoundTripsRandomText() {
        String[] pieces = {
            "a",
            "Z",
            "0",
            "9",
            ".",
            "-",
            "_",
            "/",
            "//",
            ":",
            "?",
            "&",
            "=",
            "%",
            "%4",
            "%41",
            "%00",
            "%ff",
            "[",
            "]",
            "::1",
            "@",
            "#",
            " ",
            "\0",
            "\n",
            "\u00e4",
            "\ud83d\ude00",
            "\ud800",
            "\udc00",
            "~",
            "+",
            "fifo:",
            "tcp://",
            "host:80",
            "ring:r?",
            "k=v",
            "%C3%A4",
            "%25",
            "\ufffd"
        };
        String[] beginnings = {"", "ab:", "ab:/", "ab://host:1", "ab:name?k=", "ab:/path?k=v&l="};
        Random random = new Random(20_240_229);
        int parsed = 0;
        for (int i = 0; i < rounds(); i++) {
            StringBuilder text = new StringBuilder(beginnings[random.nextInt(beginnings.length)]);
            for (int n = random.nextInt(9); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            parsed += refusesOrRoundTrips(text.toString()) ? 1 : 0;
        }
        assertTrue(parsed > rounds() / 20, parsed + " parsed");
    }

    @Test
    void eitherRefusesOrRoundTripsRandomCharacters() {
        Random random = new Random(17);
        for (int i = 0; i < rounds(); i++) {
            char[] chars = new char[random.nextInt(20)];
            for (int n = 0; n < chars.length; n++) {
                chars[n] = (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65_536));
            }
            refusesOrRoundTrips((random.nextBoolean() ? "a:/" : "") + new String(chars));
        }
    }

    private static boolean refusesOrRoundTrips(String text) {
        Address address;
        try {
            address = Address.of(text);
        } catch (AddressException e) {
            assertEquals(text, e.value());
            return false;
        }
        Address again = Address.of(address.toString());
        assertEquals(address, again);
        assertEquals(address.toString(), again.toString());
        assertEquals(address.location(), again.location());
        assertEquals(address.parameters(), again.parameters());
        assertEquals(address.withoutParameters(), Address.of(address.scheme(), address.location()));
        return true;
    }
}
