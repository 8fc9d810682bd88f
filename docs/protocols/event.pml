/*
 * The automatic event of docs/protocols/segment.md: set or not, and a bit that somebody waits, in one word, which is the futex.
 *
 * Three takers want it once each; taker 0 may run out of time, and goes without. A setter sets it again and again, as long as it is
 * not set and somebody is there. Takers and the setter may vanish at any step after which something differs for the others,
 * MAX_CRASHES in all; for a setter that has vanished another one comes. Repair wakes all.
 *
 * Checked: while it is set nobody sleeps whom nobody will wake (no invalid end state). With -DFORGETS
 * who takes it after a sleep does not sign again, with -DKEEPS who runs out of time passes nothing on: Spin finds the sleeper
 * that nobody wakes in both, with -DMAX_CRASHES=1 as well (who may still vanish is not stuck).
 */
#define N 3
#define SETTER 3
#ifndef MAX_CRASHES
#define MAX_CRASHES 2
#endif

bool set = false;
bool waiters = false;
bool asleep[N];
bool dead[N];
bool repaired[N];
bool setter_dead = false;
byte crashes = 0;
byte running = N;

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
    bool seen;
    bool flag;
    bool slept = false;
    bool leaves = false;

again:
    atomic { seen = set; flag = waiters };
    if
    :: seen ->
        atomic {
            if
            :: set && waiters == flag ->
                set = false;
#ifndef FORGETS
                waiters = (waiters || slept);
#endif
                seen = false
            :: else
            fi
        }
        if
        :: seen -> seen = false; goto again /* the compare-and-set failed */
        :: else -> goto finished
        fi
    :: !seen && !flag ->
        atomic {
            if
            :: !set && !waiters -> waiters = true
            :: else -> goto again
            fi
        }
    :: !seen && flag
    fi;
    if
    :: crashes < MAX_CRASHES -> goto vanishes
    :: true
    fi;
    asleep[me] = (!set && waiters); /* the kernel compares and puts to sleep in one step */
    do
    :: !asleep[me] -> break
    :: me == 0 -> atomic { asleep[me] = false; leaves = true }; break
    :: crashes < MAX_CRASHES -> goto vanishes
    od;
    slept = true;
    if
    :: crashes < MAX_CRASHES -> goto vanishes
    :: true
    fi;
    if
    :: !leaves -> goto again
    :: leaves
    fi;
#ifndef KEEPS
pass_on:
    atomic { seen = set; flag = waiters };
    if
    :: seen -> wake_one()
    :: !seen && flag
    :: !seen && !flag ->
        atomic {
            if
            :: !set && !waiters -> waiters = true
            :: else -> goto pass_on
            fi
        }
    fi;
#endif
    goto finished;

vanishes:
    atomic { crashes++; dead[me] = true; asleep[me] = false };
finished:
    atomic { seen = false; flag = false; slept = false; leaves = false; running-- }
}

proctype Setter() {
    bool seen;
    bool flag;

end:
    do
    :: running == 0 -> goto finished
    :: running > 0 && !set -> goto again
    od;
again:
    atomic { seen = set; flag = waiters };
    if
    :: seen -> goto end
    :: else
    fi;
    atomic {
        if
        :: !set && waiters == flag -> set = true; waiters = false
        :: else -> goto again
        fi
    }
    if
    :: flag ->
        if
        :: crashes < MAX_CRASHES ->
            atomic { crashes++; setter_dead = true };
            !setter_dead /* another one */
        :: true -> wake_one()
        fi
    :: else
    fi;
    goto end;
finished:
    skip
}

proctype Repairer() {
    byte victim;

end:
    do
    :: dead[0] && !repaired[0] -> victim = 0; goto repair
    :: dead[1] && !repaired[1] -> victim = 1; goto repair
    :: dead[2] && !repaired[2] -> victim = 2; goto repair
    :: setter_dead -> victim = SETTER; goto repair
    od;
repair:
    wake_all();
    atomic {
        if
        :: victim == SETTER -> setter_dead = false
        :: else -> repaired[victim] = true
        fi;
        victim = 0
    };
    goto end
}

init {
    atomic { run Taker(0); run Taker(1); run Taker(2); run Setter(); run Repairer() }
}
