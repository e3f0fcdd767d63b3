"""The simulators: a frozen scenario in, a frozen trace out. Pure, deterministic, standard library only."""
