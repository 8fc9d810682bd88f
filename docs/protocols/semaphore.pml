/*
 * The plain semaphore of docs/protocols/segment.md: permits, a bit that somebody waits and one that somebody has wanted
 * several, in one word, which is the futex.
 *
 * Three takers (one of them takes two at once) and a giver of as many permits as they take in all. Takers may vanish at any
 * step after which something differs for the others, MAX_CRASHES in all, and taker 0 may run out of time. What a vanished taker had got is lost, as the plain mode says: so
 * the giver gives again what a vanished one may have taken. Repair wakes all.
 *
 * Checked: nobody sleeps for ever while there are permits for him (no invalid end state), and no permit is made of nothing.
 */
#define N 3
#define MAX_CRASHES 1
#define WANTED(i) (i == 1 -> 2 : 1)

byte permits = 0;
bool waiters = false;
bool several = false;
bool asleep[N];
bool dead[N];
bool repaired[N];
byte crashes = 0;
byte running = N;
byte given = 0;
byte taken = 0;

inline crash() {
    if
    :: crashes < MAX_CRASHES -> atomic { crashes++; dead[me] = true; asleep[me] = false; goto vanished }
    :: true
    fi
}

inline wake_one() {
    atomic {
        if
        :: asleep[0] -> asleep[0] = false
        :: asleep[1] -> asleep[1] = false
        :: asleep[2] -> asleep[2] = false
        :: else
        fi
    }
}

inline wake_all() {
    atomic { asleep[0] = false; asleep[1] = false; asleep[2] = false }
}

proctype Taker(byte me) {
    byte seen;
    bool flag;
    bool more;
    bool slept = false;
    bool leaves = false;

    do
    :: atomic { seen = permits; flag = waiters; more = several };
        if
        :: seen >= WANTED(me) ->
            atomic {
                if
                :: permits == seen && waiters == flag && several == more ->
                    permits = permits - WANTED(me);
                    taken = taken + WANTED(me);
                    assert(taken <= given);
                    waiters = (waiters || slept);
                    seen = permits;
                    flag = true
                :: else -> flag = false; seen = 255
                fi
            }
            if
            :: seen == 255      /* the compare-and-set failed */
            :: else ->
                crash();
                if
                :: slept && seen > 0 && more -> wake_all()
                :: slept && seen > 0 && !more -> wake_one()
                :: else
                fi;
                goto finished
            fi
        :: else ->
            atomic {
                if
                :: permits == seen && waiters == flag && several == more ->
                    waiters = true; several = (several || WANTED(me) > 1); more = several; flag = true
                :: else -> seen = 255
                fi
            }
            if
            :: seen == 255
            :: else ->
                crash();
                atomic { asleep[me] = (permits == seen && waiters && several == more); seen = 0; flag = false; more = false }
                do
                :: !asleep[me] -> break
                :: me == 0 -> atomic { asleep[me] = false; leaves = true }; break
                :: crashes < MAX_CRASHES -> atomic { crashes++; dead[me] = true; asleep[me] = false; goto vanished }
                od;
                slept = true;
                if
                :: leaves -> goto pass_on
                :: else
                fi
            fi
        fi
    od;

pass_on:
    do
    :: atomic { seen = permits; flag = waiters; more = several };
        if
        :: seen > 0 && more -> wake_all(); break
        :: seen > 0 && !more -> wake_one(); break
        :: seen == 0 && flag -> break
        :: else ->
            atomic {
                if
                :: permits == seen && waiters == flag && several == more -> waiters = true; break
                :: else
                fi
            }
        fi
    od;

finished:
    atomic { seen = 0; flag = false; more = false; slept = false; leaves = false; running-- };
    goto done;
vanished:
    atomic { seen = 0; flag = false; more = false; slept = false; leaves = false; running-- };
done:
    skip
}

inline give(count) {
    atomic { flag = waiters; more = several; permits = permits + count; given = given + count; waiters = false }
    if
    :: flag && more -> wake_all()
    :: flag && !more && count == 1 -> wake_one()
    :: flag && !more && count > 1 -> wake_one(); wake_one()
    :: else
    fi;
    atomic { flag = false; more = false }
}

/* Brings four permits, and one or two more for each that a vanished taker may have taken with it. */
proctype Giver() {
    bool flag = false;
    bool more = false;
    byte again = 0;
    give(1);
    give(2);
    give(1);
end:
    do
    :: again < crashes -> again++; give(2)
    :: running == 0 -> break
    od
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
    goto done;
repair:
    wake_all();
    repaired[victim] = true;
    goto again;
done:
    skip
}

init {
    atomic { run Taker(0); run Taker(1); run Taker(2); run Giver(); run Repairer() }
}
