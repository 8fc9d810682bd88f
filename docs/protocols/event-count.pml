/*
 * The event count of docs/protocols/segment.md: a count and a bit that somebody waits, in one word, which is the futex.
 *
 * Two sleepers wait until all has happened that will; sleeper 0 may run out of time, and then looks again. Two advancers make
 * something happen, and count up. Each of the four may vanish at any step after which something differs for the others,
 * MAX_CRASHES in all: before what it does has happened, between that and the count, and between the count and the wake-up.
 * Repair counts up and wakes all, whatever the bit says.
 *
 * Checked: nobody sleeps for ever when all has happened (no invalid end state). With -DWAKES_ONLY repair wakes all and does not
 * count, with -DBY_THE_BIT it wakes only if the bit is set: Spin finds the sleeper that nobody wakes in both.
 */
#define SLEEPERS 2
#define ADVANCERS 2
#define N 4
#define MAX_CRASHES 2

byte count = 0;
bool waiters = false;
bool asleep[SLEEPERS];
bool dead[N];
bool repaired[N];
byte crashes = 0;
byte repairs = 0;
byte running = N;
byte happened = 0;
byte expected = ADVANCERS;

inline wake_all() {
    atomic { asleep[0] = false; asleep[1] = false }
}

proctype Sleeper(byte me) {
    byte seen;
    byte value;
    bool flag;

look:
    seen = count;
    if
    :: happened >= expected -> goto finished
    :: else
    fi;
again:
    atomic { value = count; flag = waiters };
    if
    :: value != seen -> goto look
    :: value == seen && flag
    :: value == seen && !flag ->
        atomic {
            if
            :: count == value && !waiters -> waiters = true
            :: else -> goto again
            fi
        }
    fi;
    if
    :: crashes < MAX_CRASHES -> goto vanishes
    :: true
    fi;
    asleep[me] = (count == seen && waiters); /* the kernel compares and puts to sleep in one step */
    do
    :: !asleep[me] -> break
    :: me == 0 -> asleep[me] = false; goto look
    :: crashes < MAX_CRASHES -> goto vanishes
    od;
    goto again;

vanishes:
    atomic { crashes++; dead[me] = true; asleep[me] = false };
finished:
    atomic { seen = 0; value = 0; flag = false; running-- }
}

proctype Advancer(byte me) {
    byte value;
    bool flag;

    if
    :: crashes < MAX_CRASHES -> atomic { expected--; crashes++; dead[me] = true; goto finished }
    :: true
    fi;
    happened++;
    if
    :: crashes < MAX_CRASHES -> atomic { crashes++; dead[me] = true; goto finished }
    :: true
    fi;
again:
    atomic { value = count; flag = waiters };
    atomic {
        if
        :: count == value && waiters == flag -> count++; waiters = false
        :: else -> goto again
        fi
    }
    if
    :: flag ->
        if
        :: crashes < MAX_CRASHES -> atomic { crashes++; dead[me] = true; goto finished }
        :: true
        fi;
        wake_all()
    :: else
    fi;
finished:
    atomic { value = 0; flag = false; running-- }
}

proctype Repairer() {
    byte victim;
    bool flag;

end:
    do
    :: dead[0] && !repaired[0] -> victim = 0; goto repair
    :: dead[1] && !repaired[1] -> victim = 1; goto repair
    :: dead[2] && !repaired[2] -> victim = 2; goto repair
    :: dead[3] && !repaired[3] -> victim = 3; goto repair
    :: running == 0 && repairs == crashes -> goto done
    od;
repair:
#ifdef WAKES_ONLY
    atomic { flag = true; waiters = false };
#else
    atomic { flag = waiters; count++; waiters = false };
#endif
#ifdef BY_THE_BIT
    if
    :: flag -> wake_all()
    :: else
    fi;
#else
    wake_all();
#endif
    atomic { repaired[victim] = true; repairs++ };
    goto end;
done:
    skip
}

init {
    atomic { run Sleeper(0); run Sleeper(1); run Advancer(2); run Advancer(3); run Repairer() }
}
