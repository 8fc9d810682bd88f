package org.jvmipc.cli.demo.readerswriters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvmipc.shm.MemoryArea;
import org.jvmipc.shm.SharedMemory;

/** What the record says of those who read and write it, by turns and not. */
@Timeout(20)
class SharedRecordTest {
    private static final int MEMBERS = 4;
    private static final int BYTES = SharedRecord.bytes(MEMBERS, 64);

    private SharedMemory memory;
    private MemoryArea area;
    private SharedRecord reader;
    private SharedRecord writer;

    @BeforeEach
    void make() throws Exception {
        memory = SharedMemory.anonymous(BYTES);
        area = memory.area(0, BYTES);
        member(1, 0).clear();
        reader = member(1, 0);
        writer = member(3, 0);
    }

    @AfterEach
    void close() {
        memory.close();
    }

    private SharedRecord member(int number, int victim) {
        return new SharedRecord(area, MEMBERS, number, victim);
    }

    private RecordState state() {
        return reader.state();
    }

    private static void read(SharedRecord member) {
        member.enter();
        member.read(false);
        member.leave();
    }

    private static void write(SharedRecord member) {
        member.enterAlone(false);
        member.change();
        member.leaveAlone();
    }

    @Test
    void countsTheWritesOfEachAndIsSound() {
        write(writer);
        read(reader);
        write(writer);
        write(member(4, 0));
        read(member(2, 0));
        RecordState state = state();
        assertEquals(3, state.version());
        assertEquals(Map.of(1, 0L, 2, 0L, 3, 2L, 4, 1L), state.done());
        assertTrue(state.sound());
        assertEquals(8, state.words());
        assertEquals(1, state.most());
        assertEquals(0, state.intruders() + state.torn() + state.takings() + state.unfinished() + state.warned());
    }

    @Test
    void countsTheReadersThatAreThereTogether() {
        reader.enter();
        member(2, 0).enter();
        reader.leave();
        assertEquals(2, state().most());
        assertEquals(0, state().intruders());
    }

    @Test
    void noticesAWriterBesideAReader() {
        reader.enter();
        writer.enterAlone(false);
        assertEquals(1, state().intruders());
        reader.read(false);
        assertEquals(2, state().intruders());
        writer.leaveAlone();
        assertEquals(3, state().intruders());
    }

    @Test
    void noticesAWriterBesideAWriter() {
        writer.enterAlone(false);
        member(4, 0).enterAlone(false);
        assertEquals(1, state().intruders());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 64, 1000})
    void noticesATornRecordOfAnySize(int payloadBytes) throws Exception {
        int bytes = SharedRecord.bytes(MEMBERS, payloadBytes);
        try (SharedMemory other = SharedMemory.anonymous(bytes)) {
            SharedRecord one = new SharedRecord(other.area(0, bytes), MEMBERS, 1, 0);
            one.clear();
            one.change();
            assertTrue(one.isSound());
            one.changeHalf();
            assertFalse(one.isSound());
            one.read(false);
            assertEquals(1, one.state().torn());
        }
    }

    @Test
    void theNextWriterFinishesWhatADeadOneHasBegun() {
        SharedRecord dead = member(3, 3);
        dead.enterAlone(false);
        dead.changeHalf();
        SharedRecord warned = member(2, 3);
        warned.enter();
        warned.read(true);
        warned.leave();
        SharedRecord next = member(4, 3);
        next.enterAlone(true);
        next.leaveAlone();
        RecordState state = state();
        assertTrue(state.sound());
        assertEquals(1, state.version());
        assertEquals(1L, state.done().get(3));
        assertEquals(1, state.takings());
        assertEquals(4, state.taker());
        assertEquals(1, state.warned());
        assertEquals(0, state.intruders() + state.torn() + state.unfinished());
    }

    @Test
    void aWarningWithoutADeathIsNoticed() {
        reader.read(true);
        assertEquals(1, state().intruders());
    }

    @Test
    void theNextWriterTakesADeadReadersPlace() {
        member(1, 1).enter();
        SharedRecord next = member(4, 1);
        next.enterAlone(false);
        next.change();
        next.leaveAlone();
        RecordState state = state();
        assertEquals(1, state.takings());
        assertEquals(0, state.intruders());
    }
}
