package org.jvmipc.cli.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.Address;
import org.jvmipc.LimitException;
import org.jvmipc.OsException;
import org.jvmipc.PeerGoneException;
import org.jvmipc.PeerGoneException.Reason;

@Timeout(20)
class FailureTest {
    @Test
    void namesCallObjectWhyAndErrno() {
        assertEquals(
                "mkfifo /x: File exists (EEXIST)\n",
                Failure.of(new OsException("mkfifo", 17, "path=/x")).toText());
        assertEquals(
                "poll: Invalid argument (EINVAL)\n",
                Failure.of(new OsException("poll", 22, "")).toText());
    }

    @Test
    void makesTheRemedyOfALimitItsFix() {
        Failure failure = Failure.of(new LimitException("a pipe was refused (EPERM)", "max", 10, "raise it; or not"));
        assertEquals("a pipe was refused (EPERM): max is 10\n  fix: raise it; or not\n", failure.toText());
        assertEquals(
                "{\"schema\":\"ipc.error/1\",\"code\":\"IPC-104\",\"exit\":7,\"errno\":\"EPERM\","
                        + "\"message\":\"a pipe was refused (EPERM): max is 10\",\"fix\":[\"raise it; or not\"]}",
                Json.line(failure.toMap()));
    }

    @Test
    void carriesTheAddress() {
        Failure failure = Failure.of(new PeerGoneException(Reason.DIED, Address.of("pipe:1.2"), "gone"));
        assertEquals(
                "{schema=ipc.error/1, code=IPC-103, exit=5, address=pipe:1.2, message=pipe:1.2: gone, fix=[]}",
                failure.toMap().toString());
        assertEquals("demo pipe: pipe:1.2: gone\n", failure.in("demo pipe").toText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo:f: taken", "fifo:f?exact&framing=line: taken", "\"fifo:f?max=1\": taken", "taken"})
    void namesTheEndpointOnce(String message) {
        Failure failure = Failure.of("recv", Address.of("fifo:f?max=1"), new IOException(message));
        assertEquals("recv fifo:f: taken", failure.message());
    }

    @Test
    void saysWhereAnInternalErrorHappened() {
        Failure failure = Failure.of(new IllegalStateException("oops"));
        assertTrue(failure.message().contains("FailureTest.java"), failure.message());
        assertTrue(failure.message().contains("oops"), failure.message());
    }

    @Test
    void writesJsonWithoutEscapingForHtml() {
        String line = Json.line(Failure.of(ErrorKind.FAILED, "a < b & 'c'").toMap());
        assertTrue(line.contains("a < b & 'c'"), line);
    }

    @Test
    void numbersAreUnique() {
        Set<String> codes = new HashSet<>();
        for (ErrorKind kind : ErrorKind.values()) {
            assertTrue(codes.add(kind.code()), kind.code());
        }
    }
}
