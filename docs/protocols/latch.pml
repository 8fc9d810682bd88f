/*
 * The latch and the manual event of docs/protocols/segment.md: what is to be counted, or how often it was set and whether it is, with a
 * bit that somebody waits, in one word, which is the futex.
 *
 * Two waiters, of whom one may run out of time, wait for the latch, then for the event. Two counters count the latch down from 2; the second
 * one, when all wait for the event, sets it and resets it at once. Each may vanish at any step after which something differs for the
 * others, MAX_CRASHES in all; what one that has vanished was to do another one does, from where it has stopped. Repair wakes all.
 *
 * Checked: nobody sleeps for ever (no invalid end state). With -DBY_THE_BIT a waiter of the event looks only whether it is set: Spin
 * finds him asleep after the reset.
 */
#define WAITERS 2
#define MAX_CRASHES 2

byte count = 2;
bool flag_count = false;
bool set = false;
byte sets = 0;
bool flag_set = false;
byte asleep[WAITERS]; /* 0 awake, 1 on the latch, 2 on the event */
byte crashes = 0;
byte running = WAITERS;
bool ready[WAITERS];
byte broken = 0;

inline wake_all(which) {
    atomic {
        if
        :: asleep[0] == which -> asleep[0] = 0
        :: else
        fi;
        if
        :: asleep[1] == which -> asleep[1] = 0
        :: else
        fi
    }
}

proctype Waiter(byte me) {
    byte value;
    byte seen;
    bool flag;

latch:
    atomic { value = count; flag = flag_count };
    if
    :: value == 0 -> goto event
    :: value > 0 && flag
    :: value > 0 && !flag ->
        atomic {
            if
            :: count == value && !flag_count -> flag_count = true
            :: else -> goto latch
            fi
        }
    fi;
    atomic { asleep[me] = (count == value && flag_count -> 1 : 0) };
    do
    :: asleep[me] == 0 -> goto latch
    :: me == 0 -> asleep[me] = 0; goto latch
    :: crashes < MAX_CRASHES -> goto vanishes
    od;

event:
    atomic { seen = sets; ready[me] = true };
again:
    atomic { value = sets; flag = flag_set };
    if
#ifdef BY_THE_BIT
    :: set -> goto finished
    :: !set && flag
    :: !set && !flag ->
#else
    :: set || value != seen -> goto finished
    :: !set && value == seen && flag
    :: !set && value == seen && !flag ->
#endif
        atomic {
            if
            :: sets == value && !set && !flag_set -> flag_set = true
            :: else -> goto again
            fi
        }
    fi;
    atomic { asleep[me] = (sets == value && !set && flag_set -> 2 : 0) };
    do
    :: asleep[me] == 0 -> goto again
    :: me == 0 -> asleep[me] = 0; goto again
    :: crashes < MAX_CRASHES -> goto vanishes
    od;

vanishes:
    atomic {
        crashes++;
        asleep[me] = 0;
        broken++;
        ready[me] = true
    };
finished:
    atomic { value = 0; seen = 0; flag = false; running-- }
}

proctype Counter(byte me) {
    byte value;
    bool flag;

again:
    atomic { value = count; flag = flag_count };
    atomic {
        if
        :: count == value && flag_count == flag ->
            count = value - 1;
            flag_count = (value > 1 && flag);
            flag = (value == 1 && flag)
        :: else -> goto again
        fi
    }
    if
    :: flag ->
        if
        :: crashes < MAX_CRASHES -> atomic { crashes++; broken++ } /* another one goes on */
        :: true -> wake_all(1)
        fi
    :: else
    fi;
    if
    :: me == 0 -> goto done
    :: me == 1 -> ready[0] && ready[1]
    fi;
set_it:
    atomic { value = sets; flag = flag_set };
    atomic {
        if
        :: sets == value && flag_set == flag -> sets++; set = true; flag_set = false
        :: else -> goto set_it
        fi
    }
    if
    :: flag ->
        if
        :: crashes < MAX_CRASHES -> atomic { crashes++; broken++ }
        :: true -> wake_all(2)
        fi
    :: else
    fi;
    set = false;
done:
    atomic { value = 0; flag = false }
}

proctype Repairer() {
end:
    do
    :: broken > 0 ->
        wake_all(1);
        wake_all(2);
        broken--
    od
}

init {
    atomic { run Waiter(0); run Waiter(1); run Counter(0); run Counter(1); run Repairer() }
}
