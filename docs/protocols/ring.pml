/*
 * One lane of a ring of docs/protocols/ring.md, with a producer and a consumer that may vanish at any step after which something
 * differs for the other, MAX_CRASHES in all; each is followed by another one when it was repaired. Every record takes one place,
 * and its header is its position plus one: so what an earlier lap has left is told from what is meant.
 *
 * The processors are modelled as far as they matter: the header, the tail and the head, which a side stores, wait in its
 * store buffer, and become visible to the other side in that order, but at any time; meanwhile it looks whether somebody sleeps. Who is about
 * to sleep empties the other side's buffer: that is membarrier(2), or the end of the first sleep behind it. So does a death, before it
 * can be proven.
 *
 * Checked: every message is received once, in order, and is the one that was meant; nobody sleeps for ever (no invalid end state).
 * With -DNO_BARRIER, where the sleeper does not empty the buffer, Spin finds the sleeper that nobody wakes; with -DNOT_CLEARED,
 * where the next header is not cleared before a record is shown, the message of an earlier lap; with -DBY_HEAD, where a
 * consumer goes on at the head and not at what was taken, the message that is received twice.
 */
#define SLOTS 3
#define TOTAL 5
#define MAX_CRASHES 2

byte slot[SLOTS];
byte tail = 0;
byte head = 0;
byte taken = 0;
byte got[TOTAL];

bool arrivals = false; /* somebody waits */
bool room = false;
bool sleeping_consumer = false;
bool sleeping_producer = false;

/* store buffers: 0 is empty, else the value plus one */
byte buffered_header = 0;
byte buffered_at = 0;
byte buffered_tail = 0;
byte buffered_head = 0;

byte crashes = 0;
bool dead_producer = false;
bool dead_consumer = false;
bool done_producer = false;
bool done_consumer = false;

inline drain_producer() {
    if
    :: buffered_header != 0 -> slot[buffered_at] = buffered_header - 1; buffered_header = 0
    :: else
    fi;
    if
    :: buffered_tail != 0 -> tail = buffered_tail - 1; buffered_tail = 0
    :: else
    fi
}

inline drain_consumer() {
    if
    :: buffered_head != 0 -> head = buffered_head - 1; buffered_head = 0
    :: else
    fi
}

/* The processors empty the buffers when they like, in order. */
active proctype Processors() {
end:
    do
    :: atomic { buffered_header != 0 -> slot[buffered_at] = buffered_header - 1; buffered_header = 0; buffered_at = 0 }
    :: atomic { buffered_header == 0 && buffered_tail != 0 -> tail = buffered_tail - 1; buffered_tail = 0 }
    :: atomic { buffered_head != 0 -> head = buffered_head - 1; buffered_head = 0 }
    od
}

active proctype Producer() {
    byte position;
    byte limit;

attach:
    position = tail;
    do
    :: position < TOTAL && slot[position % SLOTS] != 0 -> position++
    :: else -> break
    od;
    limit = position;
send:
    if
    :: position == TOTAL -> goto finished
    :: else
    fi;
check:
    if
    :: position + 2 <= limit -> goto write
    :: else
    fi;
    limit = head + SLOTS;
    if
    :: position + 2 <= limit -> goto write
    :: else
    fi;
    room = true;
    if
    :: crashes < MAX_CRASHES -> goto vanishes
    :: true
    fi;
#ifdef NO_BARRIER
    skip;
#else
    atomic { drain_consumer() };
#endif
    limit = head + SLOTS;
    if
    :: position + 2 <= limit -> goto write
    :: else
    fi;
    sleeping_producer = room; /* the kernel compares and puts to sleep in one step */
    do
    :: !sleeping_producer -> break
    :: crashes < MAX_CRASHES -> goto vanishes
    od;
    goto check;
write:
    /* the buffer holds one record: an earlier one is visible by now */
    (buffered_header == 0 && buffered_tail == 0);
#ifndef NOT_CLEARED
    slot[(position + 1) % SLOTS] = 0;
#endif
    if
    :: crashes < MAX_CRASHES -> goto vanishes
    :: true
    fi;
    atomic { buffered_at = position % SLOTS; buffered_header = position + 2 };
    if
    :: crashes < MAX_CRASHES -> goto vanishes
    :: true
    fi;
    buffered_tail = position + 2;
    position++;
    if
    :: arrivals -> arrivals = false;
        if
        :: crashes < MAX_CRASHES -> goto vanishes
        :: true
        fi;
        sleeping_consumer = false
    :: !arrivals
    fi;
    goto send;

vanishes:
    atomic { crashes++; dead_producer = true; sleeping_producer = false; position = 0; limit = 0 };
    !dead_producer; /* another one takes its lane */
    goto attach;
finished:
    done_producer = true
}

active proctype Consumer() {
    byte position;
    byte published;
    byte header;

attach:
#ifdef BY_HEAD
    atomic { drain_consumer(); position = head };
#else
    position = taken;
#endif
    (buffered_head == 0);
    published = position;
    buffered_head = position + 1;
    if
    :: room -> room = false; sleeping_producer = false
    :: !room
    fi;
receive:
    if
    :: position == TOTAL -> goto finished
    :: else
    fi;
look:
    header = slot[position % SLOTS];
    if
    :: header != 0 -> goto take
    :: else
    fi;
    /* nothing there: the head is told, and who waits for it woken */
    if
    :: published != position ->
        (buffered_head == 0);
        buffered_head = position + 1;
        published = position;
        if
        :: crashes < MAX_CRASHES -> goto vanishes
        :: true
        fi;
        if
        :: room -> room = false;
            if
            :: crashes < MAX_CRASHES -> goto vanishes
            :: true
            fi;
            sleeping_producer = false
        :: !room
        fi
    :: else
    fi;
    arrivals = true;
    if
    :: crashes < MAX_CRASHES -> goto vanishes
    :: true
    fi;
#ifdef NO_BARRIER
    skip;
#else
    atomic { drain_producer() };
#endif
    header = slot[position % SLOTS];
    if
    :: header != 0 -> goto take
    :: else
    fi;
    sleeping_consumer = arrivals;
    do
    :: !sleeping_consumer -> break
    :: crashes < MAX_CRASHES -> goto vanishes
    od;
    goto look;
take:
    assert(header == position + 1);
    if
    :: crashes < MAX_CRASHES -> goto vanishes
    :: true
    fi;
    d_step { got[position]++; assert(got[position] == 1); taken = position + 1; position++; header = 0 };
    if
    :: crashes < MAX_CRASHES -> goto vanishes
    :: true
    fi;
    goto receive;

vanishes:
    atomic { crashes++; dead_consumer = true; sleeping_consumer = false; position = 0; published = 0; header = 0 };
    !dead_consumer;
    goto attach;
finished:
    done_consumer = true
}

/* Proves a death, which empties the dead one's buffers, frees its place, and wakes everybody. */
active proctype Repairer() {
end:
    do
    :: atomic { dead_producer -> drain_producer(); buffered_at = 0;
           arrivals = false; room = false; sleeping_consumer = false; sleeping_producer = false; dead_producer = false }
    :: atomic { dead_consumer -> drain_consumer();
           arrivals = false; room = false; sleeping_consumer = false; sleeping_producer = false; dead_consumer = false }
    od
}
