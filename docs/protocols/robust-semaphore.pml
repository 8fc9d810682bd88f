/*
 * The robust semaphore of docs/protocols/segment.md: each permit is an owned word, counted and taken under an inner owned word;
 * who finds too few sleeps on a sequence with a bit that somebody waits.
 *
 * The inner word is taken and waited for as the mutex of mutex.pml, and stands here as what that model shows it to be: a
 * lock that nobody's death keeps. Three processes take permits (1, 2 and 1 of 2) and give them back; any may vanish before any
 * step, MAX_CRASHES in all, process 0 may run out of time, and the repair may begin again at any point.
 *
 * Checked: nobody sleeps for ever, all or none, a permit is never held twice, and in the end all permits are free.
 */
#define N 3
#define PERMITS 2
#define MAX_CRASHES 1
#define MAX_RESTARTS 1
#define WANTED(i) (i == 1 -> 2 : 1)

byte inner = 0;
byte word[PERMITS];
byte sequence = 0;
bool waiters = false;
bool asleep[N];
bool dead[N];
bool repaired[N];
byte crashes = 0;
byte restarts = 0;
byte running = N;

inline crash() {
    if
    :: crashes < MAX_CRASHES -> atomic { crashes++; dead[me] = true; asleep[me] = false; goto vanished }
    :: true
    fi
}

inline wake_all() {
    atomic { asleep[0] = false; asleep[1] = false; asleep[2] = false }
}

#define FREE ((word[0] == 0 -> 1 : 0) + (word[1] == 0 -> 1 : 0))

inline take_word(i) {
    if
    :: left > 0 && word[i] == 0 -> atomic { assert(word[i] == 0); word[i] = me + 1; left-- }; crash()
    :: else
    fi
}

inline give_word(i) {
    if
    :: left > 0 && word[i] == me + 1 -> atomic { word[i] = 0; left-- }; crash()
    :: else
    fi
}

proctype User(byte me) {
    byte left = 0;
    byte seen = 0;
    bool flag = false;
    do
    :: atomic { inner == 0 -> inner = me + 1 };
        crash();
        /* before the permits are counted: a repair brings some back without the inner word, and changes it then */
        seen = sequence;
        crash();
        if
        :: FREE >= WANTED(me) ->
            left = WANTED(me);
            take_word(0);
            take_word(1);
            assert(left == 0);
            inner = 0;
            break
        :: else ->
            atomic {
                if
                :: sequence == seen -> waiters = true; flag = true
                :: else
                fi
            };
            crash();
            inner = 0;
            crash();
            atomic { asleep[me] = (flag && sequence == seen && waiters); seen = 0; flag = false };
            do
            :: !asleep[me] -> break
            :: me == 0 -> atomic { asleep[me] = false; goto finished }
            :: crashes < MAX_CRASHES -> atomic { crashes++; dead[me] = true; asleep[me] = false; goto vanished }
            od
        fi
    od;
    crash();
    atomic { inner == 0 -> inner = me + 1 };
    crash();
    left = WANTED(me);
    give_word(1);
    give_word(0);
    assert(left == 0);
    inner = 0;
    crash();
    atomic { flag = waiters; sequence = (sequence + 1) % 16; waiters = false };
    crash();
    if
    :: flag -> wake_all()
    :: else
    fi;
finished:
    atomic { left = 0; seen = 0; flag = false; running-- };
    goto done;
vanished:
    atomic { left = 0; seen = 0; flag = false; running-- };
done:
    skip
}

proctype Repairer() {
    byte victim = 0;
again:
    victim = 0;
end:
    do
    :: dead[0] && !repaired[0] -> victim = 0; goto repair
    :: dead[1] && !repaired[1] -> victim = 1; goto repair
    :: dead[2] && !repaired[2] -> victim = 2; goto repair
    :: running == 0 && (!dead[0] || repaired[0]) && (!dead[1] || repaired[1]) && (!dead[2] || repaired[2]) -> break
    od;
    assert(word[0] == 0 && word[1] == 0 && inner == 0);
    goto done;
repair:
    if :: word[0] == victim + 1 -> word[0] = 0 :: else fi;
    if :: restarts < MAX_RESTARTS -> restarts++; goto again :: true fi;
    if :: word[1] == victim + 1 -> word[1] = 0 :: else fi;
    if :: restarts < MAX_RESTARTS -> restarts++; goto again :: true fi;
    if :: inner == victim + 1 -> inner = 0 :: else fi;
    if :: restarts < MAX_RESTARTS -> restarts++; goto again :: true fi;
    sequence = (sequence + 1) % 16;
    wake_all();
    if :: restarts < MAX_RESTARTS -> restarts++; goto again :: true fi;
    repaired[victim] = true;
    goto again;
done:
    skip
}

init {
    atomic { run User(0); run User(1); run User(2); run Repairer() }
}
