/*
 * The read-write lock of docs/protocols/segment.md: a word of readers for each process, a gate that a writer shuts, a mutex among
 * writers, and a bit that the writer waits until the readers have left. With preference of readers or of writers.
 *
 * The writers' mutex is that of mutex.pml, and stands here as what that model shows it to be: a lock that nobody's death keeps. Two
 * readers are threads of one process that lives, or of two; two writers are a process each. The second reader, if he is a process, and
 * the writers may vanish after any step that makes a difference for the others, MAX_CRASHES in all; the first writer may run out of
 * time while he sleeps. Whoever repairs may have to begin again from his first step at any point.
 *
 * Checked: a writer is alone; nobody sleeps for ever (no invalid end state); the death of one who wrote is told to all who read after it
 * and to the next who writes, and no other death is. With -DCOUNTS_LATE a reader looks at the gate before he counts himself, with
 * -DSLEEPS_UNSEEN the writer looks at the readers before he says that he sleeps: Spin finds the writer who is not alone, and the one
 * whom nobody wakes.
 */
#define READERS 2
#define WRITERS 2
#ifndef MAX_CRASHES
#define MAX_CRASHES 1
#endif
#ifndef MAX_RESTARTS
#define MAX_RESTARTS 1
#endif

bool prefers_writers;
byte counted[2];           /* readers of the two processes */
byte writer = 0;           /* 0 free, else number of the writer + 1 */
bool writes = false;       /* he is through to writing */
bool news = false;         /* the last one who wrote died at it */
byte gate = 0;             /* 0 open, else number of the writer + 1 */
bool gate_waiters = false;
bool writer_waits = false; /* the bit of the departures */

bool owed = false;         /* one died writing, and no writer was told yet */
byte reading = 0;
byte writing = 0;
bool at_gate[READERS];     /* asleep */
bool at_departures[WRITERS];
bool dead[WRITERS + 1];    /* the second reader is the last one */
bool repaired[WRITERS + 1];
byte crashes = 0;
byte restarts = 0;
byte running = 0;

#define WAKE_READERS at_gate[0] = false; at_gate[1] = false
#define WAKE_WRITERS at_departures[0] = false; at_departures[1] = false

/* In the step that it follows; only the second reader, as a process of his own, may vanish. */
inline reader_crash() {
    if
    :: slot == 1 && crashes < MAX_CRASHES ->
        crashes++;
        dead[WRITERS] = true;
        at_gate[me] = false;
        reading = reading - inside;
        inside = 0;
        goto vanished
    :: true
    fi
}

inline depart() {
    atomic {
        counted[slot]--;
        last = (counted[slot] == 0);
        reading = reading - inside;
        inside = 0;
        reader_crash()
    };
    if
    :: last && writer_waits ->
        atomic { writer_waits = false; reader_crash() };
        atomic { WAKE_WRITERS }
    :: else
    fi
}

proctype Reader(byte me; byte slot) {
    byte seen = 0;
    bool last = false;
    bool inside = 0;

again:
#ifdef COUNTS_LATE
    gate == 0;
    atomic { counted[slot]++; inside = 1; reading++; goto in };
#endif
    atomic { counted[slot]++; reader_crash() };
    atomic {
        if
        :: gate == 0 ->
            inside = 1;
            reading++;
            assert(writing == 0 && news == owed);
            reader_crash();
            goto in
        :: else
        fi
    }
    depart();
    atomic {
        last = false;
        if
        :: gate == 0 -> goto again
        :: else -> seen = gate; gate_waiters = true; reader_crash()
        fi
    }
    atomic { at_gate[me] = (gate == seen && gate_waiters); seen = 0 };
    do
    :: !at_gate[me] -> goto again
    :: slot == 1 && crashes < MAX_CRASHES -> atomic { reader_crash() }
    od;

in:
    depart();
vanished:
    atomic { seen = 0; last = false; running-- }
}

inline writer_crash() {
    if
    :: crashes < MAX_CRASHES -> crashes++; dead[me] = true; at_departures[me] = false; goto vanished
    :: true
    fi
}

