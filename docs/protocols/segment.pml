/*
 * Joining, leaving and repair of docs/protocols/segment.md: slots whose beacons are locks that the kernel gives back at a
 * death, one owned word, and a membership word on which everybody's watch sleeps.
 *
 * Three processes, two slots. Each joins (repairing on the way what it proves dead), takes and gives back the word, and
 * leaves; its watch may look at any moment, win a beacon and repair. A process vanishes before any step, the steps of a repair
 * included: then the kernel gives back all the beacons that it had, and tells the others (the membership changes for their
 * watches: told[]).
 *
 * Checked: no slot has two live participants; nothing is taken from a live participant; a slot is claimed only when no word
 * names it; in the end the word is free and no slot of a dead process is left unrepaired while somebody is there to do it.
 */
#define N 3
#define SLOTS 2
#define MAX_CRASHES 2

byte beacon[SLOTS];     /* 0 nobody, else number of the process + 1 */
bool taken[SLOTS];     /* the slot's state */
byte writer[SLOTS];         /* who wrote the slot last */
byte word = 0;          /* 0 free, else number of the slot + 1 */
byte joined[N];         /* the slot + 1 while attached */
bool dead[N];
byte crashes = 0;
byte running = N;

inline die() {
    atomic {
        crashes++;
        dead[me] = true;
        if :: beacon[0] == me + 1 -> beacon[0] = 0 :: else fi;
        if :: beacon[1] == me + 1 -> beacon[1] = 0 :: else fi;
        goto vanished
    }
}

inline crash() {
    if
    :: crashes < MAX_CRASHES -> die()
    :: true
    fi
}

/* The beacon of slot s is held by this process: takes back all that the slot holds. */
inline repair(s) {
    /* proven: whoever wrote the slot is dead, or is this process that leaves */
    assert(dead[writer[s]] || writer[s] == me);
    crash();
    if
    :: atomic { word == s + 1 -> word = 0 }
    :: else
    fi;
    crash();
    taken[s] = false
}

inline try_repair(s) {
    if
    :: atomic { taken[s] && beacon[s] == 0 -> beacon[s] = me + 1 };
        crash();
        if
        :: taken[s] -> repair(s)
        :: else
        fi;
        crash();
        beacon[s] = 0
    :: else
    fi
}

proctype Process(byte me) {
    byte slot = 0;
    byte i = 0;
    /* join */
    do
    :: slot != 0 -> break
    :: else ->
        i = 0;
        do
        :: i == SLOTS || slot != 0 -> break
        :: else ->
            if
            :: atomic { beacon[i] == 0 -> beacon[i] = me + 1 };
                crash();
                if
                :: taken[i] -> repair(i)
                :: else
                fi;
                crash();
                slot = i + 1
            :: else
            fi;
            i++
        od;
        /* all slots taken: "no place for another process", and this one is done */
        if
        :: slot == 0 -> goto finished
        :: else
        fi
    od;
    i = 0;
    assert(word != slot);               /* a slot is claimed only when no word names it */
    assert(beacon[slot - 1] == me + 1);
    writer[slot - 1] = me;
    crash();
    atomic { assert(!taken[slot - 1]); taken[slot - 1] = true; joined[me] = slot };
    crash();

    /* take the word; while somebody else has it, watch, and repair who is dead */
    do
    :: atomic { word == 0 -> word = slot }; break
    :: word != 0 ->
        if
        :: slot == 1 -> try_repair(1)
        :: slot == 2 -> try_repair(0)
        fi
    od;
    assert(word == slot);
    crash();
    assert(word == slot);               /* nobody takes it from a live participant */
    word = 0;
    crash();

    /* one more look around, as the watch does at any time */
    if
    :: slot == 1 -> try_repair(1)
    :: slot == 2 -> try_repair(0)
    :: true
    fi;

    /* leave: to be repaired by oneself, then the beacon goes out */
    joined[me] = 0;
    repair(slot - 1);
    crash();
    beacon[slot - 1] = 0;
finished:
    running--;
    goto done;
vanished:
    atomic { joined[me] = 0; running-- };
done:
    atomic { slot = 0; i = 0 }
}

/* In the end somebody opens the segment once more: all comes back. */
proctype Last() {
    byte i = 0;
    running == 0;
    do
    :: i == SLOTS -> break
    :: else ->
        assert(beacon[i] == 0);
        if
        :: taken[i] ->
            assert(dead[writer[i]]);
            if :: word == i + 1 -> word = 0 :: else fi;
            taken[i] = false
        :: else
        fi;
        i++
    od;
    assert(word == 0)
}

init {
    atomic { run Process(0); run Process(1); run Process(2); run Last() }
}