inline writing_crash() {
    if
    :: crashes < MAX_CRASHES -> crashes++; dead[me] = true; writing--; owed = true; goto vanished
    :: true
    fi
}

inline open_gate() {
    atomic { flag = gate_waiters; gate = 0; gate_waiters = false; writer_crash() };
    if
    :: flag -> atomic { WAKE_READERS; flag = false }
    :: else
    fi
}

proctype Writer(byte me) {
    bool flag = false;

    atomic { writer == 0 -> writer = me + 1; writer_crash() };
again:
#ifndef SLEEPS_UNSEEN
    atomic { writer_waits = true; writer_crash() };
#endif
    /* only a guess: it is looked once more when the gate is shut */
    if
    :: !prefers_writers && counted[0] + counted[1] > 0 -> goto sleep
    :: else
    fi;
    atomic { assert(gate == 0 || gate == me + 1); gate = me + 1; writer_crash() };
    if
    :: counted[0] > 0 -> goto not_alone
    :: else
    fi;
    if
    :: counted[1] > 0 -> goto not_alone
    :: else
    fi;
    atomic { writes = true; writing++; assert(writing == 1 && reading == 0); writing_crash() };
    atomic {
        assert(news == owed);
        news = false;
        owed = false;
        assert(writing == 1 && reading == 0);
        writing_crash()
    }
    atomic { assert(writing == 1 && reading == 0); writing--; writes = false; writer_crash() };
    goto leave;

not_alone:
    if
    :: prefers_writers
    :: else -> open_gate()
    fi;
sleep:
#ifdef SLEEPS_UNSEEN
    writer_waits = true;
#endif
    at_departures[me] = writer_waits;
    do
    :: !at_departures[me] -> goto again
    :: me == 0 -> atomic { at_departures[me] = false; goto leave }
    :: crashes < MAX_CRASHES -> atomic { writer_crash() }
    od;

leave:
    open_gate();
    atomic { assert(writer == me + 1); writer = 0 };
vanished:
    atomic { flag = false; running-- }
}

/* In the step that it follows. */
inline again_perhaps() {
    if
    :: restarts < MAX_RESTARTS -> restarts++; victim = 0; goto end
    :: true
    fi
}

proctype Repairer() {
    byte victim = 0;
end:
    do
    :: dead[0] && !repaired[0] -> victim = 0; goto repair
    :: dead[1] && !repaired[1] -> victim = 1; goto repair
    :: dead[2] && !repaired[2] -> victim = 2; goto repair
    :: running == 0 && (!dead[0] || repaired[0]) && (!dead[1] || repaired[1]) && (!dead[2] || repaired[2]) -> goto done
    od;
repair:
    if
    :: victim == WRITERS -> atomic { counted[1] = 0; again_perhaps() }
    :: else ->
        if
        :: writer == victim + 1 && writes ->
            atomic { news = true; again_perhaps() };
            atomic { writes = false; again_perhaps() }
        :: else
        fi;
        atomic {
            if
            :: gate == victim + 1 -> gate = 0; gate_waiters = false
            :: else
            fi;
            again_perhaps()
        }
        atomic {
            if
            :: writer == victim + 1 -> writer = 0
            :: else
            fi;
            again_perhaps()
        }
    fi;
    atomic { WAKE_READERS; again_perhaps() };
    atomic { writer_waits = false; again_perhaps() };
    atomic { WAKE_WRITERS; again_perhaps() };
    atomic { repaired[victim] = true; victim = 0; goto end };
done:
    assert(counted[0] == 0 && counted[1] == 0 && writer == 0 && gate == 0)
}

init {
    atomic {
        if
        :: prefers_writers = false
        :: prefers_writers = true
        fi;
        running = READERS + WRITERS;
        run Reader(0, 0);
        if
        :: run Reader(1, 0)
        :: run Reader(1, 1)
        fi;
        run Writer(0);
        run Writer(1);
        run Repairer()
    }
}
